"""Webhook endpoints."""

from ..http import Call, delete, get, post
from ..paging import page
from ..state import WebhookEndpoint


def find(call: Call) -> WebhookEndpoint:
    """The endpoint of the path."""
    return call.engine.find(call.engine.state.webhook_endpoints, call.identity)


def create_endpoint(call: Call) -> dict:
    """Create an endpoint; only this answer shows its secret."""
    row = call.engine.endpoints.create(call.data)
    return {**row.doc, "secret": row.target.secret}


def get_endpoint(call: Call) -> dict:
    """An endpoint by its id."""
    return find(call).doc


def update_endpoint(call: Call) -> dict:
    """Change an endpoint."""
    return call.engine.endpoints.update(find(call), call.data).doc


def delete_endpoint(call: Call) -> dict:
    """Remove an endpoint."""
    row = find(call)
    call.engine.endpoints.delete(row)
    return {"id": row.id, "object": "webhook_endpoint", "deleted": True}


def list_endpoints(call: Call) -> dict:
    """Endpoints, newest first."""
    return page(call.url, call.engine.state.webhook_endpoints, call.data)


OPERATIONS = [
    post(
        "webhook_endpoints",
        "WebhookEndpointCreateParams",
        create_endpoint,
        "api_version description enabled_events url",
    ),
    get("webhook_endpoints", "WebhookEndpointListParams", list_endpoints),
    get("webhook_endpoints/{identity}", "WebhookEndpointRetrieveParams", get_endpoint),
    post(
        "webhook_endpoints/{identity}",
        "WebhookEndpointUpdateParams",
        update_endpoint,
        "description disabled enabled_events url",
    ),
    delete("webhook_endpoints/{identity}", "WebhookEndpointDeleteParams", delete_endpoint),
]
