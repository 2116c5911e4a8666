"""What a company's own past says about money to come: rates, curves and delays, without the ORM.

Priors hold where the past is thin, and only there. Where each comes from:

- failure of a first attempt by grade: the payer score's own calibration (docs/performance.md);
- failure where no score is known: 5 %, a figure of ours: between that of grades B and C;
- recovery and returns: the clocks of the SEPA Core rulebook (a bank returns within five working
  days, a debtor within eight weeks) and a first presentation again after about a week, as the
  policies that the addon ships with do;
- delays: money within two working days of the debit.

They are worth a few dozen cases: a month of a company with some hundred debits outweighs them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cash_forecast_curves import Band, Cases, Curve, Days, Delay, shrunk

NO_GRADE = ""
NO_PROVIDER = 0

FAILURE_PRIOR = {"A": 0.012, "B": 0.028, "C": 0.065, "D": 0.16, "E": 0.5, NO_GRADE: 0.05}
# An attempt without news after a week: as likely to have failed as not.
LATE_PRIOR = 0.5
LATE_DAYS = 7
# Of what is planned that long ahead, this much is called off or held before it leaves.
CALLED_OFF = (Band(7, 0.01), Band(30, 0.02), Band(60, 0.04), Band(400, 0.06))

RECOVERY = (
    Band(3, 0.02),
    Band(7, 0.08),
    Band(14, 0.25),
    Band(21, 0.15),
    Band(30, 0.12),
    Band(45, 0.12),
    Band(60, 0.08),
    Band(90, 0.06),
    Band(180, 0.05),
)
RETURNS = (Band(2, 0.003), Band(7, 0.005), Band(14, 0.001), Band(28, 0.001), Band(60, 0.002))
# An installment that has not left a week after its day: held, or waiting for somebody.
LATE_START = (Band(7, 0.0), Band(14, 0.2), Band(30, 0.1), Band(90, 0.1))
# What is not debited is paid by the client, when it pleases him; day 0 is the due date or before.
ONE_OFF = (
    Band(0, 0.4),
    Band(3, 0.3),
    Band(7, 0.25),
    Band(14, 0.25),
    Band(30, 0.3),
    Band(60, 0.25),
    Band(180, 0.2),
)
CASH_DELAY = {1: 1, 2: 2, 3: 1}
PAYOUT_DELAY = {0: 1, 1: 2, 2: 1}
REJECT_DAYS = 3

WEIGHT = 40.0  # cases of one's own that a prior is worth
NOTHING = Cases({}, {})


@dataclass(frozen=True)
class Past:
    """Counts of what was known on a day; keys are (provider, grade) or providers."""

    tries: Mapping[tuple[int, str], tuple[int, int]] = field(default_factory=dict)  # (all, failed)
    late_tries: tuple[int, int] = (0, 0)  # without news for a week: (all, failed)
    planned_delay: Mapping[int, Days] = field(default_factory=dict)  # from due to the bank
    cash_delay: Mapping[int, Days] = field(default_factory=dict)  # from the debit to the bank
    payout_delay: Mapping[int, Days] = field(default_factory=dict)  # from settled to the bank
    reject_days: tuple[int, int] = (0, 0)  # (failures, days from the debit to their news)
    planned: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # band: (all, called off)
    recovery: Cases = NOTHING
    returns: Cases = NOTHING
    late_start: Cases = NOTHING
    one_off: Cases = NOTHING


class Rates:
    """What is expected of money to come, learned from a past."""

    def __init__(self, past: Past):
        self._tries = past.tries
        self._grades: dict[str, tuple[int, int]] = {}
        for (_provider, grade), (count, failed) in past.tries.items():
            before = self._grades.get(grade, (0, 0))
            self._grades[grade] = (before[0] + count, before[1] + failed)
        self.late_failure = shrunk(past.late_tries[1], past.late_tries[0], LATE_PRIOR, WEIGHT)
        failures, days = past.reject_days
        self.reject_days = round(shrunk(days, failures, REJECT_DAYS, WEIGHT))
        self.recovery = Curve(past.recovery, RECOVERY, WEIGHT)
        # A return is rare: as many cases again would say nothing.
        self.returns = Curve(past.returns, RETURNS, 10 * WEIGHT)
        self.late_start = Curve(past.late_start, LATE_START, WEIGHT)
        self.one_off = Curve(past.one_off, ONE_OFF, WEIGHT)
        self._planned = past.planned
        self._due = _delays(past.planned_delay, CASH_DELAY)
        self._cash = _delays(past.cash_delay, CASH_DELAY)
        self._payout = _delays(past.payout_delay, PAYOUT_DELAY)

    def failure(self, provider: int, grade: str) -> float:
        """Return the chance that a first attempt fails before any money comes.

        By provider and grade where there are cases enough; else by grade; else the prior.
        """
        count, failed = self._grades.get(grade, (0, 0))
        by_grade = shrunk(failed, count, FAILURE_PRIOR[grade], WEIGHT)
        count, failed = self._tries.get((provider, grade), (0, 0))
        return shrunk(failed, count, by_grade, WEIGHT)

    def leaves(self, ahead: int) -> float:
        """Return the chance that what is planned so many days ahead is tried at all."""
        band = lead_band(ahead)
        count, called_off = self._planned.get(band, (0, 0))
        return 1 - shrunk(called_off, count, CALLED_OFF[band].prior, WEIGHT)

    def planned_delay(self, provider: int) -> Delay:
        """Return how long money takes from the due date to the bank account."""
        return self._due.get(provider, self._due[NO_PROVIDER])

    def cash_delay(self, provider: int) -> Delay:
        """Return how long money takes from the day of the debit to the bank account."""
        return self._cash.get(provider, self._cash[NO_PROVIDER])

    def payout_delay(self, provider: int) -> Delay:
        """Return how long money takes from the day it settled to the bank account."""
        return self._payout.get(provider, self._payout[NO_PROVIDER])


def lead_band(ahead: int) -> int:
    """Return the number of the band of days ahead, see CALLED_OFF."""
    for number, band in enumerate(CALLED_OFF):
        if ahead <= band.last_day:
            return number
    return len(CALLED_OFF) - 1


def _delays(by_provider: Mapping[int, Days], prior: Days) -> dict[int, Delay]:
    """Learn a delay for each provider, and one for those of whom nothing is known."""
    everything: dict[int, int] = {}
    for cases in by_provider.values():
        for days, count in cases.items():
            everything[days] = everything.get(days, 0) + count
    learned = {
        provider: Delay(cases, everything, WEIGHT) for provider, cases in by_provider.items()
    }
    learned[NO_PROVIDER] = Delay(everything, prior, WEIGHT)
    return learned
