"""Reading of single values: dates, amounts, choices, IBAN, SIRET.

Each function takes the trimmed text of a cell and returns the value, or raises ``ValueRefused``
with a code. An empty cell is the caller's business (see ``RowReader``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as stdnum_siret

from odoo.addons.payment_direct_debit.pure import iban as iban_tools

from .errors import RowError, ValueRefused, shown
from .reader import Row

T = TypeVar("T")

_DECIMAL = re.compile(r"(-?)(\d{1,12})(?:[.,](\d+))?", re.ASCII)
# Thousands are separated by a space in France: plain, no-break or narrow no-break.
_SPACES = re.compile("[ \u00a0\u202f](?=\\d{3})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FRENCH_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]+")


def decimal(text: str, digits: int = 2) -> Decimal:
    """Read ``1 234,56`` or ``1234.56``; more than ``digits`` decimals are refused, not rounded."""
    match = _DECIMAL.fullmatch(_SPACES.sub("", text))
    if not match:
        raise ValueRefused("bad_number", value=shown(text))
    sign, whole, fraction = match.groups()
    if fraction and len(fraction.rstrip("0")) > digits:
        raise ValueRefused("too_many_decimals", value=shown(text), digits=digits)
    return Decimal(f"{sign}{whole}.{fraction or '0'}")


def positive(text: str) -> Decimal:
    value = decimal(text)
    if value <= 0:
        raise ValueRefused("not_positive", value=shown(text))
    return value


def not_negative(text: str) -> Decimal:
    value = decimal(text)
    if value < 0:
        raise ValueRefused("negative", value=shown(text))
    return value


def percent(text: str) -> Decimal:
    value = decimal(text.removesuffix("%").rstrip())
    if not 0 <= value <= 100:
        raise ValueRefused("bad_percent", value=shown(text))
    return value


def day(text: str) -> date:
    """Read ``2026-01-31`` or ``31/01/2026``."""
    if match := _ISO_DATE.fullmatch(text):
        parts = match.groups()
    elif match := _FRENCH_DATE.fullmatch(text):
        parts = match.groups()[::-1]
    else:
        raise ValueRefused("bad_date", value=shown(text))
    year, month, number = (int(part) for part in parts)
    if not 1950 <= year <= 2150:
        raise ValueRefused("bad_year", value=shown(text))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise ValueRefused("no_such_date", value=shown(text)) from error


def whole_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or int(text) < 1:
        raise ValueRefused("bad_whole_number", value=shown(text))
    return int(text)


def billing_day(text: str) -> int:
    if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= 31:
        raise ValueRefused("bad_billing_day", value=shown(text))
    return int(text)


def choice(*allowed: str) -> Callable[[str], str]:
    """Return a reader that accepts the given words, in any case."""

    def read(text: str) -> str:
        if text.lower() not in allowed:
            raise ValueRefused("bad_choice", value=shown(text), allowed=", ".join(allowed))
        return text.lower()

    return read


def iban(text: str) -> str:
    """Return an IBAN without spaces, in capitals. The error never repeats the number."""
    try:
        return iban_tools.validate(text)
    except iban_tools.IbanError as error:
        code = "iban_country" if error.reason == "country" else "bad_iban"
        raise ValueRefused(code, value=iban_tools.mask(text)) from error


def siret(text: str) -> str:
    try:
        return stdnum_siret.validate(text)
    except NumberError as error:
        raise ValueRefused("bad_siret", value=shown(text)) from error


def email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise ValueRefused("bad_email", value=shown(text))
    return text


def country_code(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text, re.ASCII):
        raise ValueRefused("bad_country", value=shown(text))
    return text.upper()


def rum(text: str) -> str:
    """Return a mandate reference as received: it is never rewritten (EPC AT-T014)."""
    if not iban_tools.is_valid_rum(text):
        raise ValueRefused("bad_rum", value=shown(text))
    return text


def text(limit: int) -> Callable[[str], str]:
    """Return a reader that refuses control characters and what is longer than ``limit``."""

    def read(value: str) -> str:
        if any(ord(char) < 32 or ord(char) == 127 for char in value):
            raise ValueRefused("control_characters", value=shown(value))
        if len(value) > limit:
            raise ValueRefused("too_long", length=len(value), limit=limit)
        return value

    return read


class RowReader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.errors: list[RowError] = []

    def refuse(self, column: str, code: str, **params: object) -> None:
        self.errors.append(RowError(self.row.number, column, code, params))

    def required(self, column: str, read: Callable[[str], T]) -> T | None:
        if not self.row.cells[column]:
            self.refuse(column, "missing_value")
            return None
        return self.optional(column, read)

    def optional(self, column: str, read: Callable[[str], T], default: T | None = None) -> T | None:
        """Return the value of a cell, ``default`` when it is empty, None when it is refused."""
        cell = self.row.cells[column]
        if not cell:
            return default
        try:
            return read(cell)
        except ValueRefused as error:
            self.refuse(column, error.code, **error.params)
            return None

    def in_order(self, first: date | None, last: date | None, column: str, code: str) -> None:
        """Refuse ``column`` when ``last`` is before ``first``."""
        if first and last and last < first:
            self.refuse(column, code, first=first.isoformat(), last=last.isoformat())


def columns_that_differ(one: object, other: object, names: Sequence[str]) -> list[str]:
    """Return the names of the attributes on which two rows do not agree."""
    return [name for name in names if getattr(one, name) != getattr(other, name)]
