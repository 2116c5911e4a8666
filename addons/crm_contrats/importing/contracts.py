"""contracts.csv: one row a line of a contract, rows with one reference being one contract."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from . import values
from .errors import RowError, shown
from .reader import Row, read
from .values import RowReader

COLUMNS = (
    "reference",
    "line",
    "client_code",
    "client",
    "kind",
    "siret",
    "email",
    "phone",
    "street",
    "zip",
    "city",
    "country",
    "product",
    "label",
    "quantity",
    "unit_price",
    "discount",
    "tax",
    "signed_on",
    "start_date",
    "end_date",
    "billing_period",
    "billing_day",
    "collection_mode",
    "sales_rep",
)

# What must be the same on all rows of one contract, and on all rows of one client.
CLIENT_FIELDS = (
    "client",
    "kind",
    "siret",
    "email",
    "phone",
    "street",
    "zip",
    "city",
    "country",
)
CONTRACT_FIELDS = (
    "client_code",
    "signed_on",
    "start_date",
    "end_date",
    "billing_period",
    "billing_day",
    "collection_mode",
    "sales_rep",
)


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One valid row. Money is in units of the currency, taxes not included; ``tax`` in percent."""

    row: int
    reference: str
    line: int
    client_code: str
    client: str
    kind: str
    siret: str
    email: str
    phone: str
    street: str
    zip: str
    city: str
    country: str
    product: str
    label: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal | None
    signed_on: date | None
    start_date: date
    end_date: date | None
    billing_period: str
    billing_day: int
    collection_mode: str
    sales_rep: str


@dataclass(frozen=True, slots=True)
class ContractFile:
    """What a file holds: valid contracts by reference, and the errors of the others.

    ``row_count`` counts all rows, the refused too.
    """

    contracts: dict[str, list[ContractRow]]
    errors: list[RowError]
    row_count: int
    ignored_columns: list[str]


def parse(content: bytes) -> ContractFile:
    """Read a contracts file.

    A contract with one bad row is refused whole: its other rows carry an error that says so.

    :raises FileRefused: when the file as a whole is wrong
    """
    table = read(content, COLUMNS)
    errors = list(table.errors)
    grouped: dict[str, list[ContractRow]] = {}
    rows_of: dict[str, list[int]] = {}
    for row in table.rows:
        parsed, problems = _parse_row(row)
        reference = row.cells["reference"]
        rows_of.setdefault(reference, []).append(row.number)
        errors += problems
        if parsed:
            grouped.setdefault(reference, []).append(parsed)
    errors += _check_groups(grouped)
    errors += _check_clients(grouped)
    errors += spread(errors, rows_of)
    bad = {error.row for error in errors}
    contracts = {
        reference: rows
        for reference, rows in grouped.items()
        if reference and not bad.intersection(rows_of[reference])
    }
    row_count = len({row.number for row in table.rows} | {error.row for error in table.errors})
    return ContractFile(contracts, errors, row_count, table.ignored_columns)


def spread(errors: list[RowError], rows_of: dict[str, list[int]]) -> list[RowError]:
    """Return one error for each good row of a contract that has a bad one."""
    bad = {error.row for error in errors}
    return [
        RowError(number, "reference", "other_row_refused", {"rows": _numbers(bad & set(numbers))})
        for reference, numbers in rows_of.items()
        if reference and bad.intersection(numbers)
        for number in numbers
        if number not in bad
    ]


def _numbers(numbers: set[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))


def _parse_row(row: Row) -> tuple[ContractRow | None, list[RowError]]:
    reader = RowReader(row)
    fields = {
        "reference": reader.required("reference", values.text(64)),
        "line": reader.optional("line", values.whole_number, default=1),
        **_client_values(reader),
        **_line_values(reader),
        "signed_on": reader.optional("signed_on", values.day),
        "start_date": reader.required("start_date", values.day),
        "end_date": reader.optional("end_date", values.day),
        "billing_period": reader.required(
            "billing_period", values.choice("monthly", "quarterly", "yearly")
        ),
        "billing_day": reader.required("billing_day", values.billing_day),
        "collection_mode": reader.optional(
            "collection_mode", values.choice("automatic", "one_off"), default="automatic"
        ),
        "sales_rep": reader.optional("sales_rep", values.text(128), default=""),
    }
    reader.in_order(fields["start_date"], fields["end_date"], "end_date", "end_before_start")
    if reader.errors:
        return None, reader.errors
    return ContractRow(row=row.number, **fields), []


def _client_values(reader: RowReader) -> dict[str, object]:
    return {
        "client_code": reader.required("client_code", values.text(64)),
        "client": reader.required("client", values.text(200)),
        "kind": reader.optional("kind", values.choice("company", "person"), default="company"),
        "siret": reader.optional("siret", values.siret, default=""),
        "email": reader.optional("email", values.email, default=""),
        "phone": reader.optional("phone", values.text(32), default=""),
        "street": reader.optional("street", values.text(200), default=""),
        "zip": reader.optional("zip", values.text(16), default=""),
        "city": reader.optional("city", values.text(100), default=""),
        "country": reader.optional("country", values.country_code, default="FR"),
    }


def _line_values(reader: RowReader) -> dict[str, object]:
    return {
        "product": reader.required("product", values.text(64)),
        "label": reader.optional("label", values.text(200), default=""),
        "quantity": reader.optional("quantity", values.positive, default=Decimal(1)),
        "unit_price": reader.required("unit_price", values.not_negative),
        "discount": reader.optional("discount", values.percent, default=Decimal(0)),
        "tax": reader.optional("tax", values.percent),
    }


def _check_groups(grouped: dict[str, list[ContractRow]]) -> list[RowError]:
    """Rows of one reference: increasing lines, and one contract only."""
    errors = []
    for reference, rows in grouped.items():
        for before, row in zip(rows, rows[1:], strict=False):
            if row.line <= before.line:
                errors.append(
                    RowError(
                        row.row,
                        "reference",
                        "duplicate_reference",
                        {"value": shown(reference), "row": before.row, "line": row.line},
                    )
                )
            for name in values.columns_that_differ(rows[0], row, CONTRACT_FIELDS):
                errors.append(RowError(row.row, name, "contract_differs", {"row": rows[0].row}))
    return errors


def _check_clients(grouped: dict[str, list[ContractRow]]) -> list[RowError]:
    """Rows of one client code say the same of the client."""
    first: dict[str, ContractRow] = {}
    errors = []
    for rows in grouped.values():
        for row in rows:
            known = first.setdefault(row.client_code, row)
            for name in values.columns_that_differ(known, row, CLIENT_FIELDS):
                params = {"value": shown(row.client_code), "row": known.row}
                errors.append(RowError(row.row, name, "client_differs", params))
    return errors
