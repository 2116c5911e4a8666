"""mandates.csv: one row a signed mandate that a payment provider already holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from odoo.addons.payment_direct_debit.pure.iban import normalise_rum

from . import values
from .errors import RowError, shown
from .reader import Row, read
from .values import RowReader

COLUMNS = (
    "rum",
    "client_code",
    "iban",
    "scheme",
    "signed_on",
    "provider",
    "provider_mandate",
)


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One valid row. The IBAN is complete: it must not reach a report or a log."""

    row: int
    rum: str
    client_code: str
    iban: str
    scheme: str
    signed_on: date
    provider: str
    provider_mandate: str

    def __repr__(self) -> str:
        return f"MandateRow(row={self.row}, rum={self.rum!r})"


@dataclass(frozen=True, slots=True)
class MandateFile:
    """``row_count`` counts all rows, the refused too."""

    mandates: list[MandateRow]
    errors: list[RowError]
    row_count: int
    ignored_columns: list[str]


def parse(content: bytes, today: date) -> MandateFile:
    """Read a mandates file.

    :param today: a mandate can not be signed after this day
    :raises FileRefused: when the file as a whole is wrong
    """
    table = read(content, COLUMNS)
    errors = list(table.errors)
    seen: dict[str, int] = {}
    good = []
    for row in table.rows:
        parsed, problems = _parse_row(row, today)
        if parsed:
            # Banks compare references without regard to case and spaces.
            key = normalise_rum(parsed.rum)
            if key in seen:
                problems = [
                    RowError(
                        row.number,
                        "rum",
                        "duplicate_rum",
                        {"value": shown(parsed.rum), "row": seen[key]},
                    )
                ]
            else:
                seen[key] = row.number
                good.append(parsed)
        errors += problems
    row_count = len({row.number for row in table.rows} | {error.row for error in table.errors})
    return MandateFile(good, errors, row_count, table.ignored_columns)


def _parse_row(row: Row, today: date) -> tuple[MandateRow | None, list[RowError]]:
    reader = RowReader(row)
    fields = {
        "rum": reader.required("rum", values.rum),
        "client_code": reader.required("client_code", values.text(64)),
        "iban": reader.required("iban", values.iban),
        "scheme": reader.optional("scheme", values.choice("core", "b2b"), default="core"),
        "signed_on": reader.required("signed_on", values.day),
        "provider": reader.required("provider", values.text(64)),
        "provider_mandate": reader.required("provider_mandate", values.text(128)),
    }
    if fields["signed_on"] and fields["signed_on"] > today:
        reader.refuse("signed_on", "signed_in_future", value=fields["signed_on"].isoformat())
    if reader.errors:
        return None, reader.errors
    return MandateRow(row=row.number, **fields), []
