"""Steps that tell how far they are, and the one-line stop."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .paths import LOGS, ROOT

QUIET_INTERVAL = 30
SHOWN_LINES = 15


class Stop(Exception):
    """The command can't go on. The message is one line that says what to do."""


class Step:
    """A piece of work with a title, a clock and an optional detail ("12/66 account").

    On a terminal one line is rewritten every second; elsewhere (a CI log) there is a line at the
    start, one at the end, and one every 30 s.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.live = sys.stderr.isatty()
        self._start = time.monotonic()
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    @property
    def seconds(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._start)

    def begin(self) -> None:
        """Show the title and start the clock."""
        if not self.live:
            say(f"{self.title} ...")
        self._ticker.start()

    def end(self, outcome: str) -> None:
        """Stop the clock and leave one line with the outcome."""
        self._ended.set()
        self._ticker.join()
        erase = "\r\033[K" if self.live else ""
        sys.stderr.write(f"{erase}{self.title}: {outcome}, {self.seconds} s\n")
        sys.stderr.flush()

    def _tick(self) -> None:
        while not self._ended.wait(1 if self.live else QUIET_INTERVAL):
            line = f"{self.title} ... {self.seconds} s {self.detail}".rstrip()
            sys.stderr.write(f"\r\033[K{line[:100]}" if self.live else f"{line}\n")
            sys.stderr.flush()


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show `title` while the block runs, then how long it took."""
    current = Step(title)
    current.begin()
    try:
        yield current
    except BaseException:
        current.end("stopped")
        raise
    current.end("done")


def say(message: str) -> None:
    """One line for the person; standard output is left to results."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


def run_logged(
    command: Sequence[str | Path],
    log_name: str,
    *,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    on_line: Callable[[str], None] | None = None,
) -> int:
    """Run a command with its output (both streams) in `.odoo/log/<log_name>.log`.

    :param on_line: called with each line, without its end of line.
    :return: the exit code.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    with (
        (LOGS / f"{log_name}.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            if on_line:
                on_line(line.rstrip("\n"))
    return process.returncode


def run_or_stop(command: Sequence[str | Path], log_name: str, advice: str, **options) -> None:
    """As `run_logged`, but a failure shows the last lines and stops with `advice`.

    :raise Stop: when the exit code is not 0.
    """
    if run_logged(command, log_name, **options):
        show_tail(log_name)
        raise Stop(f"{advice} (all of it: {LOGS / log_name}.log)")


def show_tail(log_name: str) -> None:
    """The last lines of a log, for the person."""
    lines = (LOGS / f"{log_name}.log").read_text(encoding="utf-8").splitlines()
    for line in lines[-SHOWN_LINES:]:
        say(f"    {line}")
