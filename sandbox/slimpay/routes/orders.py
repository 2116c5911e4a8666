"""Orders."""

import base64

from ..const import CREDITOR, ORDER_STATES
from ..errors import access_denied, bad_query, not_found, refused
from ..http import Call, Operation
from ..paging import Listing
from ..schema import Schema
from ..state import Order
from .items import check_order

EMPTY = Schema()
MODES = ("iframeembedded", "iframepopin")
LISTING = Listing(
    relation="search-orders",
    name="orders",
    view=lambda call, row: call.views.order(row),
    equal={
        "id": lambda row: row.id,
        "entityReference": lambda row: None,
        "subscriberReference": lambda row: row.subscriber,
        "reference": lambda row: row.reference,
        "state": lambda row: row.doc["state"],
        "type": lambda row: row.items[0]["type"],
    },
    dates={"dateCreated": lambda row: row.doc["dateCreated"]},
    allowed={"state": ORDER_STATES},
)


def find(call: Call) -> Order:
    """The order of the path."""
    row = call.engine.state.orders.get(call.path["id"])
    if row is None:
        raise not_found("Order not found")
    return row


def create_order(call: Call) -> dict:
    """POST /orders."""
    row = call.engine.orders.create(check_order(call.engine, call.data))
    return call.views.order(row)


def get_order(call: Call) -> dict:
    """GET /orders/{id}."""
    return call.views.order(find(call))


def read_orders(call: Call) -> dict:
    """One order by its reference (get-orders), else a collection (search-orders)."""
    if not call.query:
        raise bad_query("missing query parameters creditorReference and/or reference")
    call.own_creditor()
    if set(call.query) != {"creditorReference", "reference"}:
        return LISTING.answer(call, call.engine.state.orders.rows)
    rows = call.engine.state.orders.where("reference", call.query["reference"])
    if not rows:
        raise not_found("Order not found")
    return call.views.order(rows[0])


def get_subscriber(call: Call) -> dict:
    """GET /orders/{id}/subscriber."""
    row = find(call)
    return call.views.subscriber(call.engine.state.subscribers.get(row.subscriber))


def get_items(call: Call) -> dict:
    """GET /orders/{id}/order-items."""
    row = find(call)
    items = [call.views.order_item(row, position) for position in range(len(row.items))]
    return call.views.show({"_embedded": {"orderItems": items}}, f"/orders/{row.id}/order-items")


def get_item(call: Call) -> dict:
    """GET /order-items/{id}."""
    identity, _dash, position = call.path["id"].rpartition("-")
    row = call.engine.state.orders.get(identity)
    if row is None or not position.isdigit() or int(position) >= len(row.items):
        raise not_found("Order item not found")
    return call.views.order_item(row, int(position))


def cancel_order(call: Call) -> dict:
    """POST /orders/{id}/cancellation."""
    row = find(call)
    EMPTY.clean(call.data, call.strict)
    if not row.doc["state"].startswith("open"):
        raise refused("The order is closed")
    call.engine.orders.close(row, call.engine.settings.cancelled_order_state)
    return call.views.order(row)


def extended_approval(call: Call) -> dict:
    """The hosted page as a frame, in base64."""
    if call.path["creditor"] != CREDITOR:
        raise access_denied(call.path["creditor"])
    mode = call.query.get("mode")
    rows = call.engine.state.orders.where("reference", call.path["reference"])
    if not rows or not rows[0].doc["state"].startswith("open"):
        raise not_found("Order not found")
    if mode not in MODES:
        raise bad_query("missing query parameters mode")
    code = call.engine.orders.access_code(rows[0])
    frame = f'<iframe src="{call.views.base}/userApproval?accessCode={code}"></iframe>'
    content = base64.b64encode(frame.encode()).decode()
    path = f"/creditors/{CREDITOR}/orders/{rows[0].reference}/extended-user-approval?mode={mode}"
    return call.views.show({"mode": mode, "content": content}, path)


OPERATIONS = [
    Operation("POST", "/orders", create_order, creates=True),
    Operation("GET", "/orders", read_orders),
    Operation("GET", "/orders/{id}", get_order),
    Operation("GET", "/orders/{id}/subscriber", get_subscriber),
    Operation("GET", "/orders/{id}/order-items", get_items),
    Operation("GET", "/order-items/{id}", get_item),
    Operation("POST", "/orders/{id}/cancellation", cancel_order, bodiless=True),
    Operation(
        "GET",
        "/creditors/{creditor}/orders/{reference}/extended-user-approval",
        extended_approval,
        query=("mode",),
    ),
]
