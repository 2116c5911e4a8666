"""What an import did, for a person or a script; holds no account number."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ImportReport:
    """The outcome of one file.

    :param kind: ``contracts`` or ``mandates``, empty when the file could not be read at all
    :param row_count: rows of the file, the header not counted
    :param created: contracts or mandates made; in a dry run, those that would be
    :param unchanged: those that are here already, exactly as in the file
    :param rejected: (row, column, reason) of each refused row; row 0 is the file itself
    :param messages: what else a person should know
    """

    kind: str = ""
    row_count: int = 0
    created: int = 0
    unchanged: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
