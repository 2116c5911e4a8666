"""The account: entry point, creditor, subscribers, balances, reports, files."""

import base64
from urllib.parse import urlencode

from ..const import CREDITOR, CURRENCY
from ..entry import entry_point, link
from ..errors import access_denied, bad_query, not_found
from ..http import Call, Operation
from ..money import amount
from ..paging import Listing, date_bound, within
from ..state import File, Row

SUBSCRIBERS = Listing(
    relation="search-subscribers",
    name="subscribers",
    view=lambda call, row: call.views.subscriber(row),
    equal={"entityReference": lambda row: None, "reference": lambda row: row.reference},
)
FILES = Listing(
    relation="search-files",
    name="files",
    view=lambda call, row: call.views.file(row),
    equal={
        name: (lambda row, name=name: row.doc.get(name))
        for name in ("name", "flow", "category", "status", "state")
    },
    dates={"creationDate": lambda row: row.doc["creationDate"]},
)
BALANCES = Listing(
    relation="search-balances",
    name="balances",
    view=lambda call, row: call.views.show(row.doc, f"/balances/{row.id}"),
    equal={"entityReference": lambda row: None, "currency": lambda row: row.doc["currency"]},
)


def root(call: Call) -> dict:
    """GET /."""
    return entry_point(call.views.base)


def get_creditor(call: Call) -> dict:
    """GET /creditors?reference= and GET /creditors/{reference}."""
    reference = call.path.get("reference") or call.query.get("reference")
    if reference is None:
        raise bad_query("missing query parameters reference")
    if reference != CREDITOR:
        raise access_denied(reference)
    return call.views.creditor()


def search_subscribers(call: Call) -> dict:
    """GET /subscribers."""
    call.own_creditor()
    return SUBSCRIBERS.answer(call, call.engine.state.subscribers.rows)


def get_subscriber(call: Call) -> dict:
    """GET /creditors/{creditor}/subscribers/{reference}."""
    if call.path["creditor"] != CREDITOR:
        raise access_denied(call.path["creditor"])
    row = call.engine.state.subscribers.get(call.path["reference"])
    if row is None:
        raise not_found("Subscriber not found")
    return call.views.subscriber(row)


def balances(call: Call) -> dict:
    """GET /balances: one, as it is now."""
    call.own_creditor()
    treasury, settings = call.engine.treasury, call.engine.settings
    funds, nothing = amount(treasury.funds), amount(0)
    doc = {
        "id": CREDITOR,
        "calculationDate": call.engine.now(),
        "valueBalance": funds,
        "bookBalance": funds,
        "rollingReserve": nothing,
        "ongoingPayoutsTotalAmount": nothing,
        "ongoingFeesTotalAmount": nothing,
        "globalCoverage": amount(settings.floor),
        "fixedCoverage": amount(settings.floor),
        "variableCoverage": nothing,
        "availableFunds": amount(treasury.available()),
        "currency": CURRENCY,
    }
    return BALANCES.answer(call, [Row(doc)])


def summed(cents: list[int]) -> dict:
    """Amount and number of a report."""
    return {"totalAmount": amount(sum(cents)), "totalNumber": len(cents)}


def report(call: Call) -> dict:
    """GET /reports: sums over the debits and the issues between two dates."""
    call.own_creditor()
    state = call.engine.state
    first, last = date_bound(call, "dateFrom"), date_bound(call, "dateTo")

    def inside(text: str) -> bool:
        return within(first or text, text, True) and within(text, last or text, True)

    debits = [
        row.cents
        for row in state.payments.rows
        if row.doc["direction"] == "IN"
        and "dateBooked" in row.doc
        and inside(row.doc["dateBooked"])
    ]
    issues: dict[str, list[int]] = {"rejects": [], "returns": [], "refunds": []}
    for row in state.payment_issues.rows:
        if row.doc["type"] in issues and inside(row.doc["dateCreated"]):
            issues[row.doc["type"]].append(state.payments.get(row.payment).cents)
    doc = {
        "currency": CURRENCY,
        "directDebits": summed(debits),
        "directDebitIssues": {kind: summed(cents) for kind, cents in issues.items()},
    }
    return call.views.show(doc, f"/reports?{urlencode(call.query)}")


def find_file(call: Call) -> File:
    """The file of the path."""
    row = call.engine.state.files.get(call.path["id"])
    if row is None:
        raise not_found("File not found")
    return row


def search_files(call: Call) -> dict:
    """GET /files: the account statements."""
    call.own_creditor()
    return FILES.answer(call, call.engine.state.files.rows)


def get_file(call: Call) -> dict:
    """GET /files/{id}."""
    return call.views.file(find_file(call))


def file_content(call: Call) -> dict:
    """The file in base64 inside JSON."""
    row = find_file(call)
    content = base64.b64encode(row.content).decode()
    doc = {"contentType": "text/csv", "contentEncoding": "base64", "content": content}
    return call.views.show(doc, f"/files/{row.id}/binary-content")


def profile(call: Call) -> dict:
    """GET /alps/v1."""
    return {"_links": {"self": link(call.views.base + "/alps/v1")}, "alps": {"version": "1.0"}}


OPERATIONS = [
    Operation("GET", "/", root),
    Operation("GET", "/alps/v1", profile),
    Operation("GET", "/creditors", get_creditor),
    Operation("GET", "/creditors/{reference}", get_creditor),
    Operation("GET", "/creditors/{creditor}/subscribers/{reference}", get_subscriber),
    Operation("GET", "/subscribers", search_subscribers),
    Operation("GET", "/balances", balances),
    Operation("GET", "/reports", report),
    Operation("GET", "/files", search_files),
    Operation("GET", "/files/{id}", get_file),
    Operation("GET", "/files/{id}/binary-content", file_content),
]
