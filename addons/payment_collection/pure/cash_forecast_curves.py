"""When something happens, by days since it could: learned from few cases or many, without the ORM.

A curve is a life table: of those to whom it had not happened before a day, how many it happened to
on that day. Cases still open count for as long as they were watched, so that a recent failure does
not look like one that is never paid. Where the past is thin, a prior holds: it weighs as much as a
number of cases of one's own, and fades as these come in (empirical Bayes with a fixed weight).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

Days = Mapping[int, int]  # days since the beginning: how many cases


class Band(NamedTuple):
    """Days that are alike, and what is believed of them before anything is known."""

    last_day: int  # included; the band begins after the one before
    prior: float  # share of those still open to whom it happens within the band


class Cases(NamedTuple):
    """What the past says."""

    happened: Days  # by the day on which it did
    open: Days  # by the last day on which it had not

    def __len__(self) -> int:
        return sum(self.happened.values()) + sum(self.open.values())


class Curve:
    """How likely something is to have happened by a day; after the last band nothing does."""

    def __init__(self, cases: Cases, bands: Sequence[Band], weight: float):
        """Learn from cases.

        :param cases: days below zero count as day 0.
        :param bands: in order, the first begins with day 0.
        :param weight: how many cases of one's own the prior is worth.
        """
        happened, at_risk = _life_table(cases, bands[-1].last_day)
        self._open = [1.0]  # one ahead: before day 0 nothing has happened
        for before, band in pairwise((Band(-1, 0.0), *bands)):
            days = range(before.last_day + 1, band.last_day + 1)
            left, watched = 1.0, 0
            for day in days:
                left *= 1 - happened[day] / at_risk[day] if at_risk[day] else 1
                watched += at_risk[day]
            seen = watched / len(days)
            chance = shrunk(seen * (1 - left), seen, band.prior, weight)
            for _day in days:
                self._open.append(self._open[-1] * (1 - chance) ** (1 / len(days)))

    def by(self, day: int, age: int = -1) -> float:
        """Return the chance that it has happened by a day, when it had not by another.

        :param day: days since the beginning.
        :param age: the day up to which it has not happened; -1 when it is to begin.
        """
        if day <= age:
            return 0.0
        return 1 - self._left(day) / self._left(age)

    def _left(self, day: int) -> float:
        return self._open[min(max(day, -1) + 1, len(self._open) - 1)]


def _life_table(cases: Cases, last_day: int) -> tuple[list[int], list[int]]:
    """Return, for each day, to how many it happened and how many were still open."""
    happened, gone = [0] * (last_day + 2), [0] * (last_day + 2)
    for day, count in cases.happened.items():
        kept = min(max(day, 0), last_day + 1)
        happened[kept] += count
        gone[kept] += count
    for day, count in cases.open.items():
        if day >= 0:
            gone[min(day, last_day + 1)] += count
    at_risk, left = [], sum(gone)
    for leaving in gone:
        at_risk.append(left)
        left -= leaving
    return happened, at_risk


class Delay:
    """How many working days something takes, where it comes: a distribution."""

    def __init__(self, cases: Days, prior: Days, weight: float):
        """Learn from cases.

        :param cases: working days taken: how often.
        :param prior: the same for what is believed.
        :param weight: how many cases the prior is worth.
        """
        longest = max((*cases, *prior))
        believed, seen = sum(prior.values()), sum(cases.values())
        self._cumulated, total = [], 0.0
        for day in range(longest + 1):
            share = cases.get(day, 0) + weight * prior.get(day, 0) / believed
            total += share / (seen + weight)
            self._cumulated.append(total)

    def by(self, days: int) -> float:
        """Return the share that has come within so many working days."""
        if days < 0:
            return 0.0
        return self._cumulated[min(days, len(self._cumulated) - 1)]

    @property
    def median(self) -> int:
        """The working days within which half of it has come."""
        return next(day for day, share in enumerate(self._cumulated) if share > 0.4999)

    def by_after(self, days: int, waited: int) -> float:
        """Return the same for what has not come after waiting so many working days.

        What is later than anything seen before is taken to come as if it began now.
        """
        rest = 1 - self.by(waited)
        if rest < 0.02:
            return self.by(days - waited - 1)
        return max(self.by(days) - self.by(waited), 0.0) / rest


def shrunk(bad: float, count: float, prior: float, weight: float) -> float:
    """Return a rate from few cases or many: the prior is worth `weight` cases."""
    return (bad + weight * prior) / (count + weight)
