"""Payment intents: created, confirmed off session, answered by the bank some days later.

Confirmed D; debited D+1 or on a later target date; refused three working days after the debit, or
succeeded five days after it (T+6, https://docs.stripe.com/payments/sepa-debit).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sandbox.core.calendar import roll_forward, shift
from sandbox.core.outcomes import PAID, Outcome, parse

from . import charges, checks, intents
from .confirmation import Confirmation, Plan
from .const import CANCELABLE, CURRENCY, DELAYED_IBANS, MAX_AMOUNT, METHOD, TEST_IBANS
from .errors import ApiError, invalid, not_offered
from .reasons import failure, stripe_code
from .state import Dispute, Intent, Mandate, PaymentMethod, Row

if TYPE_CHECKING:
    from .engine import Engine

DEBIT, RESULT, LATER = 1, 2, 3


class Payments:
    """Creates payment intents and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.confirmation = Confirmation(engine)

    def check_amount(self, amount: int) -> None:
        """ApiError 400 for an amount that cannot be debited."""
        settings = self.engine.settings
        if amount < settings.min_amount:
            message = f"Amount must be at least €{settings.min_amount / 100:.2f}"
            raise invalid(message, "amount", "amount_too_small")
        if amount > MAX_AMOUNT:
            raise invalid("Amount must be no more than €999,999.99", "amount", "amount_too_large")

    def _check(self, data: dict) -> None:
        """ApiError 400 for what no SEPA debit may have."""
        if "amount" in data:
            self.check_amount(data["amount"])
        if data.get("currency", CURRENCY).lower() != CURRENCY:
            raise invalid("SEPA debits are in euros.", "currency")
        if data.get("capture_method") == "manual":
            raise invalid("SEPA debits cannot be captured manually.", "capture_method")
        if data.get("confirmation_method") == "manual":
            raise not_offered("manual confirmation", "confirmation_method")
        if customer := data.get("customer"):
            self.engine.customers.find(customer)
        checks.statement_descriptor(data.get("statement_descriptor"))

    def create(self, data: dict) -> Intent:
        """A payment intent from checked parameters, confirmed at once when they say so."""
        engine = self.engine
        self._check(data)
        if not data.get("confirm"):
            for name in ("mandate", "mandate_data", "off_session", "return_url"):
                if name in data:
                    raise invalid(f"{name} can only be used with confirm=true.", name)
        row = Intent(intents.document(engine, data))
        plan = None
        if data.get("confirm"):
            # Refused as a whole: nothing is stored before everything was checked.
            plan = self.confirmation.check(row, data)
        elif identity := data.get("payment_method"):
            method = engine.methods.find(identity)
            types = row.doc["payment_method_types"]
            engine.methods.usable(method, data.get("customer"), types)
            row.doc |= {"payment_method": method.id, "status": "requires_confirmation"}
        engine.state.payment_intents.add(row)
        engine.events.emit("payment_intent.created", row)
        if plan:
            self._process(row, plan)
        return row

    def confirm(self, row: Intent, data: dict) -> Intent:
        """Confirm an intent that was created before."""
        self._process(row, self.confirmation.check(row, data))
        return row

    def _process(self, row: Intent, plan: Plan) -> None:
        engine = self.engine
        method = plan.method
        mandate = self.confirmation.mandate(row, plan)
        charge = charges.create(engine, row, method, mandate)
        row.attempt += 1
        row.mandate = mandate.id
        row.doc |= {
            "payment_method": method.id,
            "latest_charge": charge.id,
            "last_payment_error": None,
            "status": "processing",
        }
        row.outcome = self._decide(row, method, mandate)
        if row.outcome.kind == "failed":
            code = stripe_code(row.outcome.code)
            if engine.settings.refuses_at_once(code):
                self.fail(row, row.outcome.code)
                raise ApiError(
                    402,
                    "card_error",
                    failure(code).message,
                    code=code,
                    charge=charge.id,
                    payment_intent=row.doc,
                )
        engine.events.emit("charge.pending", charge)
        engine.events.emit("payment_intent.processing", row)
        if mandate.doc["type"] == "single_use":
            engine.mandates.end(mandate)
        self._plan(row, method, plan.target)

    def _decide(self, row: Intent, method: PaymentMethod, mandate: Mandate) -> Outcome:
        engine = self.engine
        customer = engine.state.customers.get(row.doc["customer"] or "")
        holder = method.doc["billing_details"]["name"] or ""
        names = [holder, customer.doc["name"] or "" if customer else ""]
        words = [word for name in names for word in name.split()]
        keys = [
            ("mandate", mandate.id),
            ("mandate", mandate.doc["payment_method_details"][METHOD]["reference"]),
            ("iban", method.iban),
            ("customer", row.doc["customer"] or ""),
            *(("customer_name", name) for name in (*names, *words) if name),
        ]
        payer = row.doc["customer"] or method.id
        found = engine.world.outcomes.decide(payer, keys, f"{row.id}/{row.attempt}")
        if found:
            return found
        if token := TEST_IBANS.get(method.iban):
            return parse(token)
        try:
            return parse(words[0]) if words else PAID
        except ValueError:
            return PAID

    def _plan(self, row: Intent, method: PaymentMethod, target: date | None) -> None:
        engine, settings = self.engine, self.engine.settings
        today = engine.world.clock.today
        if settings.instant and method.iban in TEST_IBANS:
            row.debit_day = today
            if method.iban in DELAYED_IBANS:
                self._later(row, today + timedelta(days=1), self.answer, RESULT)
            else:
                engine.later(self._due, row, row.attempt, self.answer)
            return
        submitted = shift(today, settings.submission_days)
        row.debit_day = submitted
        if target:
            wanted = roll_forward(target)
            if settings.target_date_shift:
                wanted = shift(wanted, settings.target_date_shift)
            row.debit_day = max(submitted, wanted)
        self._later(row, submitted, self.announce, DEBIT)
        failed = row.outcome.kind == "failed"
        days = settings.failure_days if failed else settings.success_days
        self._later(row, shift(row.debit_day, days), self.answer, RESULT)

    def _later(self, row: Intent, day: date, action, phase=LATER) -> None:
        # What is past due, after a shortcut, happens tomorrow.
        day = max(day, self.engine.world.clock.today + timedelta(days=1))
        self.engine.world.agenda.add(day, phase, self._due, row, row.attempt, action)

    def _due(self, row: Intent, attempt: int, action) -> None:
        if row.attempt == attempt and row.status == STARTS[action.__name__]:
            action(row)

    def charge(self, row: Intent) -> Row:
        """The latest charge of the intent; ValueError when it was never confirmed."""
        if not row.doc["latest_charge"]:
            raise ValueError(f"payment intent {row.id} was never confirmed")
        return self.engine.state.charges.get(row.doc["latest_charge"])

    def announce(self, row: Intent) -> None:
        """Sent to the bank: the date of the debit is known."""
        charges.announce(self.engine, self.charge(row), row.debit_day)

    def answer(self, row: Intent) -> None:
        """The bank's answer, or its silence, which is a success."""
        if row.outcome.kind == "failed":
            self.fail(row, row.outcome.code)
        else:
            self.succeed(row)

    def succeed(self, row: Intent) -> None:
        """Collected as far as anyone knows today; plans what comes after."""
        if row.status != "processing":
            raise ValueError(f"payment intent {row.id} is {row.status}")
        engine, settings = self.engine, self.engine.settings
        charges.succeed(engine, self.charge(row))
        row.doc |= {"status": "succeeded", "amount_received": row.doc["amount"]}
        engine.totals.add("collected", row.doc["amount"])
        engine.events.emit("payment_intent.succeeded", row)
        if row.outcome.kind in ("late", "chargeback"):
            if settings.instant:
                engine.later(self._due, row, row.attempt, self.dispute)
                return
            days = settings.late_days if row.outcome.kind == "late" else settings.dispute_days
            self._later(row, shift(row.debit_day, days), self.dispute)

    def fail(self, row: Intent, code: str) -> None:
        """Refused by the bank with ``code``, the bank's or Stripe's."""
        if row.status != "processing":
            raise ValueError(f"payment intent {row.id} is {row.status}")
        engine = self.engine
        charge = self.charge(row)
        method = engine.state.payment_methods.get(row.doc["payment_method"])
        charges.fail(engine, charge, code)
        reason = failure(stripe_code(code))
        row.doc |= {
            "status": "requires_payment_method",
            "payment_method": None,
            "last_payment_error": {
                "charge": charge.id,
                "code": "payment_intent_payment_attempt_failed",
                "doc_url": "https://docs.stripe.com/error-codes/",
                "message": reason.message,
                "payment_method": dict(method.doc),
                "type": "invalid_request_error",
            },
        }
        engine.events.emit("payment_intent.payment_failed", row)
        if reason.kills_mandate:
            engine.mandates.end(engine.state.mandates.get(row.mandate))

    def dispute(self, row: Intent) -> Dispute:
        """Taken back by the payer or the bank after it succeeded: always a dispute."""
        outcome = row.outcome
        late = outcome.kind == "late"
        return self.engine.disputes.create(self.charge(row), outcome.code or "MD06", late)

    def cancel(self, row: Intent, reason: str | None) -> Intent:
        """Cancel an intent that is not at the bank."""
        if row.status not in CANCELABLE:
            raise intents.unexpected_state(row, "cancel")
        row.doc |= {
            "status": "canceled",
            "canceled_at": self.engine.now(),
            "cancellation_reason": reason,
        }
        self.engine.events.emit("payment_intent.canceled", row)
        return row

    def update(self, row: Intent, data: dict) -> Intent:
        """Change an intent; amount, customer and method only before it is confirmed."""
        engine = self.engine
        values = dict(data)
        fixed = {"amount", "currency", "customer", "payment_method", "statement_descriptor"}
        if set(values) & fixed and row.status not in CANCELABLE:
            raise intents.unexpected_state(row, "update")
        self._check(values)
        if identity := values.pop("payment_method", None):
            method = engine.methods.find(identity)
            owner = values.get("customer") or row.doc["customer"]
            engine.methods.usable(method, owner, row.doc["payment_method_types"])
            values |= {"payment_method": method.id, "status": "requires_confirmation"}
        engine.update(row, values)
        return row


# From which status each planned action may start.
STARTS = {
    "announce": "processing",
    "answer": "processing",
    "dispute": "succeeded",
}
