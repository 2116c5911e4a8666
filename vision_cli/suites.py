"""Runs test suites, with pytest and with Odoo's own runner, and counts what they did."""

import re
from dataclasses import dataclass
from subprocess import DEVNULL, run
from xml.etree import ElementTree

from .environment import python
from .odoo_log import RECORD
from .paths import LOGS, ROOT
from .processes import free_port
from .progress import run_logged, say, step
from .setup import Machine

RESULT = re.compile(r"(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<total>\d+) tests")
SKIPPED = re.compile(r"skipped \w+")


@dataclass(frozen=True)
class Outcome:
    """What a run of tests did."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )


def run_pytest(
    machine: Machine,
    database: str,
    arguments: list[str],
    *,
    log: str | None = None,
    environment: dict[str, str] | None = None,
) -> Outcome:
    """Run pytest on all of `testpaths` or on what the arguments say.

    A run that ends badly without a failed test (no test found, wrong arguments, a crash) counts as
    one failure.

    :param log: name of the log that takes the output; the terminal has it by default.
    :param environment: variables beside those of the machine.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    junit = LOGS / f"{log or 'pytest'}.xml"
    junit.unlink(missing_ok=True)
    command = [str(python()), "-m", "pytest", f"--odoo-database={database}"]
    command += [f"--junitxml={junit}", "-o", "junit_logging=no", *arguments]
    variables = machine.environment | (environment or {})
    if log:
        code = run_logged(command, log, env=variables)
    else:
        code = run(command, cwd=ROOT, env=variables, stdin=DEVNULL).returncode
    outcome = junit_outcome(junit.read_text(encoding="utf-8")) if junit.exists() else Outcome()
    return outcome + Outcome(failed=1) if code and not outcome.failed else outcome


def junit_outcome(content: str) -> Outcome:
    """Count the tests of a JUnit report."""
    total = failed = skipped = 0
    for suite in ElementTree.fromstring(content).iter("testsuite"):
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Outcome(max(total - failed - skipped, 0), failed, skipped)


def run_odoo_tests(
    machine: Machine, database: str, title: str, tags: str, arguments: list[str] | None = None
) -> Outcome:
    """Run tests with Odoo's own runner on a database; the records of failures are shown.

    :param tags: Odoo's `--test-tags`.
    :param arguments: more options; without `-i` and `-u`, tests of both phases run.
    """
    lines = OdooTestLog()
    command = [python(), "-m", "odoo", "-d", database, f"--test-tags={tags}", *(arguments or [])]
    command += ["--stop-after-init", "--max-cron-threads=0", f"--http-port={free_port()}"]
    log_name = f"tests-{title.lower().replace(' ', '-')}"
    with step(title):
        code = run_logged(command, log_name, env=machine.environment, on_line=lines.feed)
    for line in lines.shown:
        say(f"    {line}")
    outcome = lines.outcome
    if (code and not outcome.failed) or not outcome.passed:
        say(f"    {title} did not run to its end: look at {LOGS / log_name}.log")
        return outcome + Outcome(failed=1)
    return outcome


class OdooTestLog:
    """Reads the log of Odoo's test runner."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.total = self.failed = self.skipped = 0
        self._in_error = False

    def feed(self, line: str) -> None:
        """Take one line of output; lines after an error's first one belong to it (traceback)."""
        if record := RECORD.match(line):
            self._in_error = record["level"] in {"ERROR", "CRITICAL"}
            if result := RESULT.search(record["text"]):
                self.total += int(result["total"])
                self.failed += int(result["failed"]) + int(result["errors"])
            elif SKIPPED.match(record["text"]):
                self.skipped += 1
        if self._in_error:
            self.shown.append(line)

    @property
    def outcome(self) -> Outcome:
        """What the runner reported."""
        return Outcome(max(self.total - self.failed - self.skipped, 0), self.failed, self.skipped)
