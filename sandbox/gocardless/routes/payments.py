"""Payments."""

from datetime import date

from ..const import CURRENCIES, CURRENCY, LIVE_MANDATES, MAX_RETRIES
from ..engine import Engine
from ..errors import forbidden, invalid_state, validation_failed
from ..http import Call, action, create, find, get, listing, update
from ..paging import bad_filter, select, window
from ..state import Mandate
from ..validation import Schema, boolean, day, integer, metadata, one_of, text

NAME = "payments"
SCHEMA = Schema(
    "amount currency links",
    amount=integer,
    app_fee=integer,
    charge_date=day,
    currency=one_of(*CURRENCIES),
    description=text(100),
    faster_ach=boolean,
    links=Schema("mandate", mandate=text()),
    metadata=metadata,
    reference=text(140),
    retry_if_possible=boolean,
)
UPDATE = Schema(metadata=metadata, retry_if_possible=boolean)
METADATA = Schema(metadata=metadata)
RETRY = Schema(metadata=metadata, charge_date=day)


def create_payment(call: Call) -> dict:
    """Create a payment against a live mandate."""
    engine = call.engine
    values = SCHEMA.check(call.data, NAME)
    if "app_fee" in values:
        raise forbidden("Only OAuth apps may take a fee")
    mandate = find(engine.state.mandates, values["links"]["mandate"], "link_not_found")
    check_mandate(mandate)
    if errors := wrong_values(engine, values):
        raise validation_failed(errors, NAME)
    return engine.payments.create(mandate, values).doc


def check_mandate(mandate: Mandate) -> None:
    """Payments need a live mandate; a replaced one names its successor."""
    if mandate.replaced_by:
        raise invalid_state(
            "mandate_replaced",
            "This mandate has been replaced",
            {"new_mandate": mandate.replaced_by},
        )
    if mandate.status not in LIVE_MANDATES:
        raise invalid_state(
            "mandate_is_inactive", f"The mandate is {mandate.status}", {"mandate": mandate.id}
        )


def wrong_values(engine: Engine, values: dict) -> list[tuple[str, str]]:
    """Refusals that depend on the account: limits, currency, reference, charge date."""
    errors, settings = [], engine.settings
    if values["amount"] < settings.min_amount:
        errors.append(("amount", f"must be at least {settings.min_amount}"))
    if values["amount"] > settings.max_amount:
        errors.append(("amount", f"must be at most {settings.max_amount}"))
    if values["currency"] != CURRENCY:
        errors.append(("currency", "does not match the currency of the mandate"))
    if values.get("reference") and not settings.payment_references:
        message = "Custom payment references are not enabled for your scheme identifier"
        errors.append(("reference", message))
    return errors + wrong_date(engine, values)


def wrong_date(engine: Engine, values: dict) -> list[tuple[str, str]]:
    """The charge date may not be before the mandate's next possible one."""
    first = engine.first_charge_date()
    if date.fromisoformat(values.get("charge_date") or first) < date.fromisoformat(first):
        message = f"must be on or after mandate's next_possible_charge_date ({first})"
        return [("charge_date", message)]
    return []


def get_payment(call: Call) -> dict:
    """A payment by its id."""
    return find(call.engine.state.payments, call.identity).doc


def update_payment(call: Call) -> dict:
    """Change metadata or retry_if_possible."""
    row = find(call.engine.state.payments, call.identity)
    row.doc.update(UPDATE.check(call.data, NAME))
    return row.doc


def cancel_payment(call: Call) -> dict:
    """Cancel a payment that was not submitted yet."""
    row = find(call.engine.state.payments, call.identity)
    values = METADATA.check(call.data, "data")
    if row.status != "pending_submission":
        raise invalid_state("cancellation_failed", f"Payment is {row.status}")
    row.doc.update(values)
    call.engine.payments.cancel(row)
    return row.doc


def retry_payment(call: Call) -> dict:
    """Try a failed payment again, at most three times, under the same id."""
    engine = call.engine
    row = find(engine.state.payments, call.identity)
    values = RETRY.check(call.data, "data")
    if row.status != "failed":
        raise invalid_state("retry_failed", "Only failed payments can be retried")
    if row.attempt > MAX_RETRIES:
        raise invalid_state("retry_failed", f"Payment was retried {MAX_RETRIES} times")
    check_mandate(engine.payments.mandate(row))
    if errors := wrong_date(engine, values):
        raise validation_failed(errors, "data")
    row.doc["metadata"] = values.get("metadata", row.doc["metadata"])
    engine.payments.retry(row, values.get("charge_date"), "api", "payment_retried")
    return row.doc


def list_payments(call: Call):
    """Payments, newest first or sorted by charge_date or amount."""
    query = dict(call.query)
    field, direction = query.pop("sort_field", None), query.pop("sort_direction", "desc")
    if field not in (None, "charge_date", "amount") or direction not in ("asc", "desc"):
        raise bad_filter("sort_field is charge_date or amount, sort_direction asc or desc")
    filters = {
        "creditor": lambda row: row.doc["links"]["creditor"],
        "currency": lambda row: row.doc["currency"],
        "customer": lambda row: row.customer,
        "mandate": lambda row: row.doc["links"]["mandate"],
        "scheme": lambda row: row.doc["scheme"],
        "status": lambda row: row.doc["status"],
        "subscription": lambda row: None,
    }
    dated = ("created_at", "charge_date")
    rows = select(call.engine.state.payments, query, filters, dated)
    if field:
        rows.sort(key=lambda row: row.doc[field], reverse=direction == "desc")
    elif direction == "asc":
        rows.reverse()
    page, meta = window(rows, [row.id for row in rows], query)
    return [row.doc for row in page], {"meta": meta}


OPERATIONS = [
    create(NAME, create_payment),
    listing(NAME, list_payments),
    get(NAME, get_payment),
    update(NAME, update_payment),
    action(NAME, "cancel", cancel_payment),
    action(NAME, "retry", retry_payment),
]
