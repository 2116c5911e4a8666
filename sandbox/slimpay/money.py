"""Amounts: decimals of euros outside, whole cents inside."""

import re
from decimal import Decimal

from .errors import invalid, rounding

DECIMAL = re.compile(r"^\d+(\.\d+)?$")
MAX_LENGTH = 19


def parse_amount(value: object, name: str = "amount") -> int:
    """Cents of a positive amount given as text or as a JSON number (int or Decimal).

    More than two decimals is the server error "Rounding necessary", anything else ApiError 400.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise invalid(name)
    text = value if isinstance(value, str) else format(value, "f")
    if not DECIMAL.match(text):
        raise invalid(name)
    cents = Decimal(text) * 100
    if cents != cents.to_integral_value():
        raise rounding()
    if len(text) > MAX_LENGTH or not cents:
        raise invalid(name)
    return int(cents)


def amount(cents: int) -> str:
    """Cents as the API writes them, such as "39.90"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
