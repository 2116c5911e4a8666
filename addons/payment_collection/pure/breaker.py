"""The circuit breaker of a provider: when to stop sending, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half_open"


@dataclass(frozen=True)
class Breaker:
    """What is known about a provider's technical health; datetimes are naive UTC.

    `failures`: how many debits in a row got no usable answer. `pause`: how long the provider is
    left alone once the breaker has opened; it doubles with each probe that fails.
    """

    failures: int = 0
    opened_at: datetime | None = None
    retry_at: datetime | None = None
    pause: timedelta = timedelta()

    def state(self, now: datetime) -> str:
        """Return CLOSED, OPEN (nothing may be sent) or HALF_OPEN (one debit may try)."""
        if self.opened_at is None:
            return CLOSED
        return OPEN if self.retry_at and now < self.retry_at else HALF_OPEN


@dataclass(frozen=True)
class Settings:
    """How patient a breaker is."""

    threshold: int = 5
    pause: timedelta = timedelta(minutes=15)
    max_pause: timedelta = timedelta(hours=4)


def after(breaker: Breaker, answered: bool, now: datetime, settings: Settings) -> Breaker:
    """Return the breaker after one more debit was sent.

    :param answered: True when the provider gave any clear answer, a refusal included; False for
        a time-out, a busy server, a door that did not open.
    """
    if answered:
        return Breaker()
    failures = breaker.failures + 1
    state = breaker.state(now)
    if state == CLOSED and failures >= settings.threshold:
        return Breaker(failures, now, now + settings.pause, settings.pause)
    if state == HALF_OPEN:
        pause = min(max(breaker.pause, settings.pause) * 2, settings.max_pause)
        return replace(breaker, failures=failures, retry_at=now + pause, pause=pause)
    return replace(breaker, failures=failures)


def allowance(breaker: Breaker, wanted: int, now: datetime, settings: Settings) -> int:
    """Return how many debits may be sent at once before the next look at the breaker.

    A provider in doubt gets no more than it takes to be sure: each debit that it does not answer
    is one whose outcome nobody knows.
    """
    state = breaker.state(now)
    if state == OPEN:
        return 0
    if state == HALF_OPEN:
        return min(1, wanted)
    if not breaker.failures:
        return wanted
    return min(wanted, max(1, settings.threshold - breaker.failures))
