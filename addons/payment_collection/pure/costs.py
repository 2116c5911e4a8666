"""What a debit costs at a provider: a fixed fee, a percentage, and a fee for each failure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# A provider without a past is expected to fail as often as direct debits usually do, and its own
# figures take over as they grow: after as many debits as the weight, they count for one half.
USUAL_FAILURE_RATE = Decimal("0.04")
USUAL_WEIGHT = 50


@dataclass(frozen=True)
class Cost:
    """A provider's prices: cents (fractions are common), and percent of the amount."""

    fixed_cents: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    failure_cents: Decimal = Decimal(0)

    def of_debit(self, amount_cents: int) -> Decimal:
        """Return what one debit costs, whatever becomes of it, in cents."""
        return self.fixed_cents + Decimal(amount_cents) * self.percent / 100

    def expected(self, amount_cents: int, failure_rate: Decimal) -> Decimal:
        """Return what one debit costs with its share of the failures, in cents.

        :param failure_rate: how many of a provider's debits fail or come back, 0 to 1.
        """
        return self.of_debit(amount_cents) + self.failure_cents * failure_rate


def failure_rate(failed: int, ended: int) -> Decimal:
    """Return how often debits are expected to fail, 0 to 1, from how often they have.

    :param failed: how many failed or came back.
    :param ended: how many have an outcome, the failed ones included.
    """
    if not 0 <= failed <= ended:
        raise ValueError(f"{failed} of {ended} can not have failed")
    return (failed + USUAL_FAILURE_RATE * USUAL_WEIGHT) / (ended + USUAL_WEIGHT)
