"""The days of a debit calendar as arithmetic: closed days, holidays, and who falls on which day.

Sources: closing days of TARGET (`target_calendar`); French public holidays, article L3133-1 of the
Code du travail. On a French holiday that TARGET does not keep (8 May, 14 July...) debits are
presented and settled as on any other day; it is shown, and closes nothing.

Dates are calendar dates without a timezone.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

from odoo.addons.payment_direct_debit.pure import target_calendar

ONE_DAY = timedelta(days=1)
WEEK = 7


@lru_cache(maxsize=64)
def named_days(year: int) -> dict[date, str]:
    """Return {day: key of its name} for French holidays and TARGET closing days of a year.

    Where two fall on one day (Ascension on 1 May), the one of the fixed date gives the name.
    """
    sunday = easter(year)
    movable = {
        sunday - timedelta(days=2): "good_friday",
        sunday: "easter_sunday",
        sunday + ONE_DAY: "easter_monday",
        sunday + timedelta(days=39): "ascension",
        sunday + timedelta(days=50): "whit_monday",
    }
    fixed = {
        date(year, 1, 1): "new_year",
        date(year, 5, 1): "labour_day",
        date(year, 5, 8): "victory_day",
        date(year, 7, 14): "national_day",
        date(year, 8, 15): "assumption",
        date(year, 11, 1): "all_saints",
        date(year, 11, 11): "armistice",
        date(year, 12, 25): "christmas",
        date(year, 12, 26): "second_christmas",
    }
    return {**movable, **fixed}


def grid(day: date, week_start: int = 0) -> tuple[date, date]:
    """Return first and last day of the whole weeks that the month of a day touches.

    :param week_start: weekday on which a week begins, 0 for Monday.
    """
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    last = following - ONE_DAY
    start = first - timedelta(days=(first.weekday() - week_start) % WEEK)
    return start, last + timedelta(days=(week_start - 1 - last.weekday()) % WEEK)


def days_between(first: date, last: date) -> list[date]:
    """Return the days from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def roll_back(day: date) -> date:
    """Return `day` if it is a TARGET day, else the last one before it."""
    while not target_calendar.is_target_day(day):
        day -= ONE_DAY
    return day


def presented_on(wanted: date, earliest: date | None) -> date:
    """Return the day on which a debit is presented.

    :param wanted: the day that it is due or announced for.
    :param earliest: the first day that the provider can still reach; None where it is not known.
    """
    rolled = target_calendar.roll_forward(wanted)
    return max(rolled, earliest) if earliest else rolled


def wanted_between(
    first: date | None, last: date | None, earliest: date | None
) -> tuple[date | None, date | None] | None:
    """Return which wanted days are presented between two days, as an interval of days.

    The inverse of `presented_on`; None stands for an open end of either interval.

    :param earliest: as for `presented_on`.
    :return: (from, to), both included; None when nothing can be presented then.
    """
    if earliest and last and last < earliest:
        return None
    since = None
    if first and not (earliest and first <= earliest):
        since = roll_back(first - ONE_DAY) + ONE_DAY
    until = roll_back(last) if last else None
    return None if since and until and since > until else (since, until)


def stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Return days as stretches without a gap, each with its first and last day."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and found[-1][1] + ONE_DAY == day:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
