"""What a provider would take in a simulation, beside what it took."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from odoo.addons.payment_collection.pure.routing_data import ProviderState
from odoo.addons.payment_direct_debit.pure import money


class Tally:
    """Counts, cents, costs and failures of one provider."""

    def __init__(self) -> None:
        self._would: list[Any] = [0, 0, Decimal(0), Decimal(0)]  # count, cents, cost, failures
        self._did: list[Any] = [0, 0, Decimal(0), 0]

    def expect(self, cents: int, state: ProviderState | None) -> None:
        """Count a debit that this provider would take; None: nobody would."""
        cost = state.cost.expected(cents, state.failure_rate) if state else Decimal(0)
        rate = state.failure_rate if state else Decimal(0)
        self._would = [a + b for a, b in zip(self._would, (1, cents, cost, rate), strict=True)]

    def was(self, cents: int, failed: bool, state: ProviderState | None) -> None:
        """Count a debit that this provider took; None: it takes debits no longer."""
        cost = Decimal(0)
        if state:
            cost = state.cost.of_debit(cents) + (state.cost.failure_cents if failed else 0)
        self._did = [a + b for a, b in zip(self._did, (1, cents, cost, failed), strict=True)]

    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not self._would[0] + self._did[0]

    def values(self, digits: int) -> dict[str, Any]:
        """Return what is shown, amounts in units of a currency with so many decimals."""

        def amount(cents: int | Decimal) -> Decimal:
            return money.from_cents(round(cents), digits)

        return {
            "expected_count": self._would[0],
            "expected_amount": amount(self._would[1]),
            "expected_cost": amount(self._would[2]),
            "expected_failures": float(round(self._would[3], 1)),
            "actual_count": self._did[0],
            "actual_amount": amount(self._did[1]),
            "actual_cost": amount(self._did[2]),
            "actual_failures": self._did[3],
        }
