"""Checkout sessions."""

from ..http import Call, get, post
from ..paging import page
from ..state import Row

CREATED = (
    "allowed_payment_method_types cancel_url client_reference_id currency customer customer_email "
    "expires_at locale mode payment_method_options setup_intent_data success_url ui_mode"
)


def find(call: Call) -> Row:
    """The session of the path, as it is now."""
    row = call.engine.find(call.engine.state.sessions, call.identity)
    return call.engine.sessions.refresh(row)


def create_session(call: Call) -> dict:
    """Open a hosted page on which a payer gives a mandate."""
    return call.engine.sessions.create(call.data, call.base_url).doc


def get_session(call: Call) -> dict:
    """A session by its id."""
    return find(call).doc


def expire_session(call: Call) -> dict:
    """Close an open session."""
    return call.engine.sessions.expire(find(call)).doc


def list_sessions(call: Call) -> dict:
    """Sessions, newest first."""
    for row in call.engine.state.sessions.rows:
        call.engine.sessions.refresh(row)
    return page(call.url, call.engine.state.sessions, call.data)


OPERATIONS = [
    post("checkout/sessions", "checkout.SessionCreateParams", create_session, CREATED),
    get("checkout/sessions", "checkout.SessionListParams", list_sessions, "customer status"),
    get("checkout/sessions/{identity}", "checkout.SessionRetrieveParams", get_session),
    post("checkout/sessions/{identity}/expire", "checkout.SessionExpireParams", expire_session),
]
