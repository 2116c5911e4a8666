"""Cash to come, day by day, from what is known on a day; plain arithmetic, without the ORM.

What may bring or cost money is given in lots: amounts of one kind, day, provider and grade. Each
lot has a share that is expected to have come by each day, by the rates of the company's own past
(`cash_forecast_rates`). Amounts are integer cents; what is expected is a float of cents.

The range has two parts. Debits succeed or fail one by one: the variance of a lot is the sum of the
squares of its amounts times q(1 - q), so one large client widens it more than many small ones do.
And some months are good or bad for all at once: a common factor, measured by how far the forecasts
of the past were off beyond the first part (`cash_forecast_error`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from odoo.addons.payment_direct_debit.pure import target_calendar

from .cash_forecast_rates import LATE_DAYS, Rates

# 90 days, and the weeks that they touch.
AHEAD = 98
# How far back lots may begin; older ones are taken as of that day.
BEHIND = 400
HORIZONS = (30, 60, 90)

PLANNED = "planned"  # owed on a day to come, or of this week, to be debited
LATE_START = "late_start"  # its day has passed for long, no attempt yet
IN_FLIGHT = "in_flight"  # first attempt made, no news yet
AWAITING = "awaiting"  # collected, not in the bank yet
COLLECTED = "collected"  # may still come back
FAILED = "failed"  # came back or was refused, still owed
ONE_OFF = "one_off"  # paid by the client himself, due or overdue


class Lot(NamedTuple):
    """Amounts alike.

    The day is that of the debit (planned, in flight), of the settlement (awaiting, collected), of
    the failure (failed), or of the due date.
    """

    kind: str
    day: date
    provider: int
    grade: str
    count: int
    amount: int  # cents
    squares: int  # sum of the squares of the amounts


class Bucket(NamedTuple):
    """Money from a day to another, both included."""

    start: date
    end: date


class Expected(NamedTuple):
    """What is said about a bucket, in cents."""

    expected: float
    deviation: float  # standard deviation, were all debits independent
    due: int  # owed by contract in these days, whatever comes of it


class _Days:
    """Working days around a day, counted once."""

    def __init__(self, on: date):
        self.on = on
        self._working = {}  # day: working days from the first one up to it, included
        self._last_open = []  # for each day ahead, the last day on which banks worked, as a number
        count = 0
        for number in range(-BEHIND, AHEAD + 1):
            day = on + timedelta(days=number)
            is_open = target_calendar.is_target_day(day)
            count += is_open
            self._working[number] = count
            if number > 0:
                before = self._last_open[-1] if self._last_open else 0
                self._last_open.append(number if is_open else before)

    def number(self, day: date) -> int:
        """Return a day as a number: 0 is the day of the forecast."""
        return min(max((day - self.on).days, -BEHIND), AHEAD)

    def working(self, since: int, until: int) -> int:
        """Return the working days after one day, up to another; below zero when it is before."""
        return self._working[until] - self._working[since]

    def rolled(self, number: int) -> int:
        """Return a day if banks work on it, else the next one on which they do."""
        while number < AHEAD and self._working[number] == self._working.get(number - 1, 0):
            number += 1
        return number

    @property
    def ahead(self) -> Iterator[int]:
        """The days to come; where banks are closed, money stands where it stood before."""
        return iter(self._last_open)


class Forecast:
    """What is expected from a day on."""

    def __init__(self, on: date, lots: Iterable[Lot], rates: Rates):
        """Work it out.

        :param on: the day of which everything is known; nothing of it is forecast.
        :param lots: what is open on that day.
        :param rates: learned from what was known on that day.
        """
        self.on = on
        self._days = _Days(on)
        self._rates = rates
        # Share of what was collected that is missing again, so many days later: what came back
        # and was not paid after all.
        self._missing = _net_returns(rates, -1)
        self._missing_by_age: dict[int, list[float]] = {}
        self._lots = [(lot, self._shares(lot)) for lot in lots]

    def bucket(self, start: date, end: date) -> Expected:
        """Return what is expected within days to come, both included."""
        first, last = (start - self.on).days, (end - self.on).days
        expected = variance = 0.0
        due = 0
        for lot, shares in self._lots:
            share = shares[last] - shares[first - 1]
            expected += lot.amount * share
            chance = min(abs(share), 1.0)
            variance += lot.squares * chance * (1 - chance)
            if lot.kind in (PLANNED, ONE_OFF) and start <= lot.day <= end:
                due += lot.amount
        return Expected(expected, max(variance, 0.0) ** 0.5, due)

    def _shares(self, lot: Lot) -> list[float]:
        """Return the expected share of a lot that has come by each day; the first is day 0."""
        share_by = getattr(self, f"_{lot.kind}")(lot)
        found: dict[int, float] = {0: 0.0}
        shares = [0.0]
        for number in self._days.ahead:
            if number not in found:
                found[number] = share_by(number)
            shares.append(found[number])
        return shares

    # === HOW EACH KIND COMES === #

    def _planned(self, lot):
        base = self._days.rolled(self._days.number(lot.day))
        leaves = self._rates.leaves((lot.day - self.on).days)
        delay = self._rates.planned_delay(lot.provider)
        failure = self._rates.failure(lot.provider, lot.grade)
        attempt = self._attempt(base, delay, failure)
        return lambda number: leaves * attempt(number)

    def _late_start(self, lot):
        day = self._days.number(lot.day)
        good = 1 - self._rates.failure(lot.provider, lot.grade)
        # Working days in days of the calendar.
        wait = round(self._rates.cash_delay(lot.provider).median * 7 / 5)
        curve = self._rates.late_start
        return lambda number: good * curve.by(number - wait - day, -day)

    def _in_flight(self, lot):
        base = self._days.number(lot.day)
        failure = self._rates.failure(lot.provider, lot.grade)
        if -base > LATE_DAYS:
            failure = self._rates.late_failure
        return self._attempt(base, self._rates.cash_delay(lot.provider), failure)

    def _attempt(self, base, delay, failure):
        """Return the share by day of debits of a day, by their delay and chance to fail."""
        days, rates = self._days, self._rates
        wait = rates.reject_days
        waited = days.working(base, 0)
        began = max(base, 0)

        def share(number):
            taken = days.working(base, number)
            if number < base:
                return 0.0
            came = delay.by(taken) if base > 0 else delay.by_after(taken, waited)
            lost = self._missing[max(number - began, 0)]
            recovered = rates.recovery.by(number - began - wait)
            return (1 - failure) * (came - lost) + failure * recovered

        return share

    def _awaiting(self, lot):
        base = self._days.number(lot.day)
        delay = self._rates.payout_delay(lot.provider)
        waited = self._days.working(base, 0)
        return lambda number: delay.by_after(self._days.working(base, number), waited)

    def _collected(self, lot):
        age = -self._days.number(lot.day)
        if age not in self._missing_by_age:
            self._missing_by_age[age] = _net_returns(self._rates, age)
        missing = self._missing_by_age[age]
        return lambda number: -missing[number]

    def _failed(self, lot):
        age = -self._days.number(lot.day)
        curve = self._rates.recovery
        return lambda number: curve.by(age + number, age)

    def _one_off(self, lot):
        day = self._days.number(lot.day)
        curve = self._rates.one_off
        if day <= 0:
            return lambda number: curve.by(number - day, -day)
        leaves = self._rates.leaves(day)
        return lambda number: leaves * curve.by(number - day) if number >= day else 0.0


def _net_returns(rates: Rates, age: int) -> Sequence[float]:
    """Return what is missing of collected money, day by day: came back, and not paid since.

    :param age: days since it was collected, -1 for what is collected on day 0.
    """
    returned = [rates.returns.by(age + number, age) for number in range(AHEAD + 1)]
    new = [later - earlier for earlier, later in zip([0.0, *returned], returned, strict=False)]
    owed = [1 - rates.recovery.by(number) for number in range(AHEAD + 1)]
    return [
        sum(new[day] * owed[number - day] for day in range(number + 1))
        for number in range(AHEAD + 1)
    ]


def due_days(bucket: Bucket, delay: int) -> Bucket:
    """Return the due dates whose money comes within days.

    :param delay: working days that money usually takes from the due date.
    """
    start = _first_due(bucket.start, delay)
    return Bucket(start, _first_due(bucket.end + timedelta(days=1), delay) - timedelta(days=1))


def _first_due(day: date, delay: int) -> date:
    """Return the first due date whose money comes on a day or later."""
    due = day - timedelta(days=2 * delay + 7)
    while target_calendar.add_target_days(target_calendar.roll_forward(due), delay) < day:
        due += timedelta(days=1)
    return due


def weeks(on: date) -> list[Bucket]:
    """Return the whole weeks, Monday to Sunday, that begin within 90 days after a day."""
    monday = on + timedelta(days=7 - on.weekday())
    starts = [monday + timedelta(weeks=number) for number in range(13)]
    return [Bucket(start, start + timedelta(days=6)) for start in starts]


def totals(on: date) -> dict[int, Bucket]:
    """Return the days that each horizon covers."""
    return {days: Bucket(on + timedelta(days=1), on + timedelta(days=days)) for days in HORIZONS}
