"""Life of direct debits: toprocess, processing, processed, and what banks send back.

With the default settings a debit is executed two working days after its creation at the earliest,
sent one working day before, returned five working days after and refunded twenty days after.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sandbox.core.calendar import roll_forward, shift
from sandbox.core.outcomes import PAID, Outcome, parse

from .const import CORE, CURRENCY, PAYMENT_TRANSITIONS
from .dates import day_of, midnight
from .errors import invalid, refused
from .money import amount, parse_amount
from .schema import LATIN, TEST_NAME
from .state import Mandate, Payment

if TYPE_CHECKING:
    from .engine import Engine

SEND, EXECUTE, LATER = 1, 2, 3
NAMES = {
    "successful": "paid",
    "penniless": "failed:AM04",
    "invalid": "failed:AC01",
    "late": "late:MS03",
    "fickle": "chargeback:MD06",
}
OPEN = ("toprocess", "toreplay")


class Payments:
    """Creates debits and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def check(self, values: dict, current: Payment | None = None) -> None:
        """Refusals that depend on the account; ``current`` is the payment being amended."""
        settings = self.engine.settings
        if (value := values.get("amount")) is not None:
            parse_amount(value)
        reference = values.get("reference")
        if reference and not re.fullmatch(settings.reference_pattern, reference):
            raise invalid("reference")
        if reference and settings.unique_payment_references:
            taken = self.engine.state.payments.where("reference", reference)
            if any(row is not current for row in taken):
                raise invalid("reference", "Duplicate payment reference")
        if settings.latin_labels and not LATIN.match(values.get("label", "")):
            raise invalid("label")
        if values.get("executionDate"):
            self.execution_day(values["executionDate"])

    def execution_day(self, asked: str | None) -> date:
        """The day of execution: what was asked, but a working day and not before the next one."""
        today, settings = self.engine.world.clock.today, self.engine.settings
        first = shift(today, settings.lead_days)
        if asked is None:
            return first
        day = day_of(asked)
        if day < today or (day < first and settings.early_dates == "refuse"):
            raise invalid("executionDate", "too early")
        return roll_forward(max(day, first))

    def check_mandate(self, mandate: Mandate, scheme: str) -> None:
        """Only an active mandate of the same scheme is debited, a one-off one once."""
        if mandate.doc["state"] != "active":
            raise refused(f"Mandate {mandate.reference} is {mandate.doc['state']}")
        if mandate.doc["paymentScheme"] != scheme:
            raise refused(f"Mandate {mandate.reference} has another payment scheme")
        live = self.engine.state.payments.where("mandate", mandate.id)
        dead = ("rejected", "notprocessed")
        if mandate.doc["sequenceType"] == "OOFF" and any(row.status not in dead for row in live):
            raise refused(f"Mandate {mandate.reference} was for one payment")

    def create(self, mandate: Mandate, values: dict, state: str = "accepted") -> Payment:
        """A debit of checked ``values``; a ``state`` other than accepted is never executed."""
        engine = self.engine
        asked = values.get("executionDate")
        past = asked is not None and day_of(asked) < engine.world.clock.today
        day = self.execution_day(None if past else asked)
        number = engine.world.ids.number("payment")
        cents = parse_amount(values["amount"])
        doc = {
            "id": engine.new_id(),
            "scheme": values.get("scheme", CORE),
            "reference": values.get("reference") or f"SDD-EXE-{day:%Y%m%d}-{number}",
            "direction": "IN",
            "amount": amount(cents),
            "currency": CURRENCY,
            "label": values.get("label"),
            "sequenceType": mandate.doc["sequenceType"],
            "state": state,
            "executionStatus": "toprocess" if state == "accepted" else "notprocessed",
            "replayCount": 0,
            "executionDate": midnight(day),
            "dateCreated": engine.now(),
            "confirmed": False,
            "correlationId": values.get("correlationId"),
        }
        row = Payment(doc, mandate.id, mandate.subscriber, cents, day)
        engine.state.payments.add(row)
        engine.note("payments", row, "created")
        if state == "accepted":
            self._plan(row)
        return row

    def _plan(self, row: Payment) -> None:
        row.attempt += 1
        clock, settings = self.engine.world.clock, self.engine.settings
        sending = max(shift(clock.today, 1), shift(row.day, -settings.processing_days))
        self.later(row, min(sending, row.day), self.send, SEND)

    def later(self, row: Payment, day: date, action, phase: int = LATER) -> None:
        """Plan ``action(row)`` unless the payment is planned anew or moves meanwhile."""
        status = row.status
        self.engine.world.agenda.add(day, phase, self._due, row, row.attempt, status, action)

    @staticmethod
    def _due(row: Payment, attempt: int, status: str, action) -> None:
        if row.attempt == attempt and row.status == status:
            action(row)

    def move(self, row: Payment, status: str) -> None:
        """Change the status; ValueError when the transition does not exist."""
        if (row.status, status) not in PAYMENT_TRANSITIONS:
            raise ValueError(f"payment {row.id} cannot go from {row.status} to {status}")
        row.doc["executionStatus"] = status
        row.doc["dateModified"] = self.engine.now()
        self.engine.note("payments", row, status)
        self.engine.notices.payment_moved(row)

    def mandate(self, row: Payment) -> Mandate:
        """The mandate of the payment."""
        return self.engine.state.mandates.get(row.mandate)

    def send(self, row: Payment) -> None:
        """Hand over to the clearing; from now on it cannot be cancelled."""
        self.move(row, "processing")
        mandate = self.mandate(row)
        row.outcome = self._decide(row, mandate)
        self.later(row, max(row.day, self.engine.world.clock.today), self.execute, EXECUTE)

    def _decide(self, row: Payment, mandate: Mandate) -> Outcome:
        if mandate.doc["state"] != "active":
            return Outcome("failed", "MD01")
        attempt = f"{row.id}/{row.doc['replayCount']}"
        if found := self.engine.world.outcomes.decide(row.subscriber, mandate.payer, attempt):
            return found
        if test := TEST_NAME.match(mandate.signatory.get("familyName") or ""):
            return Outcome("failed", test[1])
        name = mandate.signatory.get("givenName") or ""
        if token := NAMES.get(name.casefold()):
            return parse(token)
        try:
            return parse(name)
        except ValueError:
            return PAID

    def execute(self, row: Payment) -> None:
        """The day of execution: the money moves, or the bank refuses."""
        if row.outcome.kind == "failed":
            self.reject(row, row.outcome.code)
            return
        engine, today = self.engine, self.engine.world.clock.today
        self.move(row, "processed")
        row.doc["dateBooked"] = midnight(today)
        row.doc["dateValued"] = midnight(shift(today, 1))
        engine.treasury.collected(row)
        settings = engine.settings
        if row.outcome.kind == "late":
            self.later(row, shift(row.day, settings.late_days), self.return_planned)
        elif row.outcome.kind == "chargeback":
            self.later(row, shift(row.day, settings.chargeback_days), self.refund_planned)

    def reject(self, row: Payment, code: str) -> None:
        """Refused before the money moved; tried again when the account has automatic retries."""
        engine, settings = self.engine, self.engine.settings
        replays = (
            settings.auto_retry
            and code in settings.auto_retry_codes.split(",")
            and row.doc["replayCount"] < settings.auto_retry_max
        )
        self.move(row, "toreplay" if replays else "rejected")
        engine.issues.create(row, "rejects", code)
        engine.treasury.rejected(row, code)
        if replays:
            row.day = shift(engine.world.clock.today, settings.auto_retry_days)
            row.doc["executionDate"] = midnight(row.day)
            self.later(row, shift(row.day, -settings.processing_days), self.replay, SEND)

    def replay(self, row: Payment) -> None:
        """SlimPay's own new attempt, under the same id."""
        self.move(row, "toprocess")
        row.doc["replayCount"] += 1
        self._plan(row)

    def return_planned(self, row: Payment) -> None:
        """Returned as it was planned."""
        self.give_back(row, "returns", row.outcome.code)

    def refund_planned(self, row: Payment) -> None:
        """Refunded to the payer as it was planned."""
        self.give_back(row, "refunds", row.outcome.code)

    def give_back(self, row: Payment, kind: str, code: str) -> None:
        """The payer's bank takes the money back: ``kind`` is returns or refunds."""
        settings = self.engine.settings
        status = settings.returned_status if kind == "returns" else settings.refunded_status
        self.move(row, status)
        self.engine.issues.create(row, kind, code, settings.bank_fee)
        self.engine.treasury.given_back(row, kind, code)

    def may_cancel(self, row: Payment) -> bool:
        """Whether the link to cancel is still there."""
        last = shift(row.day, -self.engine.settings.cancel_days)
        return row.status in OPEN and self.engine.world.clock.today <= last

    def cancel(self, row: Payment) -> None:
        """Cancelled by the merchant, who may see an issue FOCR for it."""
        self.move(row, "notprocessed")
        if self.engine.settings.focr_issues:
            self.engine.issues.create(row, "requestForCancellation", "FOCR")

    def amend(self, row: Payment, values: dict) -> None:
        """Change what was checked before."""
        if reference := values.get("reference"):
            self.engine.state.payments.rename(row, reference)
        if "amount" in values:
            row.cents = parse_amount(values["amount"])
            row.doc["amount"] = amount(row.cents)
        if "label" in values:
            row.doc["label"] = values["label"]
        if "executionDate" in values:
            row.day = self.execution_day(values["executionDate"])
            row.doc["executionDate"] = midnight(row.day)
            self._plan(row)
        row.doc["dateModified"] = self.engine.now()
