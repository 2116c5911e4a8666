"""Customer bank accounts; creating them is reserved to accounts with custom payment pages."""

from ..const import CURRENCY
from ..errors import forbidden, invalid_state
from ..http import Call, action, create, find, get, listing, update
from ..paging import select, window
from ..validation import COUNTRY, Schema, iban, matching, metadata, one_of, text

NAME = "customer_bank_accounts"
SCHEMA = Schema(
    "iban account_holder_name links",
    iban=iban,
    account_holder_name=text(),
    country_code=matching(COUNTRY, "must be an ISO 3166-1 alpha-2 code"),
    currency=one_of(CURRENCY),
    metadata=metadata,
    links=Schema("customer", customer=text()),
)
METADATA = Schema(metadata=metadata)


def create_account(call: Call) -> dict:
    """Create an account from an IBAN; the same IBAN again revives a disabled account."""
    engine = call.engine
    if not engine.settings.custom_pages:
        raise forbidden("Custom payment pages are not enabled on this account")
    values = SCHEMA.check(call.data, NAME)
    customer = find(engine.state.customers, values["links"]["customer"], "link_not_found")
    existing = engine.find_bank_account(customer, values["iban"])
    if existing is None:
        return engine.add_bank_account(
            customer, values["iban"], values["account_holder_name"], values.get("metadata", {})
        ).doc
    if existing.doc["enabled"]:
        raise invalid_state(
            "bank_account_exists",
            "Bank account already exists",
            {"customer_bank_account": existing.id},
            status=409,
        )
    existing.doc["enabled"] = True
    return existing.doc


def get_account(call: Call) -> dict:
    """An account by its id."""
    return find(call.engine.state.customer_bank_accounts, call.identity).doc


def update_account(call: Call) -> dict:
    """Only the metadata can change: another IBAN is another account."""
    row = find(call.engine.state.customer_bank_accounts, call.identity)
    row.doc.update(METADATA.check(call.data, NAME))
    return row.doc


def disable_account(call: Call) -> dict:
    """Disable an account, which cancels its mandates."""
    row = find(call.engine.state.customer_bank_accounts, call.identity)
    if not row.doc["enabled"]:
        raise invalid_state("disable_failed", "The bank account is already disabled")
    call.engine.disable_bank_account(row)
    return row.doc


def list_accounts(call: Call):
    """Accounts, newest first."""
    filters = {
        "customer": lambda row: row.doc["links"]["customer"],
        "enabled": lambda row: str(row.doc["enabled"]).lower(),
    }
    rows = select(call.engine.state.customer_bank_accounts, call.query, filters)
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [row.doc for row in page], {"meta": meta}


OPERATIONS = [
    create(NAME, create_account),
    listing(NAME, list_accounts),
    get(NAME, get_account),
    update(NAME, update_account),
    action(NAME, "disable", disable_account),
]
