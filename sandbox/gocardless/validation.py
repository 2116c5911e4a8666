"""Strict checks of request bodies: what the reference does not name is refused."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from stdnum import iban as stdnum_iban

from sandbox.core.sepa import SEPA_COUNTRIES

from .errors import validation_failed

# A check returns the message of the refusal, or None.
Check = Callable[[object], str | None]
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
COUNTRY = re.compile(r"^[A-Z]{2}$")


def text(limit: int = 255) -> Check:
    """A string of at most ``limit`` characters."""

    def check(value) -> str | None:
        if not isinstance(value, str):
            return "must be a string"
        return f"is too long (maximum is {limit} characters)" if len(value) > limit else None

    return check


def matching(pattern: re.Pattern, message: str) -> Check:
    """A string that matches ``pattern``."""

    def check(value) -> str | None:
        return None if isinstance(value, str) and pattern.match(value) else message

    return check


def one_of(*allowed: str) -> Check:
    """One of the listed strings."""
    return lambda value: None if value in allowed else f"must be one of {', '.join(allowed)}"


def integer(value) -> str | None:
    """A whole number of minor units; true, 1.5 and "100" are none."""
    return None if type(value) is int else "must be a whole number"


def boolean(value) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else "must be true or false"


def day(value) -> str | None:
    """A date as YYYY-MM-DD."""
    try:
        valid = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        valid = False
    return None if valid else "must be a date (YYYY-MM-DD)"


def url(value) -> str | None:
    """An absolute http(s) address."""
    parts = urlsplit(value) if isinstance(value, str) else None
    valid = parts and parts.scheme in ("http", "https") and parts.netloc
    return None if valid else "must be a valid URL"


def iban(value) -> str | None:
    """A valid IBAN of a SEPA country."""
    if not isinstance(value, str) or not stdnum_iban.is_valid(value):
        return "is invalid"
    country = stdnum_iban.compact(value)[:2]
    return None if country in SEPA_COUNTRIES else "is not in a country of SEPA"


def metadata(value) -> str | None:
    """At most 3 keys of 50 characters with strings of 500."""
    if not isinstance(value, dict):
        return "must be an object"
    if len(value) > 3:
        return "has too many keys (maximum is 3)"
    if any(len(key) > 50 for key in value):
        return "has a key that is too long (maximum is 50 characters)"
    if any(not isinstance(item, str) for item in value.values()):
        return "has a value that is not a string"
    if any(len(item) > 500 for item in value.values()):
        return "has a value that is too long (maximum is 500 characters)"
    return None


class Schema:
    """Fields of an object: each a check or a nested schema; ``required`` names those needed."""

    def __init__(self, required: str = "", **fields) -> None:
        self.fields = fields
        self.required = required.split()

    def errors(self, value, prefix: str = "") -> list[tuple[str, str]]:
        """(field, message) of everything that is wrong; null counts as absent."""
        if not isinstance(value, dict):
            return [(prefix.rstrip("."), "must be an object")]
        missing = [name for name in self.required if value.get(name) in (None, "")]
        found = [(prefix + name, "can't be blank") for name in missing]
        for name, item in value.items():
            field = self.fields.get(name)
            if field is None:
                found.append((prefix + name, "is not a recognised parameter"))
            elif item is None:
                continue
            elif isinstance(field, Schema):
                found += field.errors(item, f"{prefix}{name}.")
            elif message := field(item):
                found.append((prefix + name, message))
        return found

    def check(self, value: dict, root: str) -> dict:
        """``value`` without its nulls; raises ApiError 422 when anything is wrong."""
        if found := self.errors(value):
            raise validation_failed(found, root)
        return {name: item for name, item in value.items() if item is not None}
