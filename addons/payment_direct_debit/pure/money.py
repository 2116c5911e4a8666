"""Amounts as integers of the smallest unit of a currency (cents), without the ORM.

``digits`` is the number of decimals of the currency in ISO 4217: 2 for EUR, 0 for JPY, 3 for TND.
"""

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

# Beyond this a float no longer holds every integer: the cents would be invented.
MAX_EXACT_FLOAT = 2**53
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def to_cents(amount: Decimal | float | int | str, digits: int = 2) -> int:
    """Return ``amount`` in cents, exactly: nothing is ever rounded away.

    :param amount: in units of the currency. A string is plain decimal notation with a dot, as
        providers write it: no exponent, no separator. A float stands for the decimal that it
        prints as; the noise of binary arithmetic (``0.1 + 0.2``) is accepted, a real extra
        decimal (``0.305``) is not.
    :param digits: decimals of the currency.
    :raise ValueError: more decimals than ``digits``, NaN, infinity, unreadable text, or a float
        too large to hold cents.
    :raise TypeError: any other type, booleans and None included.
    """
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, float, int, str)):
        raise TypeError(f"an amount cannot be a {type(amount).__name__}")
    if isinstance(amount, float):
        return _float_to_cents(amount, digits)
    if isinstance(amount, str) and not _NUMBER.fullmatch(amount):
        raise ValueError(f"not a decimal number: {amount!r}")
    value = Decimal(amount)
    if not value.is_finite():
        raise ValueError(f"not a finite amount: {amount}")
    # Integers only: the Decimal context would round beyond 28 figures.
    numerator, denominator = value.as_integer_ratio()
    cents, remainder = divmod(numerator * 10**digits, denominator)
    if remainder:
        raise ValueError(f"more than {digits} decimals: {amount}")
    return cents


def from_cents(cents: int, digits: int = 2) -> Decimal:
    """Return ``cents`` as a Decimal of the currency unit, with exactly ``digits`` decimals.

    :raise TypeError: ``cents`` is not an integer.
    """
    if isinstance(cents, bool) or not isinstance(cents, int):
        raise TypeError(f"cents are an integer, not a {type(cents).__name__}")
    return Decimal(f"{cents}E-{digits}")


def allocate(total_cents: int, weights: Sequence[int | float | Decimal | Fraction]) -> list[int]:
    """Split ``total_cents`` in proportion to ``weights``; the sum of the parts is the total.

    Largest remainder method: each part is its exact share rounded down, then the missing cents go
    one each to the largest remainders, the first ones on a tie. No part is a cent or more away
    from its share, a weight of zero gets nothing, and a negative total splits as its opposite.

    :raise ValueError: no weight, a negative or not finite one, or only zeros.
    :raise TypeError: ``total_cents`` is not an integer.
    """
    if isinstance(total_cents, bool) or not isinstance(total_cents, int):
        raise TypeError(f"cents are an integer, not a {type(total_cents).__name__}")
    shares = [_weight(weight) for weight in weights]
    whole = sum(shares)
    if not whole:
        raise ValueError("at least one weight must be above zero")
    sign = -1 if total_cents < 0 else 1
    exact = [abs(total_cents) * share / whole for share in shares]
    parts = [math.floor(share) for share in exact]
    missing = abs(total_cents) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in by_remainder[:missing]:
        parts[index] += 1
    return [sign * part for part in parts]


def _float_to_cents(amount: float, digits: int) -> int:
    if not math.isfinite(amount):
        raise ValueError(f"not a finite amount: {amount}")
    if abs(amount) * 10**digits > MAX_EXACT_FLOAT:
        raise ValueError(f"too large for an exact float: {amount}; use a Decimal")
    # repr() is the shortest decimal that reads back as this float: 8.2, not 8.19999999999999928…
    exact = Decimal(repr(amount))
    rounded = round(exact, digits)
    # A few units in the last place of a double are noise of a sum; anything above is a decimal.
    if not math.isclose(amount, float(rounded), rel_tol=1e-14, abs_tol=1e-12):
        raise ValueError(f"more than {digits} decimals: {amount}")
    return to_cents(rounded, digits)


def _weight(weight: int | float | Decimal | Fraction) -> Fraction:
    try:
        share = Fraction(weight)
    except OverflowError as error:
        raise ValueError(f"not a finite weight: {weight}") from error
    if share < 0:
        raise ValueError(f"a weight cannot be negative: {weight}")
    return share
