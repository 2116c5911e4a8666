"""Charges: made by payment intents, read here."""

from ..http import Call, get
from ..paging import page


def get_charge(call: Call) -> dict:
    """A charge by its id."""
    return call.engine.find(call.engine.state.charges, call.identity).doc


def list_charges(call: Call) -> dict:
    """Charges, newest first."""
    return page(call.url, call.engine.state.charges, call.data)


OPERATIONS = [
    get("charges", "ChargeListParams", list_charges, "customer payment_intent"),
    get("charges/{identity}", "ChargeRetrieveParams", get_charge),
]
