"""What a run is expected to do with a group of installments: counts, cents, cost, success."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from odoo.addons.payment_collection.pure.routing_data import ProviderState
from odoo.addons.payment_direct_debit.pure import money


class Share:
    """The installments of one group of a preview."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.cents = 0
        self.cost = Decimal(0)
        self.success = Decimal(0)
        self.success_cents = Decimal(0)

    def add(self, number: int, cents: int, state: ProviderState | None, chance: float) -> None:
        """Count one more installment.

        :param number: its id.
        :param cents: what is owed.
        :param state: the provider that would debit it; None: nobody would.
        :param chance: how likely its debit succeeds, 0 to 1.
        """
        self.numbers.append(number)
        self.cents += cents
        if state:
            self.cost += state.cost.expected(cents, state.failure_rate)
            self.success += Decimal(chance)
            self.success_cents += Decimal(chance) * cents

    def values(self, digits: int) -> dict[str, Any]:
        """Return what is stored, amounts in units of a currency with so many decimals."""
        return {
            "count": len(self.numbers),
            "amount": money.from_cents(self.cents, digits),
            "expected_cost": money.from_cents(round(self.cost), digits),
            "success_count": float(round(self.success, 4)),
            "success_amount": money.from_cents(round(self.success_cents), digits),
            "installment_numbers": self.numbers,
        }
