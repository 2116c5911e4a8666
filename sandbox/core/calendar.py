"""TARGET working days, the calendar of SEPA (ECB decision of 14 December 2000)."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def closing_days(year: int) -> frozenset[date]:
    """Days other than week-ends on which TARGET is closed in ``year``."""
    sunday = easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            sunday - 2 * ONE_DAY,
            sunday + ONE_DAY,
            date(year, 5, 1),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


def is_working_day(day: date) -> bool:
    """Whether the scheme settles on ``day``."""
    return day.weekday() < 5 and day not in closing_days(day.year)


def roll_forward(day: date) -> date:
    """``day`` itself, or the next working day."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def shift(day: date, working_days: int) -> date:
    """The day that lies ``working_days`` (may be negative) working days from ``day``.

    The start does not need to be a working day; with 0 it is returned rolled forward.
    """
    if not working_days:
        return roll_forward(day)
    step = ONE_DAY if working_days > 0 else -ONE_DAY
    left = abs(working_days)
    while left:
        day += step
        if is_working_day(day):
            left -= 1
    return day
