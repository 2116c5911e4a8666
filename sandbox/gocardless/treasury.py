"""Payouts: one a working day, with items and fees, as long as there is money to pay out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sandbox.core.calendar import is_working_day, shift

from .const import CURRENCY
from .state import Payment, Payout, Row

if TYPE_CHECKING:
    from .engine import Engine

# Cause of the event where it is not named like the action.
CAUSES = {"paid_out": "payment_paid_out", "funds_returned": "refund_funds_returned"}


def decimal_text(tenths: int) -> str:
    """Tenths of cents as the API writes the amounts of payout items, such as "-69.9"."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def nearest_cents(tenths: int) -> int:
    """Tenths of cents rounded once to cents, halves away from zero."""
    cents = (abs(tenths) + 5) // 10
    return -cents if tenths < 0 else cents


class Totals:
    """Running sums in cents of what was collected and given back."""

    def __init__(self) -> None:
        self.sums = dict.fromkeys(
            ("collected", "late_failed", "charged_back", "refunded", "fees", "paid_out"), 0
        )

    def add(self, name: str, amount: int) -> None:
        """Add ``amount`` to the sum ``name``."""
        self.sums[name] += amount

    def balance(self) -> int:
        """What the payers paid in the end, before fees."""
        sums = self.sums
        given_back = sums["late_failed"] + sums["charged_back"] + sums["refunded"]
        return sums["collected"] - given_back


@dataclass(slots=True)
class Item:
    """A line of the next payout; ``settled`` is the event raised when it is paid out."""

    kind: str
    tenths: int
    links: dict
    row: Row
    settled: str | None = None


class Treasury:
    """Collects items and pays them out."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.waiting: list[Item] = []

    def credit(self, row: Payment) -> None:
        """A confirmed payment is ready to be paid out, less its fee."""
        if row.settlement == "queued":
            return
        row.settlement = "queued"
        links = {"payment": row.id, "mandate": row.doc["links"]["mandate"]}
        row.fee = self.engine.settings.fee_tenths(row.doc["amount"])
        amount = row.doc["amount"] * 10
        self.waiting.append(Item("payment_paid_out", amount, links, row, "paid_out"))
        self.waiting.append(Item("gocardless_fee", -row.fee, links, row))

    def take_back(self, row: Payment, kind: str, settled: str) -> None:
        """A collected payment failed or was charged back; its fee is given back."""
        settlement, row.settlement = row.settlement, ""
        if settlement != "paid":
            self.waiting = [item for item in self.waiting if item.row is not row]
            return
        links = {"payment": row.id, "mandate": row.doc["links"]["mandate"]}
        self.waiting.append(Item(kind, -row.doc["amount"] * 10, links, row, settled))
        self.waiting.append(Item("gocardless_fee", row.fee, links, row))

    def refund(self, row: Row, sign: int, kind: str, settled: str | None) -> None:
        """A refund sent (sign -1) or come back (sign 1)."""
        links = {"payment": row.doc["links"]["payment"], "refund": row.id}
        self.waiting.append(Item(kind, sign * row.doc["amount"] * 10, links, row, settled))

    def close_day(self, day: date) -> Payout | None:
        """Pay out on a working day; a debit balance waits for the next credits."""
        if not self.waiting or not is_working_day(day):
            return None
        return self.pay_out(day)

    def pay_out(self, day: date) -> Payout | None:
        """One payout of all that waits, or None when it would not be positive."""
        net = nearest_cents(sum(item.tenths for item in self.waiting))
        if net <= 0:
            return None
        items, self.waiting = self.waiting, []
        fees = nearest_cents(-sum(item.tenths for item in items if item.kind == "gocardless_fee"))
        row = self._record(day, net, fees, items)
        for item in items:
            if item.settled:
                self._settle(item, row)
        self.engine.events.emit("payouts", row, "paid", "payout_paid")
        self.engine.totals.add("fees", fees)
        self.engine.totals.add("paid_out", net)
        return row

    def _settle(self, item: Item, payout: Payout) -> None:
        kind, action = "payments", item.settled
        cause = CAUSES.get(action, action)
        if item.kind in ("payment_refunded", "refund_funds_returned"):
            kind = "refunds"
        elif action == "paid_out":
            self.engine.payments.move(item.row, "paid_out")
            item.row.settlement = "paid"
            item.row.doc["links"]["payout"] = payout.id
        self.engine.events.emit(kind, item.row, action, cause, links={"payout": payout.id})

    def _record(self, day: date, net: int, fees: int, items: list[Item]) -> Payout:
        engine = self.engine
        doc = {
            "id": engine.world.ids.new("PO"),
            "amount": net,
            "arrival_date": shift(day, 1).isoformat(),
            "created_at": engine.world.clock.now(),
            "currency": CURRENCY,
            "deducted_fees": fees,
            "fx": engine.no_fx(CURRENCY),
            "metadata": {},
            "payout_type": "merchant",
            "reference": f"SANDBOX-{engine.world.ids.number('payout'):06d}",
            "status": "paid",
            "tax_currency": CURRENCY,
            "links": {
                "creditor": engine.creditor.id,
                "creditor_bank_account": engine.creditor.doc["links"]["default_eur_payout_account"],
            },
        }
        lines = [self._line(item) for item in items]
        return engine.state.payouts.add(Payout(doc, lines))

    def _line(self, item: Item) -> dict:
        return {
            "amount": decimal_text(item.tenths),
            "type": item.kind,
            "taxes": self._taxes(item) if item.kind == "gocardless_fee" else [],
            "links": item.links,
        }

    def _taxes(self, item: Item) -> list[dict]:
        vat = self.engine.settings.vat_tenths(item.tenths)
        if not vat:
            return []
        return [
            {
                "tax_rate_id": "FR_VAT_1",
                "amount": decimal_text(vat),
                "currency": CURRENCY,
                "destination_amount": decimal_text(vat),
                "destination_currency": CURRENCY,
                "exchange_rate": None,
            }
        ]
