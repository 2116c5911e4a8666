"""From the bytes of a file to its rows: encoding, separator, header, number of cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import FileRefused, RowError

# About 80 000 contracts; a larger file is a wrong file, and would hold a worker for minutes.
MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: its line number, and its cells, trimmed, by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    rows: list[Row]
    errors: list[RowError]
    ignored_columns: list[str]


def read(content: bytes, columns: Sequence[str]) -> Table:
    """Return the rows of a file.

    UTF-8 with or without a byte order mark, semicolons, any line end, quotes as in RFC 4180.

    :param columns: the columns that the file must have, in any order
    :raises FileRefused: when the file as a whole is wrong
    """
    text = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    rows: list[Row] = []
    errors: list[RowError] = []
    header: list[str] | None = None
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = _header(cells, columns)
            elif len(cells) != len(header):
                errors.append(
                    RowError(
                        number,
                        header[min(len(cells), len(header) - 1)],
                        "cell_count",
                        {"found": len(cells), "wanted": len(header)},
                    )
                )
            else:
                values = (cell.strip() for cell in cells)
                rows.append(Row(number, dict(zip(header, values, strict=True))))
    except csv.Error as error:
        raise FileRefused("not_csv", line=before + 1, detail=str(error)) from error
    if header is None:
        raise FileRefused("empty_file")
    if not rows and not errors:
        raise FileRefused("no_rows")
    return Table(rows, errors, [name for name in header if name not in columns])


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise FileRefused(
            "too_large", size=len(content) // (1024 * 1024), limit=MAX_BYTES // (1024 * 1024)
        )
    if not content.strip():
        raise FileRefused("empty_file")
    if b"\0" in content:
        raise FileRefused("nul_bytes", line=_line_of(content, content.index(b"\0")))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A position in what follows the byte order mark; the mark holds no line end.
        raise FileRefused("not_utf8", line=_line_of(content, error.start)) from error


def _line_of(content: bytes, position: int) -> int:
    return content.count(b"\n", 0, position) + 1


def _header(cells: Iterable[str], columns: Sequence[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    missing = [name for name in columns if name not in header]
    if missing:
        raise FileRefused("missing_columns", columns=", ".join(missing))
    double = sorted({name for name in header if name and header.count(name) > 1})
    if double:
        raise FileRefused("double_columns", columns=", ".join(double))
    return header
