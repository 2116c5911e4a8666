"""What a file holds: rows and amounts, in all and by group, never two currencies in one sum."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from odoo.addons.payment_collection.pure.export_cells import Row


class Tally:
    """Counts rows as they are written."""

    def __init__(self) -> None:
        self.count = 0
        self._groups: dict[str, int] = defaultdict(int)
        self._totals: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def add(self, row: Row) -> None:
        """Count a row."""
        self.count += 1
        self._groups[row.group] += 1
        self._totals[row.group][row.currency] += row.amount

    def totals(self) -> dict[str, str]:
        """Return {currency: amount}, amounts as decimal texts."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for amounts in self._totals.values():
            for currency, amount in amounts.items():
                sums[currency] += amount
        return {currency: str(amount) for currency, amount in sums.items()}

    def groups(self) -> list[list]:
        """Return [group, rows, {currency: amount}], in the order of their first rows."""
        return [
            [group, count, {c: str(a) for c, a in self._totals[group].items()}]
            for group, count in self._groups.items()
        ]
