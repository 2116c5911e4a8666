"""Mandates."""

from ..const import LIVE_MANDATES, SCHEME
from ..errors import forbidden, invalid_state, validation_failed
from ..http import Call, action, create, find, get, listing, update
from ..paging import select, window
from ..validation import Schema, metadata, one_of, text

NAME = "mandates"
SCHEMA = Schema(
    "links",
    links=Schema("customer_bank_account", customer_bank_account=text(), creditor=text()),
    metadata=metadata,
    payer_ip_address=text(45),
    reference=text(35),
    scheme=one_of(SCHEME),
)
METADATA = Schema(metadata=metadata)


def create_mandate(call: Call) -> dict:
    """Create a mandate on an account; reserved to accounts with custom payment pages."""
    engine = call.engine
    if not engine.settings.custom_pages:
        raise forbidden("Custom payment pages are not enabled on this account")
    values = SCHEMA.check(call.data, NAME)
    links = values["links"]
    account = find(
        engine.state.customer_bank_accounts, links["customer_bank_account"], "link_not_found"
    )
    if links.get("creditor"):
        find(engine.state.creditors, links["creditor"], "link_not_found")
    if not account.doc["enabled"]:
        raise invalid_state("bank_account_disabled", "The bank account is disabled")
    check_reference(engine, values.get("reference"), NAME, "reference")
    customer = engine.state.customers.get(account.doc["links"]["customer"])
    row = engine.mandates.create(
        customer,
        account,
        reference=values.get("reference"),
        metadata=values.get("metadata"),
    )
    return engine.mandates.present(row)


def check_reference(engine, reference: str | None, root: str, field: str) -> None:
    """A chosen reference needs the right to choose it, and is unique."""
    if not reference:
        return
    if not engine.settings.can_specify_mandate_reference:
        message = "Custom mandate references are not enabled for your scheme identifier"
        raise validation_failed([(field, message)], root)
    if any(row.doc["reference"] == reference for row in engine.state.mandates.rows):
        raise validation_failed([(field, "has already been taken")], root)


def get_mandate(call: Call) -> dict:
    """A mandate by its id."""
    return call.engine.mandates.present(find(call.engine.state.mandates, call.identity))


def update_mandate(call: Call) -> dict:
    """Only the metadata can change."""
    row = find(call.engine.state.mandates, call.identity)
    row.doc.update(METADATA.check(call.data, NAME))
    return call.engine.mandates.present(row)


def cancel_mandate(call: Call) -> dict:
    """Cancel a mandate and its payments that were not submitted."""
    row = find(call.engine.state.mandates, call.identity)
    values = METADATA.check(call.data, "data")
    if row.status not in LIVE_MANDATES:
        raise invalid_state("cancellation_failed", f"Mandate is {row.status}")
    row.doc.update(values)
    call.engine.mandates.cancel(row)
    return call.engine.mandates.present(row)


def list_mandates(call: Call):
    """Mandates, newest first."""
    filters = {
        "customer": lambda row: row.doc["links"]["customer"],
        "customer_bank_account": lambda row: row.doc["links"]["customer_bank_account"],
        "creditor": lambda row: row.doc["links"]["creditor"],
        "reference": lambda row: row.doc["reference"],
        "scheme": lambda row: row.doc["scheme"],
        "status": lambda row: row.doc["status"],
    }
    rows = select(call.engine.state.mandates, call.query, filters)
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [call.engine.mandates.present(row) for row in page], {"meta": meta}


OPERATIONS = [
    create(NAME, create_mandate),
    listing(NAME, list_mandates),
    get(NAME, get_mandate),
    update(NAME, update_mandate),
    action(NAME, "cancel", cancel_mandate),
]
