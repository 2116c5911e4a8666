"""The day of the month on which a client's debits succeed best, from the client's own past.

A debit that fails for lack of funds says that the day was wrong as much as that the client is
poor: the same amount may pass five days later, after the wages. Only failures for lack of funds
count here. Without a clear answer there is none, and the contract's day stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .history import COLLECTED, FUNDS, WINDOW_DAYS, Attempt

# Days around a day that speak for it; months are taken as a circle of 31 days.
REACH = 4
CIRCLE = 31
# A day is judged as if this many debits of the client's average had been seen there as well.
PRIOR = 3
MIN_FAILURES = 2
MIN_SEEN = 3
# How much better than the client's average a day has to be, as a share of debits.
MIN_GAIN = 0.10


def best_day(attempts: Iterable[Attempt], on: date) -> int | None:
    """Return the day of the month, 1 to 31, on which to debit a client; None without evidence.

    Of days that are equally good, one that was tried itself wins over its neighbours, then the
    earlier one of the month.

    :param attempts: debits with a known outcome, in any order.
    :param on: today; what lies after it, or too long before it, is left out.
    """
    seen, passed = [0] * CIRCLE, [0] * CIRCLE
    for attempt in attempts:
        counts = attempt.category == COLLECTED or attempt.category in FUNDS
        if counts and 0 <= (on - attempt.day).days <= WINDOW_DAYS:
            seen[attempt.day.day - 1] += 1
            passed[attempt.day.day - 1] += attempt.category == COLLECTED
    total = sum(seen)
    if total - sum(passed) < MIN_FAILURES:
        return None
    average = sum(passed) / total
    days = [day for day in range(CIRCLE) if _around(seen, day) >= MIN_SEEN]
    if not days:
        return None

    def merit(day):
        tried = _around(seen, day) + PRIOR
        return (_around(passed, day) + PRIOR * average) / tried

    best = max(days, key=lambda day: (merit(day), seen[day], -day))
    return best + 1 if merit(best) - average >= MIN_GAIN else None


def _around(counts: list[int], day: int) -> int:
    return sum(counts[(day + offset) % CIRCLE] for offset in range(-REACH, REACH + 1))
