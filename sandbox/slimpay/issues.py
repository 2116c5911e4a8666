"""R-transactions, which the merchant polls and acknowledges one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .const import CURRENCY
from .dates import midnight
from .money import amount
from .state import Issue, Payment

if TYPE_CHECKING:
    from .engine import Engine

REASONS = {
    "AC01": "Incorrect account number",
    "AC04": "Closed account",
    "AC06": "Blocked account",
    "AC13": "Debtor account is a consumer account",
    "AG01": "Direct debit forbidden on this account",
    "AG02": "Invalid bank operation code",
    "AM04": "Insufficient funds",
    "AM05": "Duplicate collection",
    "BE05": "Creditor identifier incorrect",
    "MD01": "No valid mandate",
    "MD02": "Missing mandate data",
    "MD06": "Refund requested by the debtor",
    "MD07": "Debtor deceased",
    "MS02": "Refusal by the debtor",
    "MS03": "Reason not specified",
    "RC01": "Incorrect BIC",
    "RR04": "Regulatory reason",
    "SL01": "Specific service offered by the debtor's bank",
}


class Issues:
    """Raises issues and takes acknowledgements."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, payment: Payment, kind: str, code: str, fee: int = 0) -> Issue:
        """An issue to acknowledge; ``fee``: cents that the bank adds to the amount."""
        engine = self.engine
        today = midnight(engine.world.clock.today)
        doc = {
            "id": engine.new_id(),
            "rejectAmount": amount(payment.cents + fee),
            "currency": CURRENCY,
            "executionStatus": "toprocess",
            "type": kind,
            # Codes without a text show the untranslated key.
            "rejectReason": REASONS.get(code, f"sepaReturnReasonCode.{code.lower()}.reason"),
            "returnReasonCode": code,
            "dateCreated": engine.now(),
            "dateBooked": today,
            "dateValued": today,
        }
        row = engine.state.payment_issues.add(Issue(doc, payment.id, payment.subscriber))
        engine.note("payment_issues", row, kind, code=code)
        mandate = engine.payments.mandate(payment)
        if code in engine.settings.revoking_codes.split(",") and mandate.status == "active":
            engine.mandates.end(mandate, "revoked")
        return row

    def acknowledge(self, row: Issue) -> None:
        """The merchant, or somebody in the dashboard, has seen it."""
        row.doc["executionStatus"] = "processed"
        self.engine.note("payment_issues", row, "acknowledged")
