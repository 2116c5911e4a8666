"""Disputes: made by the payers' banks."""

from ..http import Call, get, post
from ..paging import page
from ..state import Row


def find(call: Call) -> Row:
    """The dispute of the path."""
    return call.engine.find(call.engine.state.disputes, call.identity)


def get_dispute(call: Call) -> dict:
    """A dispute by its id."""
    return find(call).doc


def close_dispute(call: Call) -> dict:
    """Accept a dispute that is open."""
    return call.engine.disputes.close(find(call)).doc


def list_disputes(call: Call) -> dict:
    """Disputes, newest first."""
    return page(call.url, call.engine.state.disputes, call.data)


OPERATIONS = [
    get("disputes", "DisputeListParams", list_disputes, "charge payment_intent"),
    get("disputes/{identity}", "DisputeRetrieveParams", get_dispute),
    post("disputes/{identity}/close", "DisputeCloseParams", close_dispute),
]
