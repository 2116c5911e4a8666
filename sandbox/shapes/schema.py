"""A strict checker for the part of JSON Schema that the shapes are written in.

Keywords have the meaning of https://json-schema.org/draft/2020-12; one that is not known here is a
KeyError, so that no rule is written that nobody checks.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from stdnum.iso7064 import mod_97_10

Schema = dict
# A truth value is no number, whatever Python thinks.
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, float, Decimal),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def is_date(text: str) -> bool:
    """YYYY-MM-DD, and a day of the calendar."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_uri(text: str) -> bool:
    """An absolute address of the web."""
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_iban(text: str) -> bool:
    """ISO 13616: the shape, and the check digits."""
    shaped = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", text)
    return bool(shaped) and mod_97_10.is_valid(text[4:] + text[:4])


FORMATS = {
    "date": is_date,
    "uri": is_uri,
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+").fullmatch,
    "iban": is_iban,
}


def problems(schema: Schema, value, place: str) -> list[str]:
    """What is wrong with ``value``, each with its place; empty when nothing is."""
    wanted = schema.get("type", ())
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(TYPES[name](value) for name in wanted):
        return [f"{place}: not {' or '.join(wanted)}"]
    found = []
    for keyword, argument in schema.items():
        kind, check = KEYWORDS[keyword]
        if kind is None or TYPES[kind](value):
            found += check(argument, value, place)
    return found


def _required(names, value, place) -> Iterator[str]:
    return (f"{place}.{name}: missing" for name in names if value.get(name) is None)


def _properties(schemas, value, place) -> Iterator[str]:
    for name, schema in schemas.items():
        if name in value:
            yield from problems(schema, value[name], f"{place}.{name}")


def _only(names, value, place) -> Iterator[str]:
    return (f"{place}.{name}: unknown" for name in value if name not in names)


def _values(schema, value, place) -> Iterator[str]:
    for name, item in value.items():
        yield from problems(schema, item, f"{place}.{name}")


def _names(schema, value, place) -> Iterator[str]:
    for name in value:
        yield from problems(schema, name, f"{place}: the name {name}")


def _items(schema, value, place) -> Iterator[str]:
    for position, item in enumerate(value):
        yield from problems(schema, item, f"{place}[{position}]")


def _any_of(schemas, value, place) -> list[str]:
    """None when one fits; else what the closest one says."""
    verdicts = [problems(schema, value, place) for schema in schemas]
    return min(verdicts, key=len)


def _say(right, place: str, text: str) -> list[str]:
    return [] if right else [f"{place}: {text}"]


# Keyword: the type that it is about (None: any), and its check.
KEYWORDS = {
    "type": (None, lambda *_: []),
    "const": (None, lambda a, v, p: _say(v == a, p, f"not {a}")),
    "enum": (None, lambda a, v, p: _say(v in a, p, f"none of {', '.join(a)}")),
    "anyOf": (None, _any_of),
    "pattern": ("string", lambda a, v, p: _say(re.search(a, v), p, f"does not match {a}")),
    "format": ("string", lambda a, v, p: _say(FORMATS[a](v), p, f"no {a}")),
    "minLength": ("string", lambda a, v, p: _say(len(v) >= a, p, f"shorter than {a}")),
    "maxLength": ("string", lambda a, v, p: _say(len(v) <= a, p, f"longer than {a}")),
    "minimum": ("number", lambda a, v, p: _say(v >= a, p, f"less than {a}")),
    "maximum": ("number", lambda a, v, p: _say(v <= a, p, f"more than {a}")),
    "multipleOf": ("number", lambda a, v, p: _say(not v % a, p, f"no multiple of {a}")),
    "required": ("object", _required),
    "properties": ("object", _properties),
    # Stands for `additionalProperties: false`, whose sense depends on its neighbour.
    "only": ("object", _only),
    "additionalProperties": ("object", _values),
    "propertyNames": ("object", _names),
    "maxProperties": ("object", lambda a, v, p: _say(len(v) <= a, p, f"more than {a} keys")),
    "items": ("array", _items),
    "minItems": ("array", lambda a, v, p: _say(len(v) >= a, p, f"less than {a} items")),
    "maxItems": ("array", lambda a, v, p: _say(len(v) <= a, p, f"more than {a} items")),
}


def record(required: str = "", /, **properties: Schema) -> Schema:
    """An object with these properties and no other; ``required`` names those it must have."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "only": frozenset(properties),
    }


def text(limit: int = 255, **more) -> Schema:
    """Text of 1 to ``limit`` characters."""
    return {"type": "string", "minLength": 1, "maxLength": limit, **more}


def one_of(*allowed: str) -> Schema:
    """One of the listed texts."""
    return {"type": "string", "enum": allowed}


BOOLEAN: Schema = {"type": "boolean"}
URL: Schema = text(2000, format="uri")
EMAIL: Schema = text(254, format="email")
EMPTY: Schema = record()
