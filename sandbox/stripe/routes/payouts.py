"""Payouts, automatic only."""

from ..http import Call, get
from ..paging import page


def get_payout(call: Call) -> dict:
    """A payout by its id."""
    return call.engine.find(call.engine.state.payouts, call.identity).doc


def list_payouts(call: Call) -> dict:
    """Payouts, newest first."""
    return page(call.url, call.engine.state.payouts, call.data)


OPERATIONS = [
    get("payouts", "PayoutListParams", list_payouts, "status arrival_date destination"),
    get("payouts/{identity}", "PayoutRetrieveParams", get_payout),
]
