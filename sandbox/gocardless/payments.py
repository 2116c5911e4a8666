"""Life of payments, from the creation to the chargeback, on the timetable of SEPA.

Created D; submitted D+1, or two working days before a later charge date; confirmed or failed one
working day after the charge date; paid out two working days later.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sandbox.core.calendar import roll_forward, shift
from sandbox.core.outcomes import PAID, Outcome, parse

from .const import MAX_RETRIES, PAYMENT_TRANSITIONS, SCHEME
from .reasons import SOFT, failure
from .state import Mandate, Payment

if TYPE_CHECKING:
    from .engine import Engine

SUBMIT, RESULT, LATER = 1, 2, 3
# Given names of payers, as in GoCardless' sandbox.
NAMES = {
    "successful": "paid",
    "penniless": "failed:AM04",
    "invalid": "failed:AC01",
    "late": "late:MS03",
    "fickle": "chargeback:MD06",
}
# The payment of a mandate that dies at the bank cannot succeed any more.
DISPUTE_CAUSES = {"MD06": "refund_requested", "MD01": "mandate_cancelled"}


class Payments:
    """Creates payments and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, mandate: Mandate, values: dict) -> Payment:
        """A payment ``pending_submission``; ``values`` are checked parameters of the API."""
        engine = self.engine
        charge_date = roll_forward(
            date.fromisoformat(values.get("charge_date") or engine.first_charge_date())
        )
        doc = {
            "id": engine.world.ids.new("PM"),
            "created_at": engine.world.clock.now(),
            "charge_date": charge_date.isoformat(),
            "amount": values["amount"],
            "description": values.get("description"),
            "currency": values["currency"],
            "status": "pending_submission",
            "amount_refunded": 0,
            "reference": values.get("reference"),
            "metadata": values.get("metadata", {}),
            "retry_if_possible": values.get("retry_if_possible", False),
            "faster_ach": False,
            "scheme": SCHEME,
            "fx": engine.no_fx(values["currency"]),
            "links": {"mandate": mandate.id, "creditor": engine.creditor.id},
        }
        row = engine.state.payments.add(Payment(doc, customer=mandate.doc["links"]["customer"]))
        engine.events.emit("payments", row, "created", "payment_created", origin="api")
        self._plan(row)
        return row

    def _plan(self, row: Payment) -> None:
        today = self.engine.world.clock.today
        charge_date = date.fromisoformat(row.doc["charge_date"])
        day = max(shift(today, 1), shift(charge_date, -2))
        self.engine.world.agenda.add(day, SUBMIT, self._due, row, row.attempt, self.submit)

    def _later(self, row: Payment, day: date, action, phase=LATER) -> None:
        self.engine.world.agenda.add(day, phase, self._due, row, row.attempt, action)

    def _due(self, row: Payment, attempt: int, action) -> None:
        # Plans of a cancelled payment or of a former attempt are void.
        if row.attempt == attempt and row.status in STARTS[action.__name__]:
            action(row)

    def move(self, row: Payment, status: str) -> None:
        """Change the status; ValueError when the transition does not exist."""
        if (row.status, status) not in PAYMENT_TRANSITIONS:
            raise ValueError(f"payment {row.id} cannot go from {row.status} to {status}")
        row.doc["status"] = status

    def mandate(self, row: Payment) -> Mandate:
        """The mandate of the payment."""
        return self.engine.state.mandates.get(row.doc["links"]["mandate"])

    def submit(self, row: Payment) -> None:
        """Send to the bank, with the mandate when it is the first payment."""
        mandate = self.mandate(row)
        self.engine.mandates.submit(mandate)
        self.move(row, "submitted")
        self.engine.events.emit("payments", row, "submitted", "payment_submitted")
        row.outcome = self._decide(row, mandate)
        self._later(row, shift(date.fromisoformat(row.doc["charge_date"]), 1), self.answer, RESULT)

    def _decide(self, row: Payment, mandate: Mandate) -> Outcome:
        attempt = f"{row.id}/{row.attempt}"
        found = self.engine.world.outcomes.decide(row.customer, mandate.payer, attempt)
        if found:
            return found
        customer = self.engine.state.customers.get(row.customer)
        name = customer.doc["given_name"] or ""
        if token := NAMES.get(name.casefold()):
            return parse(token)
        try:
            return parse(name)
        except ValueError:
            return PAID

    def answer(self, row: Payment) -> None:
        """The bank's answer, or its silence, which is a confirmation."""
        if row.outcome.kind == "failed":
            self.fail(row, row.outcome.code)
        else:
            self.confirm(row)

    def confirm(self, row: Payment) -> None:
        """Collected as far as anyone knows today; plans what comes after."""
        engine = self.engine
        engine.mandates.activate(self.mandate(row))
        self.move(row, "confirmed")
        engine.totals.add("collected", row.doc["amount"])
        engine.events.emit("payments", row, "confirmed", "payment_confirmed")
        charged = date.fromisoformat(row.doc["charge_date"])
        self._later(row, shift(charged, 3), self.queue_payout)
        days = engine.settings
        if row.outcome.kind == "late":
            self._later(row, shift(charged, days.late_days), self.fail_late)
        elif row.outcome.kind == "chargeback":
            self._later(row, shift(charged, days.chargeback_days), self.charge_back)

    def queue_payout(self, row: Payment) -> None:
        """Put into the next payout."""
        self.engine.treasury.credit(row)

    def fail(self, row: Payment, code: str) -> None:
        """Refused by the bank with ``code``, in time or late."""
        engine, mandate, reason = self.engine, self.mandate(row), failure(code)
        if not reason.kills_mandate:
            engine.mandates.activate(mandate)
        collected = row.status in ("confirmed", "paid_out")
        retries = self._will_autoretry(row, code) and not collected
        details = {"will_attempt_retry": retries}
        if row.doc["retry_if_possible"] and not retries:
            details["not_retried_reason"] = "failure_filter_applied"
        self.move(row, "failed")
        engine.events.emit(
            "payments",
            row,
            "failed",
            reason.cause,
            origin="bank",
            code=code,
            description=reason.description,
            **details,
        )
        if collected:
            engine.totals.add("late_failed", row.doc["amount"])
            engine.treasury.take_back(row, "payment_failed", "late_failure_settled")
        if retries:
            day = shift(engine.world.clock.today, engine.settings.autoretry_days)
            self._later(row, day, self.auto_retry)
        if reason.kills_mandate and mandate.status in ("submitted", "active"):
            engine.mandates.refuse(mandate, code)

    def fail_late(self, row: Payment) -> None:
        """Refused after it was confirmed."""
        self.fail(row, row.outcome.code)

    def charge_back(self, row: Payment) -> None:
        """Given back by the payer's bank, within 8 weeks (MD06) or as unauthorised (MD01)."""
        code = row.outcome.code
        self.move(row, "charged_back")
        self.engine.totals.add("charged_back", row.doc["amount"])
        self.engine.events.emit(
            "payments",
            row,
            "charged_back",
            DISPUTE_CAUSES.get(code, failure(code).cause),
            origin="bank",
            code=code,
            description=failure(code).description,
        )
        self.engine.treasury.take_back(row, "payment_charged_back", "chargeback_settled")
        mandate = self.mandate(row)
        if failure(code).kills_mandate and mandate.status == "active":
            self.engine.mandates.refuse(mandate, code)

    def cancel_chargeback(self, row: Payment) -> None:
        """The payer's bank reversed the chargeback: the money comes again."""
        self.move(row, "confirmed")
        self.engine.totals.add("charged_back", -row.doc["amount"])
        self.engine.events.emit(
            "payments", row, "chargeback_cancelled", "chargeback_cancelled", origin="bank"
        )
        self._later(row, shift(self.engine.world.clock.today, 2), self.queue_payout)

    def cancel(self, row: Payment, origin="api", cause="payment_cancelled", **more) -> None:
        """Cancelled before it was submitted."""
        self.move(row, "cancelled")
        self.engine.events.emit("payments", row, "cancelled", cause, origin=origin, **more)

    def _will_autoretry(self, row: Payment, code: str) -> bool:
        return (
            self.engine.settings.success_plus
            and row.doc["retry_if_possible"]
            and code in SOFT
            and row.attempt <= MAX_RETRIES
        )

    def auto_retry(self, row: Payment) -> None:
        """Success+ tries again, unless the mandate ended meanwhile."""
        if self.mandate(row).status in ("submitted", "active"):
            self.retry(row, None, "gocardless", "payment_autoretried")

    def retry(self, row: Payment, charge_date: str | None, origin: str, cause: str) -> None:
        """A new attempt under the same id."""
        day = date.fromisoformat(charge_date or self.engine.first_charge_date())
        self.move(row, "pending_submission")
        row.attempt += 1
        row.outcome = None
        row.settlement = ""
        row.doc["charge_date"] = roll_forward(day).isoformat()
        row.doc["links"].pop("payout", None)
        self.engine.events.emit("payments", row, "resubmission_requested", cause, origin=origin)
        self._plan(row)

    def mandate_ended(self, mandate: Mandate, event: str, origin: str, cause: str, code) -> None:
        """Cancel what can be cancelled; what is at the bank fails when the bank ended it."""
        for row in self.engine.state.payments.linked("mandate", mandate.id):
            if row.status == "pending_submission":
                self.cancel(row, origin, cause, code=code, links={"parent_event": event})
            elif row.status == "submitted" and code:
                row.outcome = Outcome("failed", code)


# From which status each planned action may start.
STARTS = {
    "submit": {"pending_submission"},
    "answer": {"submitted"},
    "queue_payout": {"confirmed"},
    "fail_late": {"confirmed", "paid_out"},
    "charge_back": {"confirmed", "paid_out"},
    "auto_retry": {"failed"},
}
