"""A payer's score: a scorecard whose every point has a reason, without the ORM.

Each characteristic of the history falls into a band, each band has its points, and the points add
up to 0..100; 100 is the safest. The points come from `score_points.py`, which is fitted
(`bench/score_fit.py`), not written by hand; bands and their order are here. The odds of a failure
are log-linear in the score, as in any classic scorecard.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import exp, log

from . import score_points
from .history import History

# The last band of every characteristic: nothing is known about it.
NOTHING_KNOWN = -1


@dataclass(frozen=True)
class Characteristic:
    """One thing that is looked at.

    `limits` are the upper ends of the bands, ends included; the last band has none. `worse_up`
    tells which way is bad: points never rise in that direction.
    """

    name: str
    limits: tuple[float, ...]
    worse_up: bool

    def band(self, history: History) -> int:
        """Return the number of the band a history falls into; NOTHING_KNOWN without a value."""
        value = getattr(history, self.name)
        return NOTHING_KNOWN if value is None else bisect_left(self.limits, value)

    @property
    def bands(self) -> int:
        """How many bands there are, the one for nothing known not counted."""
        return len(self.limits) + 1


CHARACTERISTICS = (
    Characteristic("funds_recent", (0, 1, 2), worse_up=True),
    Characteristic("funds_older", (0, 1, 3), worse_up=True),
    Characteristic("refused", (0, 1), worse_up=True),
    Characteristic("account", (0,), worse_up=True),
    Characteristic("streak", (0, 1, 3, 6, 12), worse_up=False),
    Characteristic("days_late", (2, 5, 10, 20), worse_up=True),
    Characteristic("unpaid", (0, 1), worse_up=True),
    Characteristic("amount_ratio", (1.1, 1.6, 2.6), worse_up=True),
    Characteristic("client_months", (3, 12, 24), worse_up=False),
    Characteristic("mandate_months", (1.5, 6, 18), worse_up=False),
)

# Up to which probability of a failure a grade goes; above the last one it is E.
GRADES = (("A", 0.02), ("B", 0.05), ("C", 0.10), ("D", 0.25))
WORST_GRADE = "E"


@dataclass(frozen=True)
class Reason:
    """Why the score is not that of a typical client."""

    name: str  # of the characteristic
    value: float | None
    points: int  # more or less than a typical client gets here


@dataclass(frozen=True)
class Score:
    """What is said about a payer."""

    points: int  # 0..100, 100 is the safest
    probability: float  # that the next debit fails
    grade: str
    reasons: tuple[Reason, ...]  # heaviest first
    is_new: bool  # no debit decided yet: the score of an average new client


def score(history: History) -> Score:
    """Score a payer by the past.

    :param history: see `history.summarise`.
    """
    total = score_points.BASE
    reasons = []
    for characteristic in CHARACTERISTICS:
        points = score_points.POINTS[characteristic.name][characteristic.band(history)]
        total += points
        difference = points - score_points.TYPICAL[characteristic.name]
        if difference:
            value = getattr(history, characteristic.name)
            reasons.append(Reason(characteristic.name, value, difference))
    # Stable: of equal weights, the first of the card comes first.
    reasons.sort(key=lambda reason: -abs(reason.points))
    points = clamp(total)
    probability = probability_of(points)
    return Score(points, probability, grade_of(probability), tuple(reasons), not history.decided)


def clamp(points: int) -> int:
    """Keep a sum of points within 0..100."""
    return max(0, min(100, points))


def probability_of(points: int) -> float:
    """Return the probability that the next debit of a payer with this score fails."""
    return 1 / (1 + exp(score_points.SLOPE * points - score_points.INTERCEPT))


def points_of(probability: float) -> float:
    """Return the score at which a failure has this probability, not rounded."""
    return (score_points.INTERCEPT + log((1 - probability) / probability)) / score_points.SLOPE


def grade_of(probability: float) -> str:
    """Return the grade, A to E, of a probability that the next debit fails."""
    for grade, limit in GRADES:
        if probability <= limit:
            return grade
    return WORST_GRADE


def steps_down(before: str, after: str) -> int:
    """Return by how many grades a payer got worse; below zero where he got better."""
    return ord(after) - ord(before)


def neutral() -> Score:
    """Return the score of a client about whom nothing is known."""
    return score(History())
