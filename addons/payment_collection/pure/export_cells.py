"""One cell of an exported file: typed, without account numbers, never a formula."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from odoo.addons.payment_direct_debit.pure import iban

# What a spreadsheet takes for the beginning of a formula, in both widths:
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | Decimal | int | date | None


class Column(NamedTuple):
    """A column of a file: its title, and "text", "amount", "number" or "date"."""

    label: str
    kind: str = "text"


class Row(NamedTuple):
    """What is written of one record, and what it counts for in the totals."""

    values: tuple[Value, ...]
    group: str
    currency: str
    amount: Decimal


def clean(value: Value) -> Value:
    """Return a value as files may hold it: an account number in a text is masked."""
    if isinstance(value, str):
        return iban.redact(value) if len(value) > 8 else value
    if isinstance(value, datetime):
        return value.date()
    return value


def is_formula(value: Value) -> bool:
    """Tell whether a spreadsheet would compute this text instead of showing it."""
    return isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA)


def csv_cell(value: Value, decimal_mark: str = ".") -> str:
    """Return the text of a cell of a CSV file.

    Numbers stay numbers, also negative ones; days are ISO 8601, which every spreadsheet reads as
    days; a text that looks like a formula gets an apostrophe before it.

    :param str decimal_mark: what the reader's language has between units and decimals.
    """
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return str(value).replace(".", decimal_mark)
    if isinstance(value, date):
        return value.isoformat()
    if is_formula(value):
        return f"'{value}"
    return str(value)
