"""Importing a business that collected with Stripe before."""

from collections import Counter

from . import checks
from .engine import Engine
from .errors import ApiError

STATUSES = ("active", "inactive", "pending")
TEXTS = (
    "name",
    "given_name",
    "family_name",
    "company",
    "email",
    "iban",
    "customer_id",
    "payment_method_id",
    "mandate_id",
    "reference",
    "status",
)
MAPS = ("metadata",)
# Chosen ids: the table in which they must be free, and the prefix with which they start.
CHOSEN = {
    "customer_id": ("customers", "cus_"),
    "payment_method_id": ("payment_methods", "pm_"),
    "mandate_id": ("mandates", "mandate_"),
}


def seed(engine: Engine, payload: dict) -> list[dict]:
    """Create a customer, a payment method and a mandate for each of ``payload["customers"]``.

    Returns {customer, payment_method, mandate, reference} per entry, in the same order. Nothing is
    created and ValueError raised when an entry is wrong or a chosen id is taken.
    """
    entries = payload.get("customers")
    if not isinstance(entries, list) or set(payload) != {"customers"}:
        raise ValueError("expected {'customers': [...]}")
    wrong = {place: found for place, entry in enumerate(entries) if (found := problem(entry))}
    if wrong:
        raise ValueError(f"wrong entries: {wrong}")
    for key, (table, _prefix) in CHOSEN.items():
        counts = Counter(entry[key] for entry in entries if entry.get(key))
        taken = [
            identity
            for identity, count in counts.items()
            if count > 1 or engine.state.table(table).get(identity)
        ]
        if taken:
            raise ValueError(f"{key} taken or given twice: {', '.join(taken)}")
    return [import_payer(engine, entry) for entry in entries]


def problem(entry) -> str | None:
    """What is wrong with an entry."""
    if not isinstance(entry, dict):
        return "not an object"
    if unknown := set(entry) - {*TEXTS, *MAPS}:
        return f"unknown: {', '.join(sorted(unknown))}"
    if bad := [name for name in TEXTS if not isinstance(entry.get(name) or "", str)]:
        return f"not a text: {', '.join(bad)}"
    if not holder(entry):
        return "name can't be blank"
    if entry.get("status", "active") not in STATUSES:
        return f"status is one of {', '.join(STATUSES)}"
    for key, (_table, prefix) in CHOSEN.items():
        if entry.get(key) and not entry[key].startswith(prefix):
            return f"{key} starts with {prefix}"
    try:
        checks.iban(entry.get("iban") or "", "iban")
        checks.merged_metadata({}, entry.get("metadata") or {})
        checks.email(entry.get("email"), "email")
    except (ApiError, AttributeError) as error:
        return str(error)
    return None


def holder(entry: dict) -> str:
    """The name of the payer."""
    names = (entry.get("given_name"), entry.get("family_name"))
    return entry.get("company") or entry.get("name") or " ".join(filter(None, names))


def import_payer(engine: Engine, entry: dict) -> dict:
    """One payer with a mandate, by default active, accepted offline."""
    for key in CHOSEN:
        if entry.get(key):
            engine.world.ids.reserve(entry[key])
    billing = {"name": holder(entry), "email": entry.get("email")}
    customer = engine.customers.create(
        {**billing, "metadata": entry.get("metadata") or {}},
        identity=entry.get("customer_id"),
        silent=True,
    )
    method = engine.methods.add(
        checks.iban(entry["iban"]),
        billing,
        {},
        id=entry.get("payment_method_id"),
        customer=customer.id,
    )
    mandate = engine.mandates.create(
        method,
        {"accepted_at": engine.now(), "offline": {}, "type": "offline"},
        id=entry.get("mandate_id"),
        reference=entry.get("reference"),
        status=entry.get("status"),
    )
    return {
        "customer": customer.id,
        "payment_method": method.id,
        "mandate": mandate.id,
        "reference": mandate.doc["payment_method_details"]["sepa_debit"]["reference"],
    }
