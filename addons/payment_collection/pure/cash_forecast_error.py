"""How far forecasts were off, and how wide the next range has to be; without the ORM."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .cash_forecast_curves import shrunk

# The 10th and the 90th percentile of a normal distribution lie so many deviations from its middle.
TENTH = 1.2816
# Forecasts that can be compared before an error is told.
ENOUGH = 8
# Before any comparison the common factor is taken to be 5 %, as if seen in one forecast.
FACTOR_PRIOR = 0.05
FACTOR_WEIGHT = 1.0


class Outcome(NamedTuple):
    """A forecast whose days are over; any one unit."""

    expected: float
    deviation: float
    low: float
    high: float
    actual: float


class Error(NamedTuple):
    """How good a row of forecasts was; shares of what really came."""

    count: int
    off: float  # sum of the absolute errors, by the sum of what came (WAPE)
    bias: float  # above zero: too high
    covered: float  # share of those within their range; 0.8 is what the range promises


def measure(outcomes: Sequence[Outcome]) -> Error | None:
    """Return the error of forecasts, None where there are too few of them."""
    came = sum(abs(outcome.actual) for outcome in outcomes)
    if len(outcomes) < ENOUGH or not came:
        return None
    errors = [outcome.expected - outcome.actual for outcome in outcomes]
    within = sum(outcome.low <= outcome.actual <= outcome.high for outcome in outcomes)
    return Error(
        len(outcomes), sum(map(abs, errors)) / came, sum(errors) / came, within / len(outcomes)
    )


def common_factor(outcomes: Sequence[Outcome]) -> float:
    """Return the relative deviation that all debits share, from the forecasts of the past.

    It is what is left of the squared errors once the chance of independent debits is taken away;
    large amounts count for more, as a share says little of a week in which hardly anything is due.
    """
    known = [outcome for outcome in outcomes if outcome.expected > 0]
    if not known:
        return FACTOR_PRIOR
    squares = sum(o.expected**2 for o in known)
    excess = sum((o.actual - o.expected) ** 2 - o.deviation**2 for o in known)
    usual = squares / len(known)
    variance = shrunk(excess / usual, len(known), FACTOR_PRIOR**2, FACTOR_WEIGHT)
    return max(variance, 0.0) ** 0.5


def limits(expected: float, deviation: float, factor: float) -> tuple[float, float]:
    """Return the 10th and the 90th percentile of what is expected.

    :param deviation: were all debits independent.
    :param factor: see `common_factor`.
    """
    width = TENTH * (deviation**2 + (factor * expected) ** 2) ** 0.5
    return expected - width, expected + width
