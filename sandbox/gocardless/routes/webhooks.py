"""Webhooks as the API shows them: what was sent, and what was answered."""

import asyncio

from sandbox.core.webhooks import Delivery

from ..errors import not_found
from ..http import Call, action, get, listing
from ..paging import bad_filter, window


def present(delivery: Delivery) -> dict:
    """The document of one delivery."""
    return {
        "id": delivery.id,
        "created_at": delivery.created_at,
        "is_test": False,
        "request_body": delivery.request_body,
        "request_headers": delivery.request_headers,
        "response_body": delivery.response_body,
        "response_body_truncated": False,
        "response_code": delivery.response_code,
        "response_headers": {},
        "response_headers_content_truncated": False,
        "response_headers_count_truncated": False,
        "successful": delivery.successful,
        "url": delivery.endpoint.url,
    }


def list_webhooks(call: Call):
    """Deliveries, newest first, perhaps only the failed ones."""
    query = dict(call.query)
    successful = query.pop("successful", None)
    if unknown := set(query) - {"after", "before", "limit"}:
        raise bad_filter(f"unknown parameters: {', '.join(sorted(unknown))}")
    rows = call.engine.world.webhooks.deliveries[::-1]
    if successful is not None:
        rows = [row for row in rows if row.successful == (successful.lower() == "true")]
    page, meta = window(rows, [row.id for row in rows], query)
    return [present(row) for row in page], {"meta": meta}


def find_delivery(call: Call) -> Delivery:
    """The delivery that the path names."""
    for delivery in call.engine.world.webhooks.deliveries:
        if delivery.id == call.identity:
            return delivery
    raise not_found()


def get_webhook(call: Call) -> dict:
    """A webhook by its id."""
    return present(find_delivery(call))


def retry_webhook(call: Call) -> dict:
    """Repeat a delivery in the background."""
    delivery = find_delivery(call)
    webhooks = call.engine.world.webhooks
    webhooks.background(asyncio.create_task(webhooks.retry(delivery)))
    return present(delivery)


OPERATIONS = [
    listing("webhooks", list_webhooks),
    get("webhooks", get_webhook),
    action("webhooks", "retry", retry_webhook),
]
