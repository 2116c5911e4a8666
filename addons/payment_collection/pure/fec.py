"""The French file of accounting entries (FEC): one row of text for each line of an entry.

Article A. 47 A-1 of the Livre des procédures fiscales, paragraph VII, written by the arrêté of
29 July 2013: eighteen columns in this order, dates AAAAMMJJ, a comma before the decimals, no
separator of thousands, tab or bar between the columns, one file for each period.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
SEPARATOR = "\t"
LINE_END = "\r\n"
# An account begins with three digits of the general chart of accounts (A. 47 A-1, VII, 3°).
_ACCOUNT = re.compile(r"[0-9]{3}")
_BREAKS = re.compile(r"[\t|\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACES = re.compile(r"\s+")


class FecError(Exception):
    """The file would not be valid.

    :ivar str problem: "account", "journal", "number", "label" or "unbalanced".
    :ivar str where: the entry that has it.
    """

    def __init__(self, problem: str, where: str) -> None:
        super().__init__(f"{problem}: {where}")
        self.problem = problem
        self.where = where


class Line(NamedTuple):
    """One line of a posted entry; amounts in the currency of the books, never negative both."""

    journal_code: str
    journal_name: str
    number: str
    day: date
    account: str
    account_name: str
    auxiliary: str
    auxiliary_name: str
    piece: str
    piece_day: date
    label: str
    debit: Decimal
    credit: Decimal
    matching: str = ""
    matching_day: date | None = None
    validated_on: date | None = None
    foreign_amount: Decimal | None = None
    foreign_currency: str = ""


def text(value: str | None) -> str:
    """Return a value without what separates columns and lines."""
    return _SPACES.sub(" ", _BREAKS.sub(" ", value or "")).strip()


def amount(value: Decimal | None) -> str:
    """Return an amount with a comma and two decimals; empty for None."""
    return "" if value is None else f"{value:.2f}".replace(".", ",")


def day(value: date | None) -> str:
    """Return a day as AAAAMMJJ; empty for None."""
    return value.strftime("%Y%m%d") if value else ""


def row(line: Line) -> tuple[str, ...]:
    """Return the eighteen texts of a line.

    :raise FecError: when a column that must be filled would be empty or meaningless.
    """
    where = text(line.number) or "?"
    required = (
        ("number", text(line.number).strip("/ ")),
        ("journal", text(line.journal_code)),
        ("journal", text(line.journal_name)),
        ("account", _ACCOUNT.match(line.account or "")),
        ("label", text(line.label)),
        ("label", text(line.piece)),
    )
    for problem, present in required:
        if not present:
            raise FecError(problem, where)
    return (
        text(line.journal_code),
        text(line.journal_name),
        text(line.number),
        day(line.day),
        text(line.account),
        text(line.account_name),
        text(line.auxiliary),
        text(line.auxiliary_name),
        text(line.piece),
        day(line.piece_day),
        text(line.label),
        amount(line.debit),
        amount(line.credit),
        text(line.matching),
        day(line.matching_day),
        day(line.validated_on or line.day),
        amount(line.foreign_amount),
        text(line.foreign_currency),
    )


@dataclass
class Balance:
    """Debits and credits, of each entry and of the file; lines come entry by entry."""

    debit: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    _entry: tuple[str, str] | None = None
    _open: Decimal = field(default=Decimal(0))

    def add(self, line: Line) -> None:
        """Count a line.

        :raise FecError: when the entry before it does not balance.
        """
        entry = (line.journal_code, line.number)
        if entry != self._entry:
            self.close()
            self._entry = entry
        self._open += line.debit - line.credit
        self.debit += line.debit
        self.credit += line.credit

    def close(self) -> None:
        """End the last entry.

        :raise FecError: when it does not balance.
        """
        if self._open and self._entry:
            raise FecError("unbalanced", self._entry[1])
        self._open = Decimal(0)


def siren(number: str | None) -> str:
    """Return the SIREN in a SIREN, SIRET or French VAT number; empty when there is none.

    The ninth digit is a check digit (Luhn, ISO/IEC 7812-1).
    """
    digits = re.sub(r"[\s.\-]", "", number or "").upper()
    if match := re.fullmatch(r"FR[0-9A-Z]{2}([0-9]{9})", digits):
        digits = match[1]
    if not re.fullmatch(r"[0-9]{9}(?:[0-9]{5})?", digits):
        return ""
    digits = digits[:9]
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(digits)]
    return digits if sum(n // 10 + n % 10 for n in doubled) % 10 == 0 else ""


def file_name(company_siren: str, until: date) -> str:
    """Return the name that the text asks for: <SIREN>FEC<AAAAMMJJ>, the last day of the period."""
    return f"{company_siren}FEC{day(until)}.txt"
