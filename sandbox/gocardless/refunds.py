"""Life of refunds, which travel outside the direct debit scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.core.calendar import shift

from .state import Payment, Row

if TYPE_CHECKING:
    from .engine import Engine

PHASE = 3


class Refunds:
    """Creates refunds, sends them a working day later and pays them a day after that."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, payment: Payment, values: dict) -> Row:
        """A refund of a collected payment; ``values`` are checked parameters of the API."""
        engine = self.engine
        doc = {
            "id": engine.world.ids.new("RF"),
            "created_at": engine.world.clock.now(),
            "amount": values["amount"],
            "currency": payment.doc["currency"],
            "reference": values.get("reference"),
            "metadata": values.get("metadata", {}),
            "status": "pending_submission",
            "fx": engine.no_fx(payment.doc["currency"]),
            "links": {"payment": payment.id, "mandate": payment.doc["links"]["mandate"]},
        }
        row = engine.state.refunds.add(Row(doc))
        payment.doc["amount_refunded"] += values["amount"]
        engine.totals.add("refunded", values["amount"])
        engine.events.emit("refunds", row, "created", "refund_created", origin="api")
        today = engine.world.clock.today
        engine.world.agenda.add(shift(today, 1), PHASE, self.submit, row)
        engine.world.agenda.add(shift(today, 2), PHASE, self.pay, row)
        return row

    def submit(self, row: Row) -> None:
        """Sent to the bank."""
        if row.status == "pending_submission":
            row.doc["status"] = "submitted"

    def pay(self, row: Row) -> None:
        """Received by the payer; debited from the next payout."""
        if row.status not in ("pending_submission", "submitted"):
            return
        row.doc["status"] = "paid"
        self.engine.events.emit("refunds", row, "paid", "refund_paid")
        self.engine.treasury.refund(row, -1, "payment_refunded", "refund_settled")

    def bounce(self, row: Row) -> None:
        """Refused by the payer's bank; the money comes back with a payout.

        ValueError when it did so before.
        """
        if row.status == "bounced":
            raise ValueError(f"refund {row.id} has bounced before")
        paid = row.status == "paid"
        row.doc["status"] = "bounced"
        payment = self.engine.state.payments.get(row.doc["links"]["payment"])
        payment.doc["amount_refunded"] -= row.doc["amount"]
        self.engine.totals.add("refunded", -row.doc["amount"])
        self.engine.events.emit("refunds", row, "failed", "refund_failed", origin="bank")
        if paid:
            self.engine.treasury.refund(row, 1, "refund_funds_returned", "funds_returned")
