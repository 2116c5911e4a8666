"""The log of every request that reached the provider, faults included."""

import json
from collections import deque
from dataclasses import asdict, dataclass

KEPT = 500_000


@dataclass(slots=True)
class Entry:
    """One request; ``status`` is None when no answer left the server."""

    number: int
    at: str
    method: str
    path: str
    query: str
    idempotency_key: str | None
    body: bytes
    status: int | None = None
    executed: bool = True
    fault: str | None = None

    def public(self) -> dict:
        """The entry as plain data, with the JSON body decoded (text when it is not JSON)."""
        values = asdict(self)
        try:
            values["body"] = json.loads(self.body) if self.body else None
        except ValueError:
            values["body"] = self.body.decode("utf-8", "replace")
        return values


class Journal:
    """Requests in order of arrival."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def record(self, at: str, scope: dict, key: str | None, body: bytes) -> Entry:
        """Note the request described by the ASGI ``scope`` before it is executed."""
        self._count += 1
        query = scope["query_string"].decode("latin-1")
        entry = Entry(self._count, at, scope["method"], scope["path"], query, key, body)
        self._entries.append(entry)
        return entry

    def select(self, method: str | None = None, path: str | None = None) -> list[dict]:
        """Requests with this method and a path that starts with ``path``, oldest first."""
        return [
            entry.public()
            for entry in self._entries
            if (not method or entry.method == method.upper())
            and (not path or entry.path.startswith(path))
        ]
