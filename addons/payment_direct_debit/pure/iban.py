"""IBAN, mandate reference (RUM) and creditor identifier (ICS), without the ORM.

No error message and no mask made here holds a full account number: they end up in logs.
"""

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache

from stdnum.eu import at_02
from stdnum.iso7064 import mod_97_10

from .iban_registry import character_classes
from .sepa_text import IDENTIFIER_MAX, SEPA_CLASS

# EPC409-09: the 41 countries of the SEPA schemes (30 of the EEA and 11 others; AL, MD, ME, MK since
# October 2025, RS since May 2026).
SEPA_COUNTRIES = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
        "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
        "AD", "AL", "CH", "GB", "MC", "MD", "ME", "MK", "RS", "SM", "VA",
    }
)  # fmt: skip
# Territories inside SEPA, by the country whose IBAN they use. Gibraltar has a prefix of its own.
# New Caledonia, French Polynesia, Wallis and Futuna are outside, with FR numbers all the same.
SEPA_TERRITORIES = {
    **dict.fromkeys(["BL", "GF", "GP", "MF", "MQ", "PM", "RE", "YT"], "FR"),
    **dict.fromkeys(["GG", "IM", "JE"], "GB"),
    "AX": "FI",
    "GI": "GI",
}
SEPA_IBAN_PREFIXES = SEPA_COUNTRIES | {"GI"}

IBAN_MIN, IBAN_MAX = 15, 34
FRENCH_ICS_LENGTH = 13
HIDDEN = "••••"

# Hyphens of every kind, dots, and the invisible characters that a paste from a PDF brings.
_DECORATION = re.compile(r"[\s.\-\u2010-\u2015\u200b-\u200f\u2060\ufeff]")
_IBAN_SHAPE = re.compile(rf"[A-Z]{{2}}[0-9]{{2}}[A-Z0-9]{{{IBAN_MIN - 4},{IBAN_MAX - 4}}}")
_FRENCH_RIB = re.compile(r"(?:FR|MC)[0-9]{2}([0-9]{5})([0-9]{5})([A-Z0-9]{11})([0-9]{2})")
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_RUM = re.compile(rf"[{SEPA_CLASS}]{{1,{IDENTIFIER_MAX}}}")
_ICS = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}")

# What may separate the groups of an IBAN in a text, a form body, HTML or escaped JSON.
_GAP = r"(?:[\s\u00a0\u2009\u202f.+_\-\u2010-\u2015\u200b]|%20|&nbsp;|\\u00a0|\\u202f){0,2}"
_IBAN_START = re.compile(rf"[A-Za-z]{{2}}{_GAP}[0-9]{_GAP}[0-9]")


class IbanError(ValueError):
    """An IBAN that cannot be used; ``reason`` is ``format``, ``checksum`` or ``country``."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason


def normalise(text: str) -> str:
    """Return an IBAN as it is stored: capitals, no separator, no leading word "IBAN".

    Nothing is checked: what is not an IBAN comes back cleaned the same way.
    """
    compact = _DECORATION.sub("", unicodedata.normalize("NFKC", text or "")).upper()
    return compact.removeprefix("IBAN").removeprefix(":")


def validate(text: str, countries: frozenset[str] = SEPA_IBAN_PREFIXES) -> str:
    """Return the normalised IBAN, or raise :class:`IbanError`.

    Checked: shape, check digits (ISO 13616, mod 97), structure of the country, and the prefix in
    ``countries``. No country of SEPA may be refused on its own (Regulation 260/2012, article 9).
    National check digits are left out, as banks themselves accept numbers without them: see
    :func:`french_rib_key_ok` for a warning.
    """
    number = normalise(text)
    if not _IBAN_SHAPE.fullmatch(number):
        raise IbanError("format", "an IBAN is two letters, two digits and 11 to 30 characters")
    if number[:2] not in countries:
        raise IbanError("country", f"accounts of {number[:2]} cannot be debited through SEPA")
    if not _has_structure(number):
        raise IbanError("format", f"the IBAN has not the length or structure of {number[:2]}")
    if not _has_check_digits(number):
        raise IbanError("checksum", "the check digits of the IBAN are wrong")
    return number


def is_valid(text: str, countries: frozenset[str] = SEPA_IBAN_PREFIXES) -> bool:
    """Tell whether :func:`validate` accepts ``text``."""
    try:
        validate(text, countries)
    except IbanError:
        return False
    return True


def iban_prefix_of(country_code: str) -> str | None:
    """Return the IBAN prefix of a SEPA country or territory (``GP`` gives ``FR``), else None."""
    code = country_code.upper()
    return code if code in SEPA_COUNTRIES else SEPA_TERRITORIES.get(code)


def french_rib_key_ok(text: str) -> bool:
    """Tell whether the RIB key of a French or Monegasque IBAN is right; True for other countries.

    Key = 97 - (89 x bank + 15 x branch + 3 x account) mod 97, letters of the account read as
    digits (AFNOR/CFONB). A wrong key is a reason to ask again, not to refuse.
    """
    number = normalise(text)
    if number[:2] not in ("FR", "MC"):
        return True
    match = _FRENCH_RIB.fullmatch(number)
    if not match:
        return False
    bank, branch, account, key = match.groups()
    digits = int(account.translate(_RIB_LETTERS))
    return 97 - (89 * int(bank) + 15 * int(branch) + 3 * digits) % 97 == int(key)


def mask(text: str) -> str:
    """Return what may be shown of an account number: ``FR76 •••• •••• 189``.

    Country, check digits and the last 3 characters of an IBAN; the last 2 of something shorter
    than any IBAN, nothing of less than 8 characters, an empty text for an empty one.
    """
    number = normalise(text)
    if not number:
        return ""
    if len(number) >= IBAN_MIN:
        return f"{number[:4]} {HIDDEN} {HIDDEN} {number[-3:]}"
    return f"{HIDDEN} {number[-2:]}" if len(number) >= 8 else HIDDEN


def last4(text: str) -> str:
    """Return the last 4 characters, or an empty text when that would be half of it or more."""
    number = normalise(text)
    return number[-4:] if len(number) > 8 else ""


def fingerprint(iban: str, secret: bytes) -> str:
    """Return a keyed digest (HMAC-SHA256, 64 hex digits) equal for equal accounts.

    It finds the same account twice without keeping the number. Without the secret it cannot be
    computed: the IBANs of a bank are few enough to be tried one by one against a plain hash.

    :param secret: at least 16 bytes, kept out of the database dump that holds the digests.
    :raise ValueError: no account or a secret too short.
    """
    number = normalise(iban)
    if not number:
        raise ValueError("no account to fingerprint")
    if len(secret) < 16:
        raise ValueError("the fingerprint secret must have at least 16 bytes")
    return hmac.new(secret, number.encode(), hashlib.sha256).hexdigest()


def normalise_rum(text: str) -> str:
    """Return a mandate reference as banks compare it: capitals, no space.

    For our own references and for comparing; one given by a provider is stored as received.
    """
    return re.sub(r"\s", "", text or "").upper()


def is_valid_rum(text: str) -> bool:
    """Tell whether ``text`` can be a mandate reference in a SEPA message.

    1 to 35 characters of the EPC217-08 set without space, no slash at an end, no double slash.
    The prefix ``++`` is accepted: it marks mandates migrated from the former French debit.
    """
    text = text or ""
    return bool(
        _RUM.fullmatch(text)
        and not text.startswith("/")
        and not text.endswith("/")
        and "//" not in text
    )


def normalise_ics(text: str) -> str:
    """Return a creditor identifier in capitals without spaces."""
    return re.sub(r"\s", "", text or "").upper()


def is_valid_ics(text: str) -> bool:
    """Tell whether ``text`` is a creditor identifier (AT-02, EPC262-08), spaces ignored.

    The business code (characters 5 to 7) is outside the checksum. A French one has 13 characters.
    """
    number = normalise_ics(text)
    # The shape comes first: at_02 drops the characters that it does not know before checking.
    if not _ICS.fullmatch(number) or not at_02.is_valid(number):
        return False
    return not number.startswith("FR") or len(number) == FRENCH_ICS_LENGTH


def redact(text: str) -> str:
    """Return ``text`` with every account number in it replaced by its mask.

    For logs and stored messages of providers. Masked: what has the length and structure of the
    IBANs of its country, in any case and with the usual separators, when its check digits are
    right, or when it stands alone as a word or as groups of four (a mistyped number still tells
    most of the account).
    """
    pieces, done, position = [], 0, 0
    while start := _IBAN_START.search(text, position):
        found = _account_at(text, start.start())
        if found:
            pieces += [text[done : start.start()], mask(_strip_gaps(found))]
            done = position = start.start() + len(found)
        else:
            position = start.start() + 1
    return "".join([*pieces, text[done:]])


def _account_at(text: str, start: int) -> str | None:
    """Return the part of ``text`` from ``start`` on that is to be masked as an IBAN, if any."""
    pattern = _country_pattern(text[start : start + 2].upper())
    match = pattern and pattern.match(text, start)
    if not match:
        return None
    found = match.group()
    if _has_check_digits(_strip_gaps(found).upper()):
        return found
    before, after = text[max(start - 1, 0) : start], text[match.end() : match.end() + 1]
    alone = not before.isalnum() and not after.isalnum()
    groups = re.findall("[A-Za-z0-9]+", found)
    return found if alone and all(len(group) == 4 for group in groups[:-1]) else None


@lru_cache(maxsize=256)
def _country_pattern(prefix: str) -> re.Pattern[str] | None:
    """Return the expression of an IBAN of this country with its separators, None if unknown."""
    classes = character_classes(prefix)
    return re.compile(_GAP.join(classes), re.IGNORECASE | re.ASCII) if classes else None


def _has_structure(number: str) -> bool:
    classes = character_classes(number[:2])
    return bool(classes and re.fullmatch("".join(classes), number))


def _has_check_digits(number: str) -> bool:
    return mod_97_10.is_valid(number[4:] + number[:4])


def _strip_gaps(found: str) -> str:
    return re.sub(r"%20|&nbsp;|\\u00a0|\\u202f|[^A-Za-z0-9]", "", found)
