"""Documents with links: RFC 6570 templates, links and embedded documents, as plain functions."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from . import const

Document = dict[str, Any]
_EXPRESSION = re.compile(r"\{([?&]?)([\w.,]+)\}", re.ASCII)


def expand(template: str, values: dict[str, object]) -> str:
    """Fill a template of RFC 6570, forms `{a,b}`, `{?a,b}` and `{&a,b}`, by name.

    :param values: all that shall stand in the address; what the template offers beyond is left out.
    :raise LookupError: when the template has no place for one of them: a filter that is dropped
        gives an answer to another question.
    """
    known: set[str] = set()

    def fill(match: re.Match[str]) -> str:
        names = match[2].split(",")
        known.update(names)
        given = {name: quote(str(values[name]), safe="") for name in names if name in values}
        if not match[1]:
            return ",".join(given.values())
        pairs = "&".join(f"{name}={value}" for name, value in given.items())
        return match[1] + pairs if pairs else ""

    address = _EXPRESSION.sub(fill, template)
    if missing := sorted(values.keys() - known):
        raise LookupError(f"no place for {', '.join(missing)}")
    return address


def read(content: bytes) -> Any:
    """Parse JSON with exact decimals; None when it is none."""
    try:
        return json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def href(document: Document, relation: str) -> str | None:
    """Return where a relation of SlimPay leads; None where the document does not offer it.

    A link that is there is the permission to follow it.
    """
    link = document["_links"].get(const.RELATION + relation)
    return link and link["href"]


def embedded(document: Document, name: str) -> list[Document]:
    """Return the documents within a collection: none, one alone or a list."""
    document["_links"]  # noqa: B018 - what has no links is no collection, and not an empty one
    items = (document.get("_embedded") or {}).get(name) or []
    return [items] if isinstance(items, dict) else list(items)


def last_segment(address: str | None) -> str:
    """Return what an address ends with: the id of what it leads to."""
    return (address or "").rstrip("/").rpartition("/")[2]
