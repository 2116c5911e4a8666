"""Periods of a recurring contract, without the ORM.

Rules, decided here once:

* every date is computed from the start of the contract, never from the previous period: a contract
  of the 31st is billed on the 28th, 29th or 30th of a short month and on the 31st again after it;
* billing is in advance: a period is due on the first billing day on or after its first day. Nominal
  days are compared (a contract of the 31st billed on the 30th is due in the month after the start
  of each period), so that two periods are never due on one day; a billing day that the month does
  not have is its last day;
* the due date is the nominal day. Whoever takes the money rolls it to a day when banks work;
* the end of the contract is its last day. The period that it cuts is shorter, and is owed in
  proportion to its days.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a contract.

    :param start: first day, inclusive
    :param end: last day, inclusive; the last day of the contract when the contract ends before
    :param due: nominal day of payment, not rolled to a working day
    :param full_end: last day that the period would have if the contract did not end
    """

    start: date
    end: date
    due: date
    full_end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def full_days(self) -> int:
        return (self.full_end - self.start).days + 1

    @property
    def is_partial(self) -> bool:
        return self.end < self.full_end

    def prorate(self, amount: Decimal, digits: int = 2) -> Decimal:
        """Return the share of ``amount`` for the days of the period, rounded half up.

        A full period returns ``amount`` itself.
        """
        if not self.is_partial:
            return amount
        share = amount * self.days / self.full_days
        return share.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def day_of_month(year: int, month: int, day: int) -> date:
    """Return the nominal ``day`` (1-31) of a month, or the last day of a shorter month."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def add_months(start: date, months: int) -> date:
    """Return ``start`` moved by whole months, its own day kept where the month has it."""
    index = start.year * 12 + start.month - 1 + months
    return day_of_month(index // 12, index % 12 + 1, start.day)


def due_date(first: date, start_day: int, billing_day: int) -> date:
    """Return the nominal billing day of the period that begins on ``first``.

    :param first: first day of the period
    :param start_day: day of the month on which the contract began
    :param billing_day: nominal day of payment
    """
    month = first.replace(day=1)
    if billing_day < start_day:
        month = add_months(month, 1)
    return day_of_month(month.year, month.month, billing_day)


def periods(
    start: date,
    end: date | None,
    billing_period: str,
    billing_day: int,
    since: date,
    until: date,
) -> list[Period]:
    """Return the periods of a contract that are due between two dates, both included.

    :param start: first day of the contract
    :param end: last day of the contract, or None
    :param billing_period: a key of ``MONTHS``
    :param billing_day: nominal day, 1 to 31
    :raises KeyError: when the billing period is unknown
    :raises ValueError: when the billing day does not exist
    """
    if not 1 <= billing_day <= 31:
        raise ValueError(f"The billing day must be between 1 and 31, not {billing_day}.")
    found = []
    for period in _periods_from(start, end, MONTHS[billing_period], billing_day, since):
        if period.due > until:
            break
        if period.due >= since:
            found.append(period)
    return found


def _periods_from(
    start: date, end: date | None, step: int, billing_day: int, since: date
) -> Iterator[Period]:
    """Yield the periods in order, from one that is surely due before ``since``.

    A period is due less than two months after its first day: what began earlier is skipped
    without walking through the years.
    """
    months = (since.year - start.year) * 12 + since.month - start.month
    index = max(0, (months - 2) // step)
    while True:
        first = add_months(start, index * step)
        if end is not None and first > end:
            return
        full_end = add_months(start, (index + 1) * step) - timedelta(days=1)
        last = full_end if end is None else min(full_end, end)
        yield Period(first, last, due_date(first, start.day, billing_day), full_end)
        index += 1
