"""Working days of TARGET, the settlement system of the euro, without the ORM.

Source: decision of the ECB's Governing Council of 14 December 2000 on the long-term calendar of
TARGET closing days, in force since 2002: Saturdays, Sundays, 1 January, Good Friday, Easter Monday
(Catholic/Protestant calendar), 1 May, 25 and 26 December. National holidays do not count.

Dates are plain ``date`` objects. A ``datetime`` is refused: it equals no ``date``, so a closing
day would silently look open.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@lru_cache(maxsize=64)
def closing_days(year: int) -> frozenset[date]:
    """Return the six closing days of ``year`` that are not defined by the weekday.

    Some of them may fall on a week-end. Valid from 2002 on.
    """
    easter_sunday = easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            easter_sunday - timedelta(days=2),
            easter_sunday + ONE_DAY,
            date(year, 5, 1),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_target_day(d: date) -> bool:
    """Tell whether TARGET settles on ``d``.

    :raise TypeError: ``d`` is a datetime (convert it to a local date first).
    """
    if isinstance(d, datetime):
        raise TypeError("a date is expected, not a datetime: its local day depends on a timezone")
    return d.weekday() < SATURDAY and d not in closing_days(d.year)


def roll_forward(d: date) -> date:
    """Return ``d`` if it is a TARGET day, else the next one.

    A due date is never rolled back: the debtor was told that date (SDD rulebooks, due date).
    """
    while not is_target_day(d):
        d += ONE_DAY
    return d


def add_target_days(d: date, n: int) -> date:
    """Return the n-th TARGET day after ``d``, before it when ``n`` is negative.

    ``d`` itself is never counted, whether open or closed. The result is always a TARGET day: for
    ``n`` = 0 it is ``roll_forward(d)``.
    """
    if n == 0:
        return roll_forward(d)
    step = ONE_DAY if n > 0 else -ONE_DAY
    for _count in range(abs(n)):
        d += step
        while not is_target_day(d):
            d += step
    return d


def target_days_between(start: date, end: date) -> int:
    """Return how many TARGET days separate ``start`` (not counted) from ``end`` (counted).

    Negative when ``end`` is before ``start``. It is the inverse of :func:`add_target_days`: for
    ``n`` other than 0, ``target_days_between(d, add_target_days(d, n)) == n``.
    """
    step = ONE_DAY if end >= start else -ONE_DAY
    days, current = 0, start
    while current != end:
        current += step
        days += is_target_day(current)
    return days if end >= start else -days


def earliest_due_date(
    now: datetime,
    lead_days: int,
    cutoff: time,
    tz: str = "Europe/Paris",
    extra_non_submission_days: Collection[date] = frozenset(),
) -> date:
    """Return the first due date that a debit handed over at ``now`` can still have.

    Today counts as submission day when it is a TARGET day, is not listed as a day without
    submission, and the local time is before the cut-off; else the next such day counts.

    :param now: aware datetime (a naive UTC value of the ORM needs ``tzinfo`` first).
    :param lead_days: TARGET days between the submission day and the due date, 0 or more.
    :param cutoff: naive local time in ``tz``; at the cut-off itself it is too late.
    :param extra_non_submission_days: days on which TARGET settles but nobody hands anything over
        (national holidays of the provider or of the approver); they still count as lead days.
    :raise ValueError: naive ``now``, aware ``cutoff`` or negative ``lead_days``.
    """
    if now.utcoffset() is None:
        raise ValueError("an aware datetime is expected: the cut-off is a local time")
    if cutoff.tzinfo is not None:
        raise ValueError("the cut-off is a naive time, local to tz")
    _check_lead_days(lead_days)
    local = now.astimezone(ZoneInfo(tz))
    # Wall-clock values are compared, so a cut-off keeps its meaning in summer and in winter.
    day = local.date() if local.time() < cutoff else local.date() + ONE_DAY
    while day in extra_non_submission_days or not is_target_day(day):
        day += ONE_DAY
    return add_target_days(day, lead_days)


def latest_submission_date(
    due: date,
    lead_days: int,
    extra_non_submission_days: Collection[date] = frozenset(),
) -> date:
    """Return the last day on which, before its cut-off, a debit due on ``due`` can be handed over.

    A ``due`` on a closing day is rolled forward first, as the settlement itself is.

    :param lead_days: TARGET days between the submission day and the due date, 0 or more.
    :raise ValueError: negative ``lead_days``.
    """
    _check_lead_days(lead_days)
    day = add_target_days(roll_forward(due), -lead_days)
    while day in extra_non_submission_days or not is_target_day(day):
        day -= ONE_DAY
    return day


def _check_lead_days(lead_days: int) -> None:
    if lead_days < 0:
        raise ValueError(f"lead_days cannot be negative: {lead_days}")
