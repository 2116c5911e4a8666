"""Idempotency keys of creations."""


class IdempotencyStore:
    """Which resource a key created, per kind of resource.

    A key is remembered only when something was created: what providers do with the key of a
    refused creation is not documented, and keeping it would hide a client that reuses keys.
    """

    def __init__(self) -> None:
        self._created: dict[tuple[str, str], str] = {}

    def find(self, kind: str, key: str | None) -> str | None:
        """The id that ``key`` created, or None."""
        return self._created.get((kind, key)) if key else None

    def remember(self, kind: str, key: str | None, identity: str) -> None:
        """Bind ``key`` to ``identity``; creations without a key are not protected."""
        if key:
            self._created[kind, key] = identity

    def __len__(self) -> int:
        return len(self._created)
