"""Strict checks of request bodies; each field knows the error code of its refusal."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban

from sandbox.core.sepa import SEPA_COUNTRIES

from .const import REFUSED_BICS
from .dates import parse
from .errors import INVALID, incomplete, invalid

# A check returns the reason of the refusal, or None.
Check = Callable[[object], str | None]
WRONG = "invalid value"
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PHONE = re.compile(r"^\+\d{6,15}$")
COUNTRY = re.compile(r"^[A-Z]{2}$")
# EPC217-08: the character set that every bank of SEPA accepts.
LATIN = re.compile(r"^[A-Za-z0-9/\-?:().,'+ ]*$")
# Refused in names; the prefix of the documented test names is the exception.
NOT_IN_NAMES = re.compile(r"[0-9@/\\]")
TEST_NAME = re.compile(r"^ISSUE-SEPA-REJ-([A-Z0-9]{4})$")


@dataclass(frozen=True, slots=True)
class Field:
    """A check and the code under which its refusal is known."""

    check: Check
    code: int = INVALID


class Schema:
    """Fields of an object: each a Field, or a nested Schema; ``required`` names those needed."""

    def __init__(self, required: str = "", **fields: "Field | Schema") -> None:
        self.required = required.split()
        self.fields = fields

    def clean(self, value: object, strict: bool, name: str = "body") -> dict:
        """``value`` without its nulls; ApiError 400 for the first thing that is wrong.

        Unknown properties are refused with ``strict``, else dropped.
        """
        if not isinstance(value, dict):
            raise invalid(name)
        unknown = sorted(set(value) - set(self.fields))
        if strict and unknown:
            raise invalid(unknown[0], "unknown property")
        for needed in self.required:
            if value.get(needed) is None:
                raise self._missing(needed)
        known = {key: item for key, item in value.items() if key in self.fields}
        return {
            key: self._clean(key, item, strict) for key, item in known.items() if item is not None
        }

    def _missing(self, name: str) -> Exception:
        field = self.fields[name]
        if isinstance(field, Field) and field.code != INVALID:
            return invalid(name, WRONG, field.code)
        return incomplete(name)

    def _clean(self, name: str, value: object, strict: bool) -> object:
        field = self.fields[name]
        if isinstance(field, Schema):
            return field.clean(value, strict, name)
        if reason := field.check(value):
            raise invalid(name, reason, field.code)
        return value


def text(limit: int, pattern: re.Pattern | None = None) -> Check:
    """Text of 1 to ``limit`` characters that matches ``pattern``."""

    def check(value: object) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return WRONG
        if len(value) > limit:
            return f"longer than {limit} characters"
        return WRONG if pattern and not pattern.match(value) else None

    return check


def person(limit: int) -> Check:
    """A given or family name."""
    length = text(limit)

    def check(value: object) -> str | None:
        if reason := length(value):
            return reason
        return WRONG if NOT_IN_NAMES.search(value) and not TEST_NAME.match(value) else None

    return check


def one_of(*allowed: str) -> Check:
    """One of the listed texts."""
    return lambda value: None if isinstance(value, str) and value in allowed else WRONG


def boolean(value: object) -> str | None:
    """True or false."""
    return None if isinstance(value, bool) else WRONG


def moment(value: object) -> str | None:
    """A date with time, milliseconds and offset."""
    try:
        parse(value)
    except ValueError:
        return WRONG
    return None


def url(limit: int) -> Check:
    """An absolute http(s) address."""

    def check(value: object) -> str | None:
        parts = urlsplit(value) if isinstance(value, str) else None
        valid = parts and parts.scheme in ("http", "https") and parts.netloc
        return None if valid and len(value) <= limit else WRONG

    return check


def iban(value: object) -> str | None:
    """A valid IBAN of a SEPA country."""
    if not isinstance(value, str) or not stdnum_iban.is_valid(value):
        return WRONG
    return None if stdnum_iban.compact(value)[:2] in SEPA_COUNTRIES else WRONG


def bic(value: object) -> str | None:
    """A well-formed BIC that SlimPay knows."""
    if not isinstance(value, str) or not stdnum_bic.is_valid(value):
        return WRONG
    return WRONG if value in REFUSED_BICS else None


def anything(_value: object) -> None:
    """Checked elsewhere."""


REFERENCE = Field(text(35, LATIN))
BY_REFERENCE = Schema("reference", reference=Field(text(35)))
CREDITOR = Schema("reference", reference=Field(text(35)), entity=BY_REFERENCE)
ADDRESS = Schema(
    "street1 postalCode city country",
    street1=Field(text(70)),
    street2=Field(text(70)),
    postalCode=Field(text(15), 128),
    city=Field(text(35), 129),
    country=Field(text(2, COUNTRY)),
)
CONTACT = {
    "email": Field(text(70, EMAIL), 125),
    "telephone": Field(text(16, PHONE), 127),
}
SUBSCRIBER = Schema(
    "reference",
    reference=REFERENCE,
    givenName=Field(person(32), 123),
    familyName=Field(person(70), 124),
    shippingAddress=ADDRESS,
    **CONTACT,
)
BANK_ACCOUNT = Schema("iban", iban=Field(iban), bic=Field(bic))
SIGNATORY = Schema(
    "givenName familyName",
    honorificPrefix=Field(one_of("Mr", "Miss", "Mrs"), 122),
    givenName=Field(person(32), 123),
    familyName=Field(person(70), 124),
    companyName=Field(text(70)),
    organizationName=Field(text(70)),
    billingAddress=ADDRESS,
    bankAccount=BANK_ACCOUNT,
    **CONTACT,
)


def check_french_postal_code(signatory: dict) -> None:
    """Five digits in France, or code 128."""
    address = signatory.get("billingAddress", {})
    digits = re.match(r"^\d{5}$", address.get("postalCode", ""))
    if address.get("country") == "FR" and not digits:
        raise invalid("postalCode", WRONG, 128)
