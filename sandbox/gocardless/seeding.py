"""Importing a business that collected with GoCardless before."""

from .const import MANDATE_STATUSES
from .engine import Engine
from .validation import Schema, iban, metadata, one_of, text

ENTRY = Schema(
    "iban",
    name=text(),
    given_name=text(),
    family_name=text(),
    company=text(),
    email=text(),
    iban=iban,
    mandate_id=text(40),
    reference=text(35),
    status=one_of(*MANDATE_STATUSES),
    metadata=metadata,
    mandate_metadata=metadata,
)


def seed(engine: Engine, payload: dict) -> list[dict]:
    """Create a customer, a bank account and a mandate for each of ``payload["customers"]``.

    Returns {customer, customer_bank_account, mandate, reference} per entry, in the same order.
    Nothing is created and ValueError raised when an entry is wrong or a mandate id is taken.
    """
    entries = payload.get("customers")
    if not isinstance(entries, list) or set(payload) != {"customers"}:
        raise ValueError("expected {'customers': [...]}")
    wrong = {}
    for position, entry in enumerate(entries):
        found = ENTRY.errors(entry)
        if not found and not (entry.get("name") or entry.get("company") or entry.get("given_name")):
            found = [("name", "can't be blank")]
        if found:
            wrong[position] = found
    if wrong:
        raise ValueError(f"wrong entries: {wrong}")
    chosen = [entry["mandate_id"] for entry in entries if entry.get("mandate_id")]
    taken = [identity for identity in chosen if engine.state.mandates.get(identity)]
    if taken or len(set(chosen)) != len(chosen):
        raise ValueError(f"mandate ids that are taken or come twice: {taken or chosen}")
    return [import_payer(engine, entry) for entry in entries]


def import_payer(engine: Engine, entry: dict) -> dict:
    """One payer with a mandate, by default active."""
    given, _blank, family = (entry.get("name") or "").partition(" ")
    customer = engine.add_customer(
        {
            "given_name": entry.get("given_name") or given or None,
            "family_name": entry.get("family_name") or family or None,
            "company_name": entry.get("company"),
            "email": entry.get("email"),
            "country_code": entry["iban"][:2].upper(),
            "metadata": entry.get("metadata") or {},
        }
    )
    holder = entry.get("company") or entry.get("name") or entry.get("family_name") or given
    account = engine.add_bank_account(customer, entry["iban"], holder or "", {})
    if entry.get("mandate_id"):
        engine.world.ids.reserve(entry["mandate_id"])
    mandate = engine.mandates.create(
        customer,
        account,
        id=entry.get("mandate_id"),
        reference=entry.get("reference"),
        metadata=entry.get("mandate_metadata"),
        status=entry.get("status") or "active",
        silent=True,
    )
    return {
        "customer": customer.id,
        "customer_bank_account": account.id,
        "mandate": mandate.id,
        "reference": mandate.doc["reference"],
    }
