"""Refunds: credit transfers to payers who were debited before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from sandbox.core.calendar import shift

from .const import CURRENCY, TRANSFER
from .dates import midnight
from .errors import refused
from .money import amount, parse_amount
from .state import Mandate, Payment

if TYPE_CHECKING:
    from .engine import Engine

NOT_PAID = ("rejected", "notprocessed")
SEND, EXECUTE = 1, 2


class Payouts:
    """Creates refunds; they can be neither cancelled nor changed."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def check(self, mandate: Mandate, cents: int) -> None:
        """Active mandate, enough debited and not given back yet, enough funds; else refused."""
        if mandate.doc["state"] != "active":
            raise refused(f"Mandate {mandate.reference} is {mandate.doc['state']}")
        if cents > self.refundable(mandate):
            raise refused("The amount exceeds what was debited from this account")
        if cents > self.engine.treasury.available():
            raise refused("The available funds are not sufficient")

    def refundable(self, mandate: Mandate) -> int:
        """Cents debited within the months of the rule, less the refunds made."""
        settings, today = self.engine.settings, self.engine.world.clock.today
        oldest = today - relativedelta(months=settings.refund_months)
        last = shift(today + timedelta(days=1), -1 - settings.refund_wait_days)
        rows = self.engine.state.payments.where("mandate", mandate.id)
        debited = sum(
            row.cents
            for row in rows
            if row.doc["direction"] == "IN"
            and row.status == "processed"
            and oldest <= row.day <= last
        )
        given = sum(
            row.cents
            for row in rows
            if row.doc["direction"] == "OUT" and row.status not in NOT_PAID
        )
        return debited - given

    def refunds_of(self, row: Payment) -> list[Payment]:
        """The refunds that name this debit."""
        return [
            other
            for other in self.engine.state.payments.where("mandate", row.mandate)
            if other.refunded_reference is not None and other.refunded_reference == row.reference
        ]

    def refunded(self, row: Payment) -> Payment | None:
        """The debit of the same mandate that a refund names."""
        named = self.engine.state.payments.where("reference", row.refunded_reference)
        return next((other for other in named if other.mandate == row.mandate), None)

    def create(self, mandate: Mandate, values: dict) -> Payment:
        """A refund that leaves tomorrow, out of the available funds at once."""
        engine = self.engine
        day = shift(engine.world.clock.today, 1)
        number = engine.world.ids.number("payment")
        cents = parse_amount(values["amount"])
        doc = {
            "id": engine.new_id(),
            "scheme": TRANSFER,
            "reference": values.get("reference") or f"SCT-EXE-{day:%Y%m%d}-{number}",
            "direction": "OUT",
            "category": "refund",
            "amount": amount(cents),
            "currency": CURRENCY,
            "label": values.get("label"),
            "state": "accepted",
            "executionStatus": "toprocess",
            "replayCount": 0,
            "executionDate": midnight(day),
            "dateCreated": engine.now(),
            "confirmed": False,
            "correlationId": values.get("correlationId"),
        }
        row = Payment(doc, mandate.id, mandate.subscriber, cents, day)
        row.refunded_reference = values.get("correlationId")
        engine.state.payments.add(row)
        engine.note("payments", row, "created")
        engine.treasury.refunded(row)
        engine.payments.later(row, day, self.send, SEND)
        return row

    def send(self, row: Payment) -> None:
        """Hand over to the clearing."""
        self.engine.payments.move(row, "processing")
        self.engine.payments.later(row, row.day, self.execute, EXECUTE)

    def execute(self, row: Payment) -> None:
        """The payer has the money."""
        self.engine.payments.move(row, "processed")
        row.doc["dateBooked"] = row.doc["dateValued"] = midnight(row.day)
