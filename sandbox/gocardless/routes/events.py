"""The events feed."""

from ..const import EVENT_LINKS, EVENT_RESOURCES
from ..errors import validation_failed
from ..events import LINK_NAMES
from ..http import Call, find, get, listing
from ..paging import bad_filter, select, window
from ..state import Row

TABLES = {link: resource for resource, link in LINK_NAMES.items()}


def link(name: str):
    """Reads one link of an event."""
    return lambda row: row.doc["links"].get(name)


FILTERS = {
    "action": lambda row: row.doc["action"],
    "resource_type": lambda row: row.doc["resource_type"],
    **{name: link(name) for name in (*EVENT_LINKS, "parent_event")},
}


def list_events(call: Call):
    """Events, newest first; ``include`` adds the linked resources of one kind."""
    query = dict(call.query)
    kind, include = query.get("resource_type"), query.pop("include", None)
    if kind and kind not in EVENT_RESOURCES:
        raise validation_failed([("resource_type", "is not included in the list")], "")
    if kind and any(name in query for name in EVENT_LINKS):
        raise bad_filter("resource_type cannot be used together with the id of a resource")
    if include and (not kind or include not in EVENT_LINKS):
        raise bad_filter("include needs resource_type and one of " + ", ".join(EVENT_LINKS))
    rows = select(call.engine.state.events, query, FILTERS)
    page, meta = window(rows, [row.id for row in rows], query)
    extra = {"linked": linked(call, page, include)} if include else {}
    return [row.doc for row in page], {**extra, "meta": meta}


def linked(call: Call, page: list[Row], include: str) -> dict:
    """The documents that the events of the page link to, each once."""
    table = call.engine.state.table(TABLES[include])
    ids = dict.fromkeys(row.doc["links"].get(include) for row in page)
    return {TABLES[include]: [table.get(identity).doc for identity in ids if identity]}


def get_event(call: Call) -> dict:
    """An event by its id."""
    return find(call.engine.state.events, call.identity).doc


OPERATIONS = [listing("events", list_events), get("events", get_event)]
