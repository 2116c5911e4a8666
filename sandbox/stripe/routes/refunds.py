"""Refunds."""

from ..http import Call, get, post
from ..paging import page
from ..state import Row


def find(call: Call) -> Row:
    """The refund of the path."""
    return call.engine.find(call.engine.state.refunds, call.identity)


def create_refund(call: Call) -> dict:
    """Refund a charge, all or a part."""
    return call.engine.refunds.create(call.data).doc


def get_refund(call: Call) -> dict:
    """A refund by its id."""
    return find(call).doc


def update_refund(call: Call) -> dict:
    """Only the metadata can change."""
    row = find(call)
    if call.engine.update(row, call.data):
        call.engine.events.emit("refund.updated", row)
    return row.doc


def list_refunds(call: Call) -> dict:
    """Refunds, newest first."""
    return page(call.url, call.engine.state.refunds, call.data)


OPERATIONS = [
    post("refunds", "RefundCreateParams", create_refund, "amount charge payment_intent reason"),
    get("refunds", "RefundListParams", list_refunds, "charge payment_intent"),
    get("refunds/{identity}", "RefundRetrieveParams", get_refund),
    post("refunds/{identity}", "RefundUpdateParams", update_refund),
]
