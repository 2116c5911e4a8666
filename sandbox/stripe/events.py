"""Events: snapshots of resources, the feed that webhooks and the events list share."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from .const import API_VERSION
from .state import Row

if TYPE_CHECKING:
    from .engine import Engine


class Events:
    """Writes events, stamped by the simulated clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # Id and idempotency key of the request being executed; none for what happens by itself.
        self.request: dict = {"id": None, "idempotency_key": None}

    def emit(self, kind: str, row: Row, previous: dict | None = None) -> str:
        """Record that ``kind`` happened to ``row``; return the id of the event.

        ``previous``: the former values of what an update changed.
        """
        world = self.engine.world
        data = {"object": copy.deepcopy(row.doc)}
        if previous is not None:
            data["previous_attributes"] = previous
        doc = {
            "id": world.ids.new("evt_"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.engine.now(),
            "data": data,
            "livemode": False,
            "pending_webhooks": 0,
            "request": dict(self.request),
            "type": kind,
        }
        doc["pending_webhooks"] = sum(endpoint.takes(doc) for endpoint in world.webhooks.endpoints)
        self.engine.state.events.add(Row(doc))
        world.webhooks.publish(doc)
        return doc["id"]
