"""Calls to a provider, several at a time, outside the ORM."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

# How many seconds' worth of calls may start at once after a pause.
BURST_SECONDS = 2.0


class TokenBucket:
    """At most `per_second` starts a second in the long run, over all threads; 0: no limit."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._tokens = self._size = max(1.0, per_second * BURST_SECONDS)
        self._filled_at = time.monotonic()
        self._lock = Lock()

    def wait(self) -> None:
        """Take a token; sleep until there is one."""
        if not self.per_second:
            return
        with self._lock:
            now = time.monotonic()
            gained = (now - self._filled_at) * self.per_second
            self._tokens = min(self._size, self._tokens + gained) - 1
            self._filled_at = now
            debt = -self._tokens / self.per_second
        if debt > 0:
            time.sleep(debt)


_buckets: dict[Hashable, TokenBucket] = {}
_buckets_lock = Lock()


def bucket(key: Hashable, per_second: float) -> TokenBucket:
    """Return the bucket of this process for `key`; a new one when the pace has changed."""
    with _buckets_lock:
        known = _buckets.get(key)
        if known is None or known.per_second != per_second:
            known = _buckets[key] = TokenBucket(per_second)
        return known


def run(
    calls: Sequence[Callable[[], Any]],
    *,
    parallelism: int = 1,
    pace: TokenBucket | None = None,
) -> list[Any]:
    """Run every call and return results and exceptions in the order of the calls.

    :param calls: functions without arguments that touch neither cursor nor recordset, unless
        `parallelism` is 1: then they run in this thread, one after the other.
    :param parallelism: how many run at once.
    :param pace: how fast they may start; None for no limit.
    :return: for each call its value, or the exception that it raised.
    """

    def guarded(call: Callable[[], Any]) -> Any:
        if pace:
            pace.wait()
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the caller sorts errors, one call at a time
            return error

    if parallelism <= 1 or len(calls) <= 1:
        return [guarded(call) for call in calls]
    with ThreadPoolExecutor(max_workers=min(parallelism, len(calls))) as pool:
        return list(pool.map(guarded, calls))
