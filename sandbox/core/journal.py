"""The log of every request that reached the provider, faults included, and what was wrong."""

import json
from collections import deque
from dataclasses import asdict, dataclass

from sandbox.shapes.requests import Request

KEPT = 500_000
SHOWN = 20


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
    # Against the published shape; None: no request to the API, but for a page.
    violations: list[str] | None = None

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
        self._count = self._validated = 0
        self._wrong: list[Entry] = []

    def record(self, at: str, request: Request, violations: list[str] | None) -> Entry:
        """Note a request, and what is against its published shape, before it is executed."""
        self._count += 1
        entry = Entry(
            self._count,
            at,
            request.method,
            request.path,
            request.query,
            request.headers.get("idempotency-key"),
            request.body,
            violations=violations,
        )
        self._entries.append(entry)
        self._validated += violations is not None
        if violations:
            self._wrong.append(entry)
        return entry

    def verdict(self) -> dict:
        """How many requests were held against their shape, and how many were against it.

        ``first`` shows some of these, with number, method, path and ``violations``.
        """
        names = ("number", "method", "path", "violations")
        first = [{name: getattr(entry, name) for name in names} for entry in self._wrong[:SHOWN]]
        return {"validated": self._validated, "violations": len(self._wrong), "first": first}

    def select(self, method: str | None = None, path: str | None = None) -> list[dict]:
        """Requests with this method and a path that starts with ``path``, oldest first."""
        return [
            entry.public()
            for entry in self._entries
            if (not method or entry.method == method.upper())
            and (not path or entry.path.startswith(path))
        ]
