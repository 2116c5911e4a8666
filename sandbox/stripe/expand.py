"""Expanding ids into the objects that they name (https://docs.stripe.com/expand)."""

from __future__ import annotations

import typing
from functools import cache
from typing import TYPE_CHECKING

from stripe._object_classes import get_object_class

from .errors import ApiError, invalid

if TYPE_CHECKING:
    from .engine import Engine

MAX_DEPTH = 4


@cache
def expandable(kind: str) -> frozenset[str]:
    """Fields of an object that the library types as an id or the object itself."""
    annotations = get_object_class("V1", kind).__annotations__
    found = set()
    for name, annotation in annotations.items():
        options = typing.get_args(annotation)
        if str in options and any(isinstance(option, typing.ForwardRef) for option in options):
            found.add(name)
    return frozenset(found)


def refusal(path: str) -> ApiError:
    """400: the path leads nowhere."""
    return invalid(f"This property cannot be expanded ({path}).", "expand[0]")


def expanded(engine: Engine, value: dict, paths: list[str]) -> dict:
    """A copy of ``value`` with the objects at ``paths``; ApiError 400 for a wrong path."""
    for path in paths:
        steps = path.split(".")
        if len(steps) - (steps[0] == "data") > MAX_DEPTH:
            raise invalid(f"You can expand at most {MAX_DEPTH} levels ({path}).", "expand[0]")
        value = walk(engine, value, steps, path)
    return value


def walk(engine: Engine, value, steps: list[str], path: str):
    """``value`` with what the remaining ``steps`` name expanded."""
    if isinstance(value, list):
        return [walk(engine, item, steps, path) for item in value]
    if not steps or value is None:
        return value
    if not isinstance(value, dict) or "object" not in value:
        raise refusal(path)
    head, rest = steps[0], steps[1:]
    if head not in value or not allowed(value, head, bool(rest)):
        raise refusal(path)
    inner = value[head]
    if isinstance(inner, str):
        row = engine.lookup(inner)
        if row is None:
            raise refusal(path)
        inner = row.doc
    return {**value, head: walk(engine, inner, rest, path)}


def allowed(value: dict, head: str, further: bool) -> bool:
    """Whether a step may be taken: into a list, an object that is there, or an id."""
    if value["object"] == "list":
        return head == "data" and further
    return head in expandable(value["object"]) or (further and isinstance(value[head], list))
