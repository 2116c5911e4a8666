"""R-transactions."""

from ..const import CURRENCY, DEBIT_SCHEMES, EXECUTION_STATUSES
from ..errors import not_found, refused
from ..http import Call, Operation
from ..paging import Listing
from ..schema import Schema
from ..state import Issue, Payment

EMPTY = Schema()
LISTING = Listing(
    relation="search-payment-issues",
    name="paymentIssues",
    view=lambda call, row: call.views.issue(row),
    equal={
        "entityReference": lambda row: None,
        "subscriberReference": lambda row: row.subscriber,
        "currency": lambda row: row.doc["currency"],
        "executionStatus": lambda row: row.doc["executionStatus"],
    },
    dates={"dateCreated": lambda row: row.doc["dateCreated"]},
    allowed={
        "executionStatus": EXECUTION_STATUSES,
        "scheme": DEBIT_SCHEMES,
        "currency": (CURRENCY,),
    },
)


def find(call: Call) -> Issue:
    """The issue of the path."""
    row = call.engine.state.payment_issues.get(call.path["id"])
    if row is None:
        raise not_found("Payment issue not found")
    return row


def search(call: Call) -> dict:
    """GET /payment-issues: an acknowledged issue leaves the pages of those to process."""
    call.own_creditor()
    state = call.engine.state
    rows = state.payment_issues.rows
    if scheme := call.query.get("scheme"):
        rows = [row for row in rows if state.payments.get(row.payment).doc["scheme"] == scheme]
    return LISTING.answer(call, rows)


def get_issue(call: Call) -> dict:
    """GET /payment-issues/{id}."""
    return call.views.issue(find(call))


def acknowledge(call: Call) -> dict:
    """POST /payment-issues/{id}/acknowledgement."""
    row = find(call)
    EMPTY.clean(call.data, call.strict)
    if row.doc["executionStatus"] != "toprocess":
        raise refused("The issue is acknowledged already")
    call.engine.issues.acknowledge(row)
    return call.views.issue(row)


def issues_of(call: Call, payment: Payment) -> dict:
    """The issues of one payment."""
    rows = call.engine.state.payment_issues.where("payment", payment.id)
    doc = {"_embedded": {"paymentIssues": [call.views.issue(row) for row in rows]}} if rows else {}
    return call.views.show(doc, f"/payments/{payment.id}/issues")


OPERATIONS = [
    Operation("GET", "/payment-issues", search),
    Operation("GET", "/payment-issues/{id}", get_issue),
    Operation("POST", "/payment-issues/{id}/acknowledgement", acknowledge, bodiless=True),
]
