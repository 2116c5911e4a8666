"""Rules of values that the types of the parameters do not tell."""

import re
from datetime import date
from urllib.parse import urlsplit

from sandbox.core.sepa import SEPA_COUNTRIES

from .const import REFUSED_IBANS
from .errors import invalid, refused

EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
PREFIX = re.compile(r"^[A-Z0-9][A-Z0-9 ./&_-]{0,11}$")
LATIN = re.compile(r"^[\x20-\x7e\u00a0-\u00ff]*$")
DESCRIPTOR_FORBIDDEN = set("<>\\'\"*")
MAX_KEYS, MAX_KEY, MAX_VALUE = 50, 40, 500


def merged_metadata(current: dict, given) -> dict:
    """``current`` changed by ``given``: "" empties all, an empty value removes its key.

    ApiError 400 beyond 50 keys of 40 characters with values of 500
    (https://docs.stripe.com/metadata).
    """
    if given == "":
        return {}
    values = dict(current)
    for key, value in given.items():
        check_entry(key, value)
        if value == "":
            values.pop(key, None)
        else:
            values[key] = value
    if len(values) > MAX_KEYS:
        raise invalid(f"You can only have {MAX_KEYS} metadata keys.", "metadata")
    return values


def check_entry(key: str, value) -> None:
    """One key of metadata with its value."""
    param = f"metadata[{key}]"
    if not isinstance(value, str):
        raise invalid("Metadata values must be strings.", param)
    if len(key) > MAX_KEY:
        message = f"Metadata keys can be up to {MAX_KEY} characters."
        raise invalid(message, param, "parameter_invalid_string_too_long")
    if len(value) > MAX_VALUE:
        message = f"Metadata values can be up to {MAX_VALUE} characters."
        raise invalid(message, param, "parameter_invalid_string_too_long")


def statement_descriptor(value: str | None) -> None:
    """5 to 22 Latin characters, one of them a letter, none of ``< > \\ ' " *``."""
    if not value:
        return
    right = (
        5 <= len(value) <= 22
        and LATIN.match(value)
        and any(letter.isalpha() for letter in value)
        and not DESCRIPTOR_FORBIDDEN & set(value)
    )
    if not right:
        message = "The statement descriptor must have 5 to 22 Latin characters and a letter."
        raise invalid(message, "statement_descriptor")


def iban(value: str, param: str = "sepa_debit[iban]") -> str:
    """The IBAN without spaces; ApiError 400 unless a SEPA debit can reach it."""
    # Here and not above: its table can not be found where Odoo has replaced the import system,
    # and the shapes of the requests, which need this module, are checked there too.
    from stdnum import iban as stdnum_iban

    compact = stdnum_iban.compact(value)
    if not stdnum_iban.is_valid(compact) or compact[:2] not in SEPA_COUNTRIES:
        message = "The IBAN you provided is invalid."
        raise invalid(message, param, "invalid_bank_account_iban")
    if code := REFUSED_IBANS.get(compact):
        raise refused("This bank account cannot be debited by SEPA.", code, param)
    return compact


def email(value: str | None, param: str) -> None:
    """An address of electronic mail, if there is one."""
    if value and not EMAIL.match(value):
        raise invalid(f"Invalid email address: {value}", param, "email_invalid")


def url(value: str, param: str) -> None:
    """An absolute http(s) address."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise invalid("Not a valid URL", param, "url_invalid")


def reference_prefix(value: str, code: str) -> None:
    """At most 12 of A-Z 0-9 space . / & - _, not starting with a sign nor with STRIPE."""
    if value and (not PREFIX.match(value) or value.startswith("STRIPE")):
        param = "payment_method_options[sepa_debit][mandate_options][reference_prefix]"
        raise invalid("The reference prefix is not in the right format.", param, code)


def day(value: str, param: str) -> date:
    """A date as YYYY-MM-DD."""
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise invalid(f"Invalid date: {value}", param) from error
