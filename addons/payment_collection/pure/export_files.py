"""Files written row by row: whatever their length, only a row is held in memory."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from odoo.addons.payment_collection.pure import fec
from odoo.addons.payment_collection.pure.export_cells import Column, Value, csv_cell, is_formula

# Excel has so many rows on a sheet; the first one is the titles.
SHEET_ROWS = 1_048_576
# Built-in format of dates: shown as the reader's own system writes them.
_XLSX_DATE = 14
_WIDTHS = {"date": 12, "amount": 14, "number": 10, "text": 24}
_CHUNK = 1 << 20


class CsvFile:
    """UTF-8 with a byte order mark, without which Excel reads accents wrong."""

    def __init__(self, path: Path, columns: Sequence[Column], decimal_mark: str = ".") -> None:
        self._mark = decimal_mark
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        # Where the comma is in the numbers, Excel expects semicolons between the columns.
        delimiter = ";" if decimal_mark == "," else ","
        self._csv = csv.writer(self._file, delimiter=delimiter, lineterminator="\r\n")
        self._csv.writerow([csv_cell(column.label) for column in columns])

    def add(self, values: Iterable[Value]) -> None:
        """Add a row."""
        self._csv.writerow([csv_cell(value, self._mark) for value in values])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class XlsxFile:
    """A workbook with real numbers and days; a new sheet where one is full."""

    def __init__(self, path: Path, columns: Sequence[Column], rows: int = SHEET_ROWS) -> None:
        self._columns = columns
        self._rows = rows
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._bold = self._book.add_format({"bold": True})
        self._amount = self._book.add_format({"num_format": "#,##0.00"})
        self._date = self._book.add_format({"num_format": _XLSX_DATE})
        # The mark that Excel itself puts on a text that begins like a formula.
        self._quoted = self._book.add_format({"quote_prefix": True})
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for position, column in enumerate(self._columns):
            self._sheet.set_column(position, position, _WIDTHS[column.kind])
            self._sheet.write_string(0, position, column.label, self._bold)
        self._next = 1

    def add(self, values: Iterable[Value]) -> None:
        """Add a row."""
        if self._next >= self._rows:
            self._new_sheet()
        for position, value in enumerate(values):
            self._cell(position, value)
        self._next += 1

    def _cell(self, position: int, value: Value) -> None:
        where = (self._next, position)
        if value is None or value is False or value == "":
            return
        if isinstance(value, Decimal):
            self._sheet.write_number(*where, float(value), self._amount)
        elif isinstance(value, int):
            self._sheet.write_number(*where, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(*where, value, self._date)
        else:
            self._sheet.write_string(*where, value, self._quoted if is_formula(value) else None)

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class FecFile:
    """Tabs between the columns, UTF-8 without a byte order mark, which the text does not know."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self.add(fec.COLUMNS)

    def add(self, values: Iterable[Any]) -> None:
        """Add a row of texts that are clean already (`fec.row`)."""
        self._file.write(fec.SEPARATOR.join(values) + fec.LINE_END)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def sha256(file: BinaryIO) -> str:
    """Return the SHA-256 of what is left of a file, in hexadecimal."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
