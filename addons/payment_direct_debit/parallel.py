"""Calls to a provider, several at a time, outside the ORM."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any


class Pace:
    """At most `per_second` starts a second, over all threads; 0 means no limit."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = Lock()

    def wait(self) -> None:
        """Sleep until this call may start."""
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + self._gap
        time.sleep(start - now)


def run(
    calls: Sequence[Callable[[], Any]], *, parallelism: int = 1, per_second: float = 0.0
) -> list[Any]:
    """Run every call and return results and exceptions in the order of the calls.

    :param calls: functions without arguments that touch neither cursor nor recordset, unless
        `parallelism` is 1: then they run in this thread, one after the other.
    :param parallelism: how many run at once.
    :param per_second: how many may start a second; 0 for no limit.
    :return: for each call its value, or the exception that it raised.
    """
    pace = Pace(per_second)

    def guarded(call: Callable[[], Any]) -> Any:
        pace.wait()
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the caller sorts errors, one call at a time
            return error

    if parallelism <= 1 or len(calls) <= 1:
        return [guarded(call) for call in calls]
    with ThreadPoolExecutor(max_workers=min(parallelism, len(calls))) as pool:
        return list(pool.map(guarded, calls))
