"""Customers."""

from ..const import LANGUAGES
from ..errors import validation_failed
from ..http import Call, create, find, get, listing, update
from ..paging import select, window
from ..validation import COUNTRY, EMAIL, Schema, matching, metadata, one_of, text

DETAILS = {
    "address_line1": text(),
    "address_line2": text(),
    "address_line3": text(),
    "city": text(),
    "company_name": text(),
    "country_code": matching(COUNTRY, "must be an ISO 3166-1 alpha-2 code"),
    "danish_identity_number": text(),
    "email": matching(EMAIL, "is not a valid email address"),
    "family_name": text(),
    "given_name": text(),
    "language": one_of(*LANGUAGES),
    "phone_number": text(30),
    "postal_code": text(20),
    "region": text(),
    "swedish_identity_number": text(),
}
SCHEMA = Schema(metadata=metadata, **DETAILS)


def check_name(doc: dict) -> None:
    """A customer is a company or a person with both names."""
    if not doc.get("company_name"):
        missing = [name for name in ("given_name", "family_name") if not doc.get(name)]
        if missing:
            errors = [(name, "can't be blank unless company_name is given") for name in missing]
            raise validation_failed(errors, "customers")


def create_customer(call: Call) -> dict:
    """Create a customer."""
    values = SCHEMA.check(call.data, "customers")
    check_name(values)
    return call.engine.add_customer(values).doc


def get_customer(call: Call) -> dict:
    """A customer by its id."""
    return find(call.engine.state.customers, call.identity).doc


def update_customer(call: Call) -> dict:
    """Change a customer; null empties a field."""
    row = find(call.engine.state.customers, call.identity)
    SCHEMA.check(call.data, "customers")
    check_name(row.doc | call.data)
    row.doc.update(call.data)
    return row.doc


def list_customers(call: Call):
    """Customers, newest first."""
    rows = select(call.engine.state.customers, call.query, {})
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [row.doc for row in page], {"meta": meta}


OPERATIONS = [
    create("customers", create_customer),
    listing("customers", list_customers),
    get("customers", get_customer),
    update("customers", update_customer),
]
