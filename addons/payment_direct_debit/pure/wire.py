"""Values on their way to and from a provider: identifiers, moments, words and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.payment_direct_debit.exceptions import DebitRefused

# The day of a debit is a day of the French banks' calendar.
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Identifiers:
    """The identifiers of one provider: what else comes along may not stand in an address.

    :param provider: its name, for messages.
    :param pattern: a regular expression for a whole identifier.
    """

    provider: str
    pattern: str

    def fits(self, value: object) -> bool:
        """Tell whether this can be an identifier."""
        return isinstance(value, str) and bool(re.fullmatch(self.pattern, value))

    def asked(self, value: str) -> str:
        """Return an identifier that we ask about.

        :raise DebitRefused: for anything else.
        """
        if not self.fits(value):
            raise DebitRefused(f"this is no identifier of {self.provider}", code="bad_identifier")
        return value

    def answered(self, value: str) -> str:
        """Return an identifier that the provider gave in an answer.

        :raise ValueError: for anything else: the answer is unreadable, which is no refusal.
        """
        if not self.fits(value):
            raise ValueError(f"the answer holds no identifier of {self.provider}")
        return value


def naive(moment: datetime) -> datetime:
    """Return a moment as naive UTC; one without a zone is taken as such."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment


def moment(text: str) -> datetime:
    """Return an ISO 8601 time, whose zone may be `Z`, `+00:00` or `+0000`, as naive UTC.

    :raise ValueError: when it is none.
    """
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.replace("Z", "+00:00"))
    return naive(datetime.fromisoformat(text))


def since_1970(seconds: float) -> datetime:
    """Return seconds since 1970 as naive UTC.

    :raise TypeError, ValueError, OverflowError: when they are none.
    """
    return naive(datetime.fromtimestamp(seconds, timezone.utc))


def stamp(when: datetime, zone: str = "Z") -> str:
    """Return naive UTC as ISO 8601 with milliseconds and the name of its zone."""
    return when.isoformat(timespec="milliseconds") + zone


def day_in_paris(when: datetime) -> date:
    """Return the day in Paris at a moment in naive UTC."""
    return when.replace(tzinfo=timezone.utc).astimezone(PARIS).date()


def today_in_paris() -> date:
    """Return the day in Paris."""
    return datetime.now(PARIS).date()


def word(value: object) -> str:
    """Return letters, digits, `_` and `.` of something, 64 at most: the word of a provider."""
    return re.sub(r"[^\w.]", "", str(value or ""), flags=re.ASCII)[:64]


def metadata(document: dict[str, Any]) -> dict[str, Any]:
    """Return what we attached to a document of a provider; never None."""
    return document.get("metadata") or {}


def labels(values: dict[str, str], *, keys: int, key_size: int, value_size: int) -> dict[str, str]:
    """Return metadata within a provider's limits, the first keys first."""
    kept = list(values.items())[:keys]
    return {str(key)[:key_size]: str(value)[:value_size] for key, value in kept}
