"""The events of the last 30 days."""

from ..errors import invalid
from ..http import Call, get
from ..paging import page

READABLE = 30 * 24 * 3600
MAX_TYPES = 20


def get_event(call: Call) -> dict:
    """An event by its id."""
    return call.engine.find(call.engine.state.events, call.identity).doc


def of_type(row, pattern: str) -> bool:
    """Whether the type of an event is ``pattern``, which may end with ``*``."""
    kind = row.doc["type"]
    return kind.startswith(pattern[:-1]) if pattern.endswith("*") else kind == pattern


def list_events(call: Call) -> dict:
    """Events, newest first, perhaps only those that some endpoint did not accept."""
    engine, data = call.engine, dict(call.data)
    if "type" in data and "types" in data:
        message = "You may only specify one of these parameters: type, types."
        raise invalid(message, "types")
    if len(data.get("types", [])) > MAX_TYPES:
        raise invalid(f"You may list at most {MAX_TYPES} types.", "types")
    if "delivery_success" in data:
        missing = engine.world.webhooks.missing()
    since = engine.now() - READABLE
    filters = {
        "type": of_type,
        "types": lambda row, types: row.doc["type"] in types,
        "delivery_success": lambda row, wanted: (row.id not in missing) == wanted,
        "readable": lambda row, _wanted: row.doc["created"] >= since,
    }
    return page(call.url, engine.state.events, {**data, "readable": True}, filters)


OPERATIONS = [
    get("events", "EventListParams", list_events, "type types delivery_success"),
    get("events/{identity}", "EventRetrieveParams", get_event),
]
