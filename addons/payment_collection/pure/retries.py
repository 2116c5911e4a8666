"""When a failed debit is presented again, without the ORM.

The SEPA rulebooks set no number of representations; that a debit is taken again a little after
the salary has come is the practice of the providers. Days are TARGET days, see `target_calendar`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from datetime import date, timedelta

from odoo.addons.payment_direct_debit.pure import target_calendar

# A preferred day further away than this is not waited for.
LONGEST_WAIT = timedelta(days=31)

_RANGE = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")


def parse_days(text: str) -> frozenset[int]:
    """Return the days of the month that a text such as `1-5, 28` names.

    :raise ValueError: for anything else than days from 1 to 31 and ranges of them.
    """
    days: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        found = _RANGE.fullmatch(part)
        if not found:
            raise ValueError(part)
        first = int(found[1])
        last = int(found[2] or first)
        if not 1 <= first <= last <= 31:
            raise ValueError(part)
        days.update(range(first, last + 1))
    return frozenset(days)


def falls_on(day: date, preferred: Collection[int]) -> bool:
    """Tell whether a date is a preferred day; the last of a short month stands for the rest."""
    if day.day in preferred:
        return True
    last = calendar.monthrange(day.year, day.month)[1]
    return day.day == last and any(wanted > last for wanted in preferred)


def step_date(start: date, delay: int) -> date:
    """Return the day of a dunning step.

    :param start: the day of the failure, or of the step before.
    :param delay: TARGET days to wait; 0 for the same day, or the next working day.
    """
    return target_calendar.add_target_days(target_calendar.roll_forward(start), delay)


def debit_date(earliest: date, preferred: Collection[int] = ()) -> date:
    """Return the day to present a debit again.

    :param earliest: the first day possible: gap, lead time and cut-off are in it.
    :param preferred: days of the month on which it has the best chance; none for any.
    :return: the first TARGET day from `earliest` on that is a preferred day, or follows one that
        no bank works on; `earliest` itself, rolled forward, where none is near.
    """
    first = target_calendar.roll_forward(earliest)
    day = earliest
    while preferred and day <= earliest + LONGEST_WAIT:
        if falls_on(day, preferred):
            return target_calendar.roll_forward(day)
        day += timedelta(days=1)
    return first
