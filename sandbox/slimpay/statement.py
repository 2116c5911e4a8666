"""The account statement as CSV (https://dev.slimpay.com/file/account-reporting)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sandbox.core.calendar import shift

from .const import CREDITOR
from .money import amount
from .settings import Settings

if TYPE_CHECKING:
    from .treasury import Line

TITLES = {
    "en": "Line;Execution_Date;Transaction_ID;Client_Reference;Debtor_Name;OP_Code;Amount;"
    "Value_Date;Credit_value;Debit_value;Label;Invoice_Reference;Initial_Transaction_ID",
    "fr": "Ligne;Dateexecution;TransactionID;ReferenceClient;Nomdebiteur;CodeOP;Montant;"
    "Datevaleur;Creditvaleur;Debitvaleur;Libelle;Referencefacture;OriginalTransactionID",
}
WORDS = {
    "en": {
        "previous": "Previous balance",
        "total": "TOTAL",
        "new": "New balance",
        "transfers": "Transfers in progress",
        "fees": "Fees in progress",
        "floor": "Floor",
        "available": "Available funds",
    },
    "fr": {
        "previous": "Solde precedent",
        "total": "TOTAL",
        "new": "Nouveau solde",
        "transfers": "Virements en cours",
        "fees": "Frais en cours",
        "floor": "Plancher",
        "available": "Fonds disponibles",
    },
}


class Writer:
    """Numbers, dates and lines as a language writes them."""

    def __init__(self, locale: str) -> None:
        self.french = locale == "fr"
        self.words = WORDS[locale]
        self._lines: list[str] = []

    def line(self, *cells: object) -> None:
        """A line of quoted cells, each followed by the separator."""
        quoted = ('"' + str(cell).replace('"', '""') + '";' for cell in cells)
        self._lines.append("".join(quoted))

    def blank(self) -> None:
        """An empty line."""
        self._lines.append("")

    def number(self, cents: int) -> str:
        """An amount."""
        text = amount(cents)
        return text.replace(".", ",") if self.french else text

    def day(self, day: date) -> str:
        """A date."""
        return f"{day:%d/%m/%Y}" if self.french else day.isoformat()

    def content(self) -> bytes:
        """The whole file."""
        return "".join(line + "\r\n" for line in self._lines).encode()


def statement(lines: list[Line], day: date, opening: int, closing: int, settings: Settings):
    """The statement of ``day`` as bytes; ``opening`` and ``closing`` balances in cents."""
    writer = Writer(settings.statement_locale)
    words, number = writer.words, writer.number
    writer.line(*TITLES[settings.statement_locale].split(";"))
    writer.line("0", writer.day(day), CREDITOR)
    writer.blank()
    writer.line(words["previous"], number(opening))
    writer.blank()
    for position, line in enumerate(lines, 1):
        writer.line(*cells(writer, position, line, day))
    credit = sum(line.cents for line in lines if line.cents > 0)
    debit = -sum(line.cents for line in lines if line.cents < 0)
    writer.line(words["total"], number(credit), number(debit))
    writer.blank()
    writer.line(words["new"], number(closing))
    for word in ("transfers", "fees"):
        writer.line(words[word], number(0))
    writer.line(words["floor"], number(settings.floor))
    writer.line(words["available"], number(max(0, closing)))
    return writer.content()


def cells(writer: Writer, position: int, line: Line, day: date) -> list[str]:
    """The 13 columns of a transaction; 12 for fees."""
    value = shift(day, 1)
    found = [
        str(position),
        writer.day(day),
        line.transaction,
        line.subscriber,
        line.name,
        line.code,
        writer.number(line.cents),
        writer.day(value),
        writer.number(line.cents) if line.cents > 0 else "",
        writer.number(-line.cents) if line.cents < 0 else "",
        line.label,
        line.invoice,
        line.original,
    ]
    return found[:-1] if line.code.startswith("FEE-") else found
