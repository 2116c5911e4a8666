"""Reads what Odoo logs while it installs: progress, and warnings that must not pass unseen."""

import re

# 2026-01-31 12:00:00,000 4711 WARNING vision odoo.modules.loading: text
RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)"
)
LOADING = re.compile(r"Loading module (?P<module>\w+) \((?P<count>\d+/\d+)\)")
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# What may be logged, each with its reason.
HARMLESS = [
    # The embedded PostgreSQL has no contrib; Odoo goes on without trigram indexes.
    re.compile(r"pg_trgm"),
    # A checkout whose addons/ is still empty.
    re.compile(r"^option addons_path, invalid addons directory '.*/addons', skipped"),
]


class LogChecker:
    """Collects the records that make an installation fail.

    Only log records count: docutils prints its complaints about core's module descriptions
    (`<string>:38: (ERROR/3) Unexpected indentation`) and Odoo its remark about root, both as plain
    text.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.progress = ""

    def feed(self, line: str) -> None:
        """Take one line of output."""
        record = RECORD.match(line)
        if record is None:
            return
        if loading := LOADING.search(record["text"]):
            self.progress = f"{loading['count']} {loading['module']}"
        if record["level"] in BAD_LEVELS and not is_harmless(record["text"]):
            self.problems.append(f"{record['level']} {record['logger']}: {record['text']}")


def is_harmless(text: str) -> bool:
    """Whether the text of a record is on the list of what may be logged."""
    return any(pattern.search(text) for pattern in HARMLESS)
