"""Disputes: whatever is taken back after a debit succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stripe

from sandbox.core.calendar import shift

from . import reasons
from .errors import refused
from .state import Dispute, Row

if TYPE_CHECKING:
    from .engine import Engine

PHASE = 3
EVIDENCE = tuple(stripe.Dispute.Evidence.__annotations__)


class Disputes:
    """Creates disputes and closes them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, charge: Row, code: str, late: bool = False) -> Dispute:
        """A dispute of ``charge`` for the bank's ``code``; the funds are withdrawn at once.

        ``late``: the bank returned it, not the payer; the balance sheet keeps them apart.
        ValueError when the charge did not succeed or is disputed already.
        """
        engine, settings = self.engine, self.engine.settings
        if charge.status != "succeeded" or charge.doc["disputed"]:
            raise ValueError(f"charge {charge.id} cannot be disputed")
        doc = {
            "id": engine.world.ids.new("du_"),
            "object": "dispute",
            "amount": charge.doc["amount"],
            "balance_transactions": [],
            "charge": charge.id,
            "created": engine.now(),
            "currency": charge.doc["currency"],
            "enhanced_eligibility_types": [],
            "evidence": dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}},
            "evidence_details": {
                "due_by": None,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": charge.doc["payment_intent"],
            "reason": settings.dispute_reason or reasons.dispute_reason(code),
            "status": settings.dispute_status,
        }
        row = engine.state.disputes.add(Dispute(doc, "late_failed" if late else "charged_back"))
        charge.doc["disputed"] = True
        engine.totals.add(row.kept_in, charge.doc["amount"])
        engine.events.emit("charge.dispute.created", row)
        self._move_funds(row, -1, settings.dispute_fee)
        engine.events.emit("charge.dispute.funds_withdrawn", row)
        if row.status == "lost":
            engine.events.emit("charge.dispute.closed", row)
        else:
            day = shift(engine.world.clock.today, settings.dispute_close_days)
            engine.world.agenda.add(day, PHASE, self.lose, row)
        self._end_mandate(charge, code)
        return row

    def _move_funds(self, row: Dispute, sign: int, fee: int) -> None:
        entry = self.engine.treasury.move(
            row, sign * row.doc["amount"], "adjustment", "dispute", fee
        )
        row.doc["balance_transactions"].append(entry.doc)

    def _end_mandate(self, charge: Row, code: str) -> None:
        engine = self.engine
        kills = reasons.failure(reasons.stripe_code(code)).kills_mandate
        if kills or engine.settings.dispute_ends_mandate:
            intent = engine.state.payment_intents.get(charge.doc["payment_intent"])
            engine.mandates.end(engine.state.mandates.get(intent.mandate))

    def lose(self, row: Dispute) -> None:
        """Closed in favour of the payer; does nothing when it was closed before."""
        if row.status == "needs_response":
            row.doc["status"] = "lost"
            self.engine.events.emit("charge.dispute.closed", row)

    def win(self, row: Dispute) -> None:
        """The bank gave the money back; the fee stays. ValueError when that was done before."""
        if row.status == "won":
            raise ValueError(f"dispute {row.id} is won")
        engine = self.engine
        row.doc["status"] = "won"
        engine.totals.add(row.kept_in, -row.doc["amount"])
        self._move_funds(row, 1, 0)
        engine.events.emit("charge.dispute.funds_reinstated", row)
        engine.events.emit("charge.dispute.closed", row)

    def close(self, row: Dispute) -> Dispute:
        """Accepted by the merchant."""
        if row.status != "needs_response":
            raise refused(f"This dispute is already closed: its status is {row.status}.")
        self.lose(row)
        return row
