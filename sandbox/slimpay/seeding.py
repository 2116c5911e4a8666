"""Importing a business that collected with SlimPay before."""

from .const import CORE, DEBIT_SCHEMES, MANDATE_STATES
from .engine import Engine
from .errors import ApiError
from .ids import is_uuid
from .schema import LATIN, Field, Schema, iban, moment, one_of, text


def uuid(value: object) -> str | None:
    """The form of an id."""
    return None if is_uuid(value) else "not a UUID"


ENTRY = Schema(
    "iban",
    name=Field(text(100)),
    given_name=Field(text(35)),
    family_name=Field(text(70)),
    company=Field(text(70)),
    email=Field(text(70)),
    telephone=Field(text(16)),
    iban=Field(iban),
    subscriber=Field(text(35)),
    mandate_id=Field(uuid),
    reference=Field(text(35, LATIN)),
    status=Field(one_of(*MANDATE_STATES)),
    scheme=Field(one_of(*DEBIT_SCHEMES)),
    date_signed=Field(moment),
)


def seed(engine: Engine, payload: dict) -> list[dict]:
    """Create a subscriber and a mandate for each of ``payload["customers"]``.

    Returns {customer, customer_bank_account, mandate, reference} per entry, in the same order:
    the subscriber's reference, the account's id, the mandate's id and its RUM.
    Nothing is created and ValueError raised when an entry is wrong or an id or a RUM is taken.
    """
    entries = payload.get("customers")
    if not isinstance(entries, list) or set(payload) != {"customers"}:
        raise ValueError("expected {'customers': [...]}")
    for position, entry in enumerate(entries):
        try:
            ENTRY.clean(entry, strict=True, name="entry")
        except ApiError as error:
            raise ValueError(f"entry {position}: {error}") from error
        if not any(entry.get(name) for name in ("name", "company", "given_name")):
            raise ValueError(f"entry {position}: no name")
    check_free(engine, entries)
    return [import_payer(engine, entry) for entry in entries]


def check_free(engine: Engine, entries: list[dict]) -> None:
    """ValueError when a mandate id or a RUM is taken or comes twice."""
    taken = {
        "mandate_id": lambda value: engine.state.mandates.get(value),
        "reference": lambda value: engine.mandates.find(value),
    }
    for name, find in taken.items():
        chosen = [entry[name] for entry in entries if entry.get(name)]
        if len(set(chosen)) != len(chosen) or any(find(value) for value in chosen):
            raise ValueError(f"a {name} is taken or comes twice")


def import_payer(engine: Engine, entry: dict) -> dict:
    """One payer with a mandate, by default active."""
    given, _blank, family = (entry.get("name") or "").partition(" ")
    person = {
        # SlimPay wants a name for companies too.
        "givenName": entry.get("given_name") or given or "-",
        "familyName": entry.get("family_name") or family or "-",
        "email": entry.get("email"),
        "telephone": entry.get("telephone"),
    }
    person = {name: value for name, value in person.items() if value}
    reference = entry.get("subscriber") or f"SEED{engine.world.ids.number('subscriber'):07d}"
    subscriber = engine.subscriber({"reference": reference, **person})
    if entry.get("company"):
        person["companyName"] = entry["company"]
    account = engine.bank_account(entry["iban"])
    mandate = engine.mandates.create(
        subscriber,
        {
            "reference": entry.get("reference"),
            "paymentScheme": entry.get("scheme", CORE),
            "signatory": person,
        },
        account,
        id=entry.get("mandate_id"),
        state=entry.get("status"),
        signed=entry.get("date_signed"),
    )
    return {
        "customer": subscriber.id,
        "customer_bank_account": account["id"],
        "mandate": mandate.id,
        "reference": mandate.reference,
    }
