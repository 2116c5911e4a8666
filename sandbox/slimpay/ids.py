"""Identifiers: version 1 UUIDs without a node, as in every recorded answer."""

from sandbox.core.ids import Ids


def new_uuid(ids: Ids) -> str:
    """A fresh UUID, the same on every run."""
    return f"{ids.number('uuid'):08x}-5a1d-11f0-8fd1-000000000000"


def is_uuid(text: object) -> bool:
    """Whether ``text`` has the form of an id."""
    parts = text.split("-") if isinstance(text, str) else []
    hexadecimal = all(set(part) <= set("0123456789abcdef") for part in parts)
    return hexadecimal and [len(part) for part in parts] == [8, 4, 4, 4, 12]
