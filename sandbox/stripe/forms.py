"""Form encoding with nested keys, as Stripe reads it: ``a[b][0][c]=value``."""

import re
from urllib.parse import parse_qsl

from .errors import invalid

KEY = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
PART = re.compile(r"\[([^\[\]]*)\]")


def pairs(text: str) -> list[tuple[str, str]]:
    """The (key, value) pairs of a body or query, in order; ApiError 400 when it is no form."""
    try:
        return parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as error:
        message = (
            "Invalid request (check that your POST content type is "
            "application/x-www-form-urlencoded)."
        )
        raise invalid(message) from error


def parse(text: str) -> dict:
    """Nested dicts of strings; ApiError 400 for keys that contradict each other.

    A list is a dict with the keys 0, 1, 2 ... until a schema says that a list is meant.
    """
    tree: dict = {}
    for key, value in pairs(text):
        found = KEY.match(key)
        if not found:
            raise invalid(f"Invalid key: {key}", key)
        insert(tree, [found[1], *PART.findall(found[2])], value, key)
    return tree


def insert(tree: dict, path: list[str], value: str, key: str) -> None:
    """Put ``value`` at ``path``; an empty step appends."""
    for position, step in enumerate(path):
        step = step or f"{len(tree)}"
        if position == len(path) - 1:
            if step in tree:
                raise invalid(f"Duplicate or conflicting parameter: {key}", key)
            tree[step] = value
            return
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            raise invalid(f"Duplicate or conflicting parameter: {key}", key)
