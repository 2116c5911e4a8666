"""Mandates, as they travel between the engine and a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

MANDATE_PENDING, MANDATE_ACTIVE, MANDATE_SUSPENDED = "pending", "active", "suspended"
MANDATE_FAILED, MANDATE_CANCELLED, MANDATE_EXPIRED = "failed", "cancelled", "expired"
MANDATE_REPLACED = "replaced"


@dataclass(frozen=True)
class MandateOrder:
    """A signature asked of a debtor on the provider's own page."""

    reference: str
    scheme: str
    partner_name: str
    is_company: bool
    email: str
    street: str
    zip: str
    city: str
    country_code: str
    lang: str
    return_url: str
    exit_url: str
    session_ref: str = ""  # a signature already begun, to be continued
    metadata: dict[str, str] = field(default_factory=dict)
    # The provider's reference of the mandate whose bank account is to be changed on the page; only
    # where the profile says `can_amend`.
    amends: str = ""


@dataclass(frozen=True)
class MandateRegistration:
    """A mandate that was signed on paper or elsewhere, to be held by this provider.

    The same key for every try of one registration. `iban` is the whole account number, which is
    kept nowhere: it is empty where a registration is only looked for.
    """

    reference: str
    idempotency_key: str
    scheme: str
    holder: str
    signed_on: date
    partner_name: str
    is_company: bool
    email: str
    street: str
    zip: str
    city: str
    country_code: str
    lang: str
    iban: str = field(default="", repr=False)
    # Naive UTC; when an earlier try left whose outcome is not known. None: this is the first one.
    sent_at: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MandateSession:
    """Where to send the debtor, and the provider's name for this signature."""

    url: str
    session_ref: str


@dataclass(frozen=True)
class MandateSnapshot:
    """What a provider says about a mandate at one moment."""

    ref: str
    status: str
    raw_status: str
    rum: str = ""
    scheme: str = "core"
    iban_ending: str = ""
    bank_name: str = ""
    country_code: str = ""
    creditor_identifier: str = ""
    replaced_by: str = ""
    next_possible_date: date | None = None
    reason_code: str = ""
    cause: str = ""
