"""Webhook configurations, version 1."""

import hashlib

from ..const import WEBHOOK_EVENTS
from ..errors import incomplete, invalid, not_found
from ..http import Call, Operation, check_creditor
from ..schema import CREDITOR, Field, Schema, anything, boolean, text, url
from ..state import Row

FIELDS = {
    "title": Field(text(100)),
    "description": Field(text(255)),
    "url": Field(url(255)),
    "enabled": Field(boolean),
    "eventTypes": Field(anything),
}
CREATE = Schema("title url eventTypes", creditor=CREDITOR, **FIELDS)
UPDATE = Schema(**FIELDS)


def check_events(values: dict) -> None:
    """The event types must be a list of those that exist."""
    wanted = values.get("eventTypes", [WEBHOOK_EVENTS[0]])
    if not isinstance(wanted, list) or not wanted:
        raise invalid("eventTypes")
    if not all(item in WEBHOOK_EVENTS for item in wanted):
        raise invalid("eventTypes")


def find(call: Call) -> Row:
    """The configuration of the path."""
    row = call.engine.state.webhooks.get(call.path["id"])
    if row is None:
        raise not_found("Webhook configuration not found")
    return row


def create_webhook(call: Call) -> dict:
    """POST /v1/webhook-configurations: the only answer that shows the secret."""
    engine = call.engine
    values = CREATE.clean(call.data, call.strict)
    check_events(values)
    if "creditor" in values:
        check_creditor(values.pop("creditor"))
    identity, now = engine.new_id(), engine.now()
    # 64 bytes as text, the same on every run.
    secret = hashlib.sha256(f"{engine.world.seed}/{identity}".encode()).hexdigest()
    doc = {"id": identity, "enabled": True, "dateCreated": now, "dateModified": now, **values}
    row = engine.state.webhooks.add(Row({**doc, "secret": secret}))
    engine.notices.follow_configurations()
    return {**call.views.webhook(row), "secret": secret}


def list_webhooks(call: Call) -> dict:
    """GET /v1/webhook-configurations."""
    call.own_creditor()
    found = [call.views.webhook(row) for row in call.engine.state.webhooks.rows]
    doc = {"_embedded": {"webhookConfigurations": found}} if found else {}
    return call.views.show(doc, "/v1/webhook-configurations")


def get_webhook(call: Call) -> dict:
    """GET /v1/webhook-configurations/{id}."""
    return call.views.webhook(find(call))


def update_webhook(call: Call) -> dict:
    """PATCH /v1/webhook-configurations/{id}."""
    row = find(call)
    values = UPDATE.clean(call.data, call.strict)
    if not values:
        raise incomplete("body")
    check_events(values)
    row.doc.update(values, dateModified=call.engine.now())
    call.engine.notices.follow_configurations()
    return call.views.webhook(row)


def delete_webhook(call: Call) -> None:
    """DELETE /v1/webhook-configurations/{id}."""
    call.engine.state.webhooks.remove(find(call))
    call.engine.notices.follow_configurations()


PATH = "/v1/webhook-configurations"
OPERATIONS = [
    Operation("POST", PATH, create_webhook, creates=True),
    Operation("GET", PATH, list_webhooks),
    Operation("GET", PATH + "/{id}", get_webhook),
    Operation("PATCH", PATH + "/{id}", update_webhook),
    Operation("DELETE", PATH + "/{id}", delete_webhook),
]
