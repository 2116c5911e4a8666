"""Refunds of collected payments."""

from ..const import MAX_REFUNDS
from ..errors import forbidden, invalid_state, validation_failed
from ..http import Call, create, find, get, listing, update
from ..paging import select, window
from ..validation import Schema, integer, metadata, text

NAME = "refunds"
SCHEMA = Schema(
    "amount total_amount_confirmation links",
    amount=integer,
    total_amount_confirmation=integer,
    links=Schema("payment", payment=text()),
    metadata=metadata,
    reference=text(140),
)
METADATA = Schema(metadata=metadata)


def create_refund(call: Call) -> dict:
    """Refund a payment, wholly or in parts; the confirmation guards against doing it twice."""
    engine = call.engine
    if not engine.settings.can_create_refunds:
        raise forbidden("Refunds are not enabled on this account")
    values = SCHEMA.check(call.data, NAME)
    payment = find(engine.state.payments, values["links"]["payment"], "link_not_found")
    if values["amount"] <= 0:
        raise validation_failed([("amount", "must be greater than 0")], NAME)
    if payment.status not in ("confirmed", "paid_out"):
        raise invalid_state("refund_payment_invalid_state", f"Payment is {payment.status}")
    if len(engine.state.refunds.linked("payment", payment.id)) >= MAX_REFUNDS:
        raise invalid_state("number_of_refunds_exceeded", "Too many refunds of this payment")
    total = payment.doc["amount_refunded"] + values["amount"]
    if values["total_amount_confirmation"] != total:
        raise invalid_state(
            "total_amount_confirmation_invalid", f"The refunds would add up to {total}"
        )
    if total > payment.doc["amount"]:
        raise invalid_state(
            "available_refund_amount_insufficient", "More than what is left of the payment"
        )
    return engine.refunds.create(payment, values).doc


def get_refund(call: Call) -> dict:
    """A refund by its id."""
    return find(call.engine.state.refunds, call.identity).doc


def update_refund(call: Call) -> dict:
    """Only the metadata can change."""
    row = find(call.engine.state.refunds, call.identity)
    row.doc.update(METADATA.check(call.data, NAME))
    return row.doc


def list_refunds(call: Call):
    """Refunds, newest first."""
    filters = {
        "payment": lambda row: row.doc["links"]["payment"],
        "mandate": lambda row: row.doc["links"]["mandate"],
        "refund_type": lambda row: "payment",
    }
    rows = select(call.engine.state.refunds, call.query, filters)
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [row.doc for row in page], {"meta": meta}


OPERATIONS = [
    create(NAME, create_refund),
    listing(NAME, list_refunds),
    get(NAME, get_refund),
    update(NAME, update_refund),
]
