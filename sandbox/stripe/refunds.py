"""Refunds, which travel as credit transfers and cost nothing; the fee of the debit stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.core.calendar import shift

from . import checks
from .const import REFUND_DAYS
from .errors import invalid, missing, refused
from .state import Row

if TYPE_CHECKING:
    from .engine import Engine

PHASE = 3
DAY = 24 * 3600


class Refunds:
    """Creates refunds, executes them when the charge has succeeded, and completes them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def charge(self, data: dict) -> Row:
        """The charge that the parameters name; ApiError 400."""
        state = self.engine.state
        if "charge" in data:
            charge = self.engine.find(state.charges, data["charge"], "charge")
            if (
                data.get("payment_intent", charge.doc["payment_intent"])
                != charge.doc["payment_intent"]
            ):
                raise invalid("The charge does not belong to the payment intent.", "charge")
            return charge
        if "payment_intent" not in data:
            raise missing("payment_intent")
        intent = self.engine.find(state.payment_intents, data["payment_intent"], "payment_intent")
        if not intent.doc["latest_charge"]:
            raise refused("This PaymentIntent does not have a successful charge to refund.")
        return state.charges.get(intent.doc["latest_charge"])

    def _check(self, charge: Row, amount: int | None) -> int:
        doc = charge.doc
        if doc["status"] == "failed":
            raise refused("This PaymentIntent does not have a successful charge to refund.")
        if doc["disputed"]:
            message = f"Charge {charge.id} has been charged back; cannot issue a refund."
            raise refused(message, "charge_disputed")
        if doc["status"] == "pending" and not self.engine.settings.refund_while_processing:
            raise refused("This charge cannot be refunded while it is pending.")
        if self.engine.now() - doc["created"] > REFUND_DAYS * DAY:
            raise refused(f"This charge is older than {REFUND_DAYS} days.", "charge_not_refundable")
        left = doc["amount"] - doc["amount_refunded"]
        if left <= 0:
            message = f"Charge {charge.id} has already been refunded."
            raise refused(message, "charge_already_refunded")
        amount = left if amount is None else amount
        if amount < 1:
            raise invalid("Invalid positive integer", "amount", "parameter_invalid_integer")
        if amount > left:
            message = (
                f"Refund amount (€{amount / 100:.2f}) is greater than unrefunded amount on charge "
                f"(€{left / 100:.2f})"
            )
            raise refused(message, None, "amount")
        return amount

    def create(self, data: dict) -> Row:
        """A refund from checked parameters; of a pending charge it waits for the bank's answer."""
        engine = self.engine
        charge = self.charge(data)
        amount = self._check(charge, data.get("amount"))
        doc = {
            "id": engine.world.ids.new("pyr_"),
            "object": "refund",
            "amount": amount,
            "balance_transaction": None,
            "charge": charge.id,
            "created": engine.now(),
            "currency": charge.doc["currency"],
            "customer": charge.doc["customer"],
            "destination_details": {"type": "sepa_bank_transfer"},
            "failure_balance_transaction": None,
            "metadata": checks.merged_metadata({}, data.get("metadata", {})),
            "payment_intent": charge.doc["payment_intent"],
            "payment_method": charge.doc["payment_method"],
            "pending_reason": "charge_pending" if charge.status == "pending" else "processing",
            "reason": data.get("reason"),
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "pending",
            "transfer_reversal": None,
        }
        row = engine.state.refunds.add(Row(doc))
        charge.doc["amount_refunded"] += amount
        charge.doc["refunded"] = charge.doc["amount_refunded"] == charge.doc["amount"]
        engine.events.emit("refund.created", row)
        if charge.status == "succeeded":
            engine.events.emit("charge.refunded", charge)
            self._execute(row)
        return row

    def _execute(self, row: Row) -> None:
        engine = self.engine
        entry = engine.treasury.move(row, -row.doc["amount"], "payment_refund", "refund")
        row.doc |= {"balance_transaction": entry.id, "pending_reason": "processing"}
        engine.totals.add("refunded", row.doc["amount"])
        days = engine.settings.refund_days
        if days:
            engine.world.agenda.add(
                shift(engine.world.clock.today, days), PHASE, self.complete, row
            )
        else:
            self.complete(row)

    def complete(self, row: Row) -> None:
        """Sent to the payer's bank; does nothing unless it is pending."""
        if row.status == "pending":
            row.doc |= {"status": "succeeded", "pending_reason": None}
            self._updated(row)

    def _updated(self, row: Row) -> None:
        self.engine.events.emit("refund.updated", row)
        self.engine.events.emit("charge.refund.updated", row)

    def charge_settled(self, charge: Row) -> None:
        """The bank answered: refunds that waited are executed, or void after a failure."""
        waiting = [
            row
            for row in self.engine.state.refunds.linked("charge", charge.id)
            if row.doc["pending_reason"] == "charge_pending"
        ]
        for row in waiting:
            if charge.status == "succeeded":
                self.engine.events.emit("charge.refunded", charge)
                self._execute(row)
            else:
                self._take_back(row, charge)
                row.doc |= {"status": "canceled", "pending_reason": None}
                self._updated(row)

    @staticmethod
    def _take_back(row: Row, charge: Row) -> None:
        charge.doc["amount_refunded"] -= row.doc["amount"]
        charge.doc["refunded"] = False

    def bounce(self, row: Row) -> None:
        """Refused by the payer's bank: the money is in the balance again.

        ValueError when the refund was not sent or failed before.
        """
        if row.status not in ("pending", "succeeded") or not row.doc["balance_transaction"]:
            raise ValueError(f"refund {row.id} is {row.status}")
        engine = self.engine
        charge = engine.state.charges.get(row.doc["charge"])
        entry = engine.treasury.move(row, row.doc["amount"], "refund_failure", "refund_failure")
        self._take_back(row, charge)
        row.doc |= {
            "status": "failed",
            "failure_reason": "unknown",
            "failure_balance_transaction": entry.id,
            "pending_reason": None,
        }
        engine.totals.add("refunded", -row.doc["amount"])
        engine.events.emit("refund.failed", row)
        engine.events.emit("charge.refund.updated", row)
