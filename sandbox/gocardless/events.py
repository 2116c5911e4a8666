"""Events: the feed that webhooks and the events list share."""

from sandbox.core.world import World

from .const import SCHEME
from .reasons import DESCRIPTIONS
from .state import Row, State

LINK_NAMES = {
    "billing_requests": "billing_request",
    "mandates": "mandate",
    "payments": "payment",
    "payouts": "payout",
    "refunds": "refund",
    "creditors": "creditor",
}
SCHEMELESS = frozenset({"billing_requests", "payouts", "creditors"})


class Events:
    """Writes events, stamped by the simulated clock."""

    def __init__(self, world: World, state: State) -> None:
        self._world = world
        self._state = state

    def emit(self, kind: str, row: Row, action: str, cause: str, **more) -> str:
        """Record that ``action`` happened to ``row`` of the resource ``kind``; return the id.

        ``more``: origin (default gocardless), code (SEPA reason), description, links, and any
        other key of ``details``.
        """
        details = {
            "origin": more.pop("origin", "gocardless"),
            "cause": cause,
            "description": more.pop("description", None) or DESCRIPTIONS.get(cause, cause),
        }
        code, links = more.pop("code", None), more.pop("links", {})
        if kind not in SCHEMELESS:
            details["scheme"] = SCHEME
        if code:
            details["reason_code"] = code
        doc = {
            "id": self._world.ids.new("EV"),
            "created_at": self._world.clock.now(),
            "resource_type": kind,
            "action": action,
            "links": {LINK_NAMES[kind]: row.id, **links},
            "details": details | more,
            "metadata": {},
            "resource_metadata": dict(row.doc.get("metadata") or {}),
            "customer_notifications": [],
            "source": source(details["origin"]),
        }
        self._state.events.add(Row(doc))
        self._world.webhooks.publish(doc)
        return doc["id"]


def source(origin: str) -> dict:
    """Who caused the event."""
    if origin == "api":
        return {"type": "access_token", "name": "Sandbox token"}
    return {"type": "app", "name": "GoCardless"}
