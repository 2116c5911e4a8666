"""What a piece of work costs: wall clock, processor time of both ends, statements, memory."""

from __future__ import annotations

import functools
import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_STATUS = Path("/proc/self/status")


def memory_mb(name: str = "VmRSS") -> float:
    """Resident memory of this process in MiB; `VmHWM` gives its peak so far."""
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def _process_seconds(pid: int) -> float:
    """Processor seconds (user and system) of another process; /proc/PID/stat, fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


class Meter:
    """Adds up what each phase costs; a phase inside another one is not counted twice."""

    def __init__(self, cr: Any) -> None:
        """:param cr: the cursor of the work; its server process is measured with ours."""
        self._cr = cr
        cr.execute("SELECT pg_backend_pid()")
        self._backend = cr.fetchone()[0]
        self._open: list[str] = []
        self.phases: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
        self.memory = [memory_mb()]
        self._last = self._now()

    def _now(self) -> tuple[float, float, float]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        cpu = usage.ru_utime + usage.ru_stime + _process_seconds(self._backend)
        return time.perf_counter(), cpu, float(self._cr.sql_log_count)

    def _charge(self) -> None:
        now = self._now()
        if self._open:
            spent = self.phases[self._open[-1]]
            for index, (new, old) in enumerate(zip(now, self._last, strict=True)):
                spent[index] += new - old
        self._last = now

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Charge what happens in the block to `name`."""
        self._charge()
        self._open.append(name)
        try:
            yield
        finally:
            self._charge()
            self._open.pop()
            self.memory.append(memory_mb())

    def watch(self, owner: type, method: str, name: str) -> None:
        """Charge every call of a method to a phase of its own, in this process."""
        real: Callable[..., Any] = getattr(owner, method)

        @functools.wraps(real)
        def watched(*args: Any, **kwargs: Any) -> Any:
            if not self._open:  # outside of what is measured
                return real(*args, **kwargs)
            with self.phase(name):
                return real(*args, **kwargs)

        setattr(owner, method, watched)

    def report(self, count: int) -> dict[str, Any]:
        """Return the costs as plain data.

        :param int count: how many records the whole work was about.
        """
        seconds, cpu, sql = (
            sum(cost[index] for cost in self.phases.values()) for index in range(3)
        )
        return {
            "count": count,
            "seconds": seconds,
            "cpu": cpu,
            "sql": sql,
            "phases": {name: tuple(cost) for name, cost in self.phases.items()},
            "memory_start": self.memory[0],
            "memory_growth": max(self.memory) - self.memory[0],
            "memory_peak": memory_mb("VmHWM"),
        }
