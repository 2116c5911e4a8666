"""The account at SlimPay: totals, statement lines, fees, and transfers to the merchant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sandbox.core.calendar import is_working_day

from .issues import REASONS
from .state import File, Payment
from .statement import statement

if TYPE_CHECKING:
    from .engine import Engine

FRIDAY = 4
# Operation and fee by what the bank did.
GIVEN_BACK = {
    "returns": ("RET", "FEE-RET", "late_failed"),
    "refunds": ("REV", "FEE-REB", "charged_back"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the account statement, in signed cents."""

    code: str
    cents: int
    transaction: str = ""
    subscriber: str = ""
    name: str = ""
    label: str = ""
    invoice: str = ""
    original: str = ""


class Treasury:
    """Keeps the funds; ``lines`` are those of the current day."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sums = dict.fromkeys(
            ("collected", "late_failed", "charged_back", "refunded", "fees", "paid_out"), 0
        )
        self.funds = 0
        self.opening = 0
        self.lines: list[Line] = []

    def balance(self) -> int:
        """Cents that the payers paid in the end, before fees."""
        sums = self.sums
        given_back = sums["late_failed"] + sums["charged_back"] + sums["refunded"]
        return sums["collected"] - given_back

    def available(self) -> int:
        """Cents that may be refunded."""
        return max(0, self.funds)

    def _book(self, code: str, cents: int, row: Payment | None = None, **more) -> None:
        values = dict(more)
        if row is not None:
            signatory = self.engine.payments.mandate(row).signatory
            name = " ".join(filter(None, (signatory.get("givenName"), signatory.get("familyName"))))
            values = {
                "transaction": row.reference,
                "subscriber": row.subscriber,
                "name": signatory.get("companyName") or name,
                "label": row.doc["label"] or "",
                **more,
            }
        self.lines.append(Line(code, cents, **values))
        self.funds += cents

    def _fee(self, code: str, cents: int) -> None:
        if cents:
            self.sums["fees"] += cents
            self._book(code, -cents)

    def collected(self, row: Payment) -> None:
        """A debit was executed."""
        self.sums["collected"] += row.cents
        self._book("SDD", row.cents, row)
        self._fee("FEE-SDD", self.engine.settings.fee_debit)

    def _back(self, code: str, row: Payment, reason: str) -> None:
        text = f"R-Transaction : {reason} - {REASONS.get(reason, '')}"
        transaction = f"{code}-{self.engine.world.ids.number('back'):08d}"
        more = {"transaction": transaction, "label": text, "original": row.reference}
        self._book(code, -row.cents, row, **more)

    def rejected(self, row: Payment, reason: str) -> None:
        """A debit was refused: credit and debit of the same day."""
        self._book("SDD", row.cents, row)
        self._back("REJ", row, reason)
        self._fee("FEE-REJ", self.engine.settings.fee_issue)

    def given_back(self, row: Payment, kind: str, reason: str) -> None:
        """A debit came back after its execution."""
        code, fee, total = GIVEN_BACK[kind]
        self.sums[total] += row.cents
        self._back(code, row, reason)
        self._fee(fee, self.engine.settings.fee_issue)

    def refunded(self, row: Payment) -> None:
        """The merchant gives money back."""
        self.sums["refunded"] += row.cents
        self._book("SCT", -row.cents, row)
        self._fee("FEE-SCT", self.engine.settings.fee_transfer)

    def close_day(self, day: date) -> None:
        """Transfer what is above the floor when it is the day, then write the statement."""
        settings = self.engine.settings
        due = {"never": False, "daily": True, "weekly": day.weekday() == FRIDAY}
        if is_working_day(day) and due[settings.payouts] and self.funds > settings.floor:
            cents = self.funds - settings.floor
            self.sums["paid_out"] += cents
            number = self.engine.world.ids.number("transfer")
            self._book("SCT", -cents, transaction=f"PAYOUT-{number:06d}", label="Virement")
        if self.lines:
            self._write(day)

    def _write(self, day: date) -> None:
        engine, lines = self.engine, self.lines
        content = statement(lines, day, self.opening, self.funds, engine.settings)
        self.lines, self.opening = [], self.funds
        doc = {
            "id": engine.new_id(),
            "name": f"ACCOUNT-STATEMENT-{day:%Y%m%d}.csv",
            "flow": "NOTIFY",
            "category": "ACCOUNT_STATEMENT",
            "status": "SENT",
            "type": "CSV",
            "paymentNumber": sum(line.code == "SDD" for line in lines),
            "creationDate": engine.now(),
        }
        engine.state.files.add(File(doc, content))
