"""The balance and its automatic payouts: one a working day, each with its transactions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from sandbox.core.calendar import is_working_day, shift

from .const import CURRENCY
from .state import Entry, Row

if TYPE_CHECKING:
    from .engine import Engine

PHASE = 5


def midnight(day: date) -> int:
    """The first second of ``day``, UTC."""
    return int(datetime.combine(day, time(), timezone.utc).timestamp())


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


class Treasury:
    """Writes balance transactions and pays them out."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.waiting: list[Entry] = []

    def credit(self, charge: Row) -> None:
        """A debit succeeded: its amount less the fee, available seven days after its creation."""
        settings = self.engine.settings
        created = datetime.fromtimestamp(charge.doc["created"], timezone.utc).date()
        free = created + timedelta(days=settings.available_calendar_days)
        entry = self.move(
            charge, charge.doc["amount"], "payment", "charge", settings.fee_fixed, free
        )
        entry.doc["description"] = charge.doc["description"]
        charge.doc["balance_transaction"] = entry.id

    def move(
        self, source: Row, amount: int, kind: str, category: str, fee: int = 0, free=None
    ) -> Entry:
        """A balance transaction for ``source`` of ``amount`` cents less ``fee``.

        ``free``: the day from which it can be paid out, at the earliest today.
        """
        engine = self.engine
        today = engine.world.clock.today
        available = max(today, free or today)
        detail = {
            "amount": fee,
            "application": None,
            "currency": CURRENCY,
            "description": "Dispute fee" if category == "dispute" else "Stripe processing fees",
            "type": "stripe_fee",
        }
        doc = {
            "id": engine.world.ids.new("txn_"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": midnight(available),
            "balance_type": "payments",
            "created": engine.now(),
            "currency": CURRENCY,
            "description": None,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [detail] if fee else [],
            "net": amount - fee,
            "reporting_category": category,
            "source": source.id,
            "status": "pending" if available > today else "available",
            "type": kind,
        }
        row = engine.state.balance_transactions.add(Entry(doc, available))
        if kind != "payout":
            self.waiting.append(row)
        return row

    def close_day(self, day: date) -> Row | None:
        """Make available what is due, and pay it out on a working day."""
        for entry in self.waiting:
            if entry.available <= day:
                entry.doc["status"] = "available"
        return self.pay_out(day) if is_working_day(day) else None

    def sums(self) -> tuple[int, int]:
        """(available, pending) net cents that are in no payout."""
        free = sum(entry.doc["net"] for entry in self.waiting if entry.status == "available")
        return free, sum(entry.doc["net"] for entry in self.waiting) - free

    def pay_out(self, day: date) -> Row | None:
        """One payout of all that is available, or None when it would not be positive.

        Where the account's bank is debited for a negative balance, also of a negative amount.
        """
        engine = self.engine
        entries = [entry for entry in self.waiting if entry.status == "available"]
        net = sum(entry.doc["net"] for entry in entries)
        if not net or (net < 0 and not engine.settings.negative_payouts):
            return None
        self.waiting = [entry for entry in self.waiting if entry.status != "available"]
        arrival = shift(day, engine.settings.payout_days)
        row = engine.state.payouts.add(Row(self._document(net, arrival)))
        own = self.move(row, -net, "payout", "payout")
        row.doc["balance_transaction"] = own.id
        for entry in (*entries, own):
            entry.payout = row.id
        engine.totals.add("fees", sum(entry.doc["fee"] for entry in entries))
        engine.totals.add("paid_out", net)
        engine.events.emit("payout.created", row)
        engine.world.agenda.add(arrival, PHASE, self.arrive, row)
        return row

    def _document(self, net: int, arrival: date) -> dict:
        engine = self.engine
        return {
            "id": engine.world.ids.new("po_"),
            "object": "payout",
            "amount": net,
            "application_fee": None,
            "application_fee_amount": None,
            "arrival_date": midnight(arrival),
            "automatic": True,
            "balance_transaction": None,
            "created": engine.now(),
            "currency": CURRENCY,
            "description": "STRIPE PAYOUT",
            "destination": "ba_sandbox0000001",
            "failure_balance_transaction": None,
            "failure_code": None,
            "failure_message": None,
            "livemode": False,
            "metadata": {},
            "method": "standard",
            "original_payout": None,
            "reconciliation_status": "in_progress",
            "reversed_by": None,
            "source_type": "bank_account",
            "statement_descriptor": None,
            "status": "in_transit",
            "trace_id": None,
            "type": "bank_account",
        }

    def arrive(self, row: Row) -> None:
        """The money is at the bank; does nothing when the payout failed meanwhile."""
        if row.status != "in_transit":
            return
        engine = self.engine
        row.doc["status"] = "paid"
        engine.events.emit("payout.paid", row)
        days = engine.settings.reconciliation_days
        if days:
            day = shift(engine.world.clock.today, days)
            engine.world.agenda.add(day, PHASE, self.reconcile, row)
        else:
            self.reconcile(row)

    def reconcile(self, row: Row) -> None:
        """The list of the payout's transactions is complete."""
        row.doc["reconciliation_status"] = "completed"
        self.engine.events.emit("payout.reconciliation_completed", row)

    def fail(self, row: Row) -> None:
        """The bank refused the payout: the money is in the balance again.

        ValueError when it did so before.
        """
        if row.status == "failed":
            raise ValueError(f"payout {row.id} is failed")
        entry = self.move(row, row.doc["amount"], "payout_failure", "payout_reversal")
        row.doc |= {
            "status": "failed",
            "failure_code": "account_closed",
            "failure_message": "The bank account has been closed.",
            "failure_balance_transaction": entry.id,
        }
        self.engine.totals.add("paid_out", -row.doc["amount"])
        self.engine.events.emit("payout.failed", row)
