"""The simulated clock and the agenda of what falls due on each simulated day."""

import itertools
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

NIGHT = time(4, 0)
OFFICE = time(9, 0)
TICK = timedelta(milliseconds=1)


def iso(moment: datetime) -> str:
    """``moment`` (naive UTC) as the ISO 8601 text with milliseconds that APIs show."""
    return moment.isoformat(timespec="milliseconds") + "Z"


class Clock:
    """A date that only moves when it is told to; each reading of the time is 1 ms later.

    Readings are therefore strictly increasing, so that lists sorted by creation are total orders.
    Batch work of a day is stamped from 04:00 UTC, calls of clients from 09:00 UTC.
    """

    def __init__(self, start: date) -> None:
        self._moment = datetime.combine(start, OFFICE)

    @property
    def today(self) -> date:
        """The simulated date."""
        return self._moment.date()

    @property
    def moment(self) -> datetime:
        """The simulated instant as naive UTC, without moving it."""
        return self._moment

    def now(self) -> str:
        """The simulated instant, 1 ms after the former one."""
        self._moment += TICK
        return iso(self._moment)

    def open_day(self, day: date) -> None:
        """Go to the batch hours of ``day``; going back raises ValueError."""
        if day <= self.today:
            raise ValueError(f"the clock is at {self.today}, it cannot go to {day}")
        self._moment = datetime.combine(day, NIGHT)

    def open_office(self) -> None:
        """Go to the hours at which clients call, when the batches of the day are done."""
        self._moment = max(self._moment, datetime.combine(self.today, OFFICE))


class Agenda:
    """Actions by due date, so that a day costs what falls due on it and nothing more."""

    def __init__(self) -> None:
        self._days: dict[date, list] = defaultdict(list)
        self._sequence = itertools.count()

    def add(self, day: date, phase: int, action: Callable, *args) -> None:
        """Plan ``action(*args)`` for ``day``; within a day lower phases run first."""
        self._days[day].append((phase, next(self._sequence), action, args))

    def play(self, day: date) -> int:
        """Run what is due on ``day``, also what is added meanwhile; return the count."""
        played = 0
        while due := self._days.pop(day, None):
            for _phase, _sequence, action, args in sorted(due, key=lambda line: line[:2]):
                action(*args)
                played += 1
        return played
