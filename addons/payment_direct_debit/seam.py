"""The seam between the engine and a provider: plain data in, plain data out, no ORM.

A provider gives the engine a client (see `DebitClient`) and translates its own words into the
records below. The engine calls a client from several threads; a client therefore holds no cursor,
no recordset and no state that is not safe to share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

# What a debit can be at a provider, in our words. `accepted` covers everything between the
# provider's receipt and the money's arrival.
ACCEPTED, COLLECTED, PAID_OUT = "accepted", "collected", "paid_out"
FAILED, CANCELLED, RETURNED = "failed", "cancelled", "returned"
# A status that the provider's client does not know: stored raw, changes nothing, raises an alert.
UNMAPPED = "unmapped"

MANDATE_PENDING, MANDATE_ACTIVE, MANDATE_SUSPENDED = "pending", "active", "suspended"
MANDATE_FAILED, MANDATE_CANCELLED, MANDATE_EXPIRED = "failed", "cancelled", "expired"
MANDATE_REPLACED = "replaced"

TOPIC_DEBIT, TOPIC_MANDATE, TOPIC_SIGNATURE = "debit", "mandate", "signature"
TOPIC_PAYOUT, TOPIC_REFUND, TOPIC_OTHER = "payout", "refund", "other"


PAYOUT_PENDING, PAYOUT_PAID, PAYOUT_BOUNCED = "pending", "paid", "bounced"
ITEM_DEBIT, ITEM_RETURN, ITEM_REFUND = "debit", "return", "refund"
ITEM_FEE, ITEM_OTHER = "fee", "other"


@dataclass(frozen=True)
class DebitProfile:
    """What a provider can do and wants, as plain data.

    Amounts are in cents of the currency, `lead_days` in TARGET working days between the day of
    submission and the day of the debit, `cutoff` in Europe/Paris.
    """

    schemes: frozenset[str] = frozenset({"core"})
    currencies: frozenset[str] = frozenset({"EUR"})
    lead_days: int = 2
    cutoff: time = time(12, 0)
    min_cents: int = 1
    max_cents: int = 99_999_999_999
    prenotifies: bool = False
    retries_by_itself: bool = False
    can_cancel: bool = False
    can_refund: bool = False
    can_register: bool = False  # holds mandates signed elsewhere, see `mandate_register`
    can_amend: bool = False  # debits another account under the same mandate
    # A refund is possible from so many days after the debit, and up to so many; 0: no limit.
    refund_after_days: int = 0
    refund_until_days: int = 0
    pays_out: bool = False  # tells what its payouts are made of
    # Whether the same key sent twice can never make two debits at the provider.
    resend_is_safe: bool = False
    parallelism: int = 1
    requests_per_second: float = 0.0  # 0: no limit of ours


@dataclass(frozen=True)
class ProviderSetup:
    """How a provider is set up, as plain data.

    `api_urls` by the state of the record (test, enabled). `credentials` and `secrets` are names of
    fields of payment.provider: those that must be filled in, and those that a reset wipes.
    """

    name: str  # for messages
    api_urls: dict[str, str]
    credentials: tuple[str, ...]
    secrets: tuple[str, ...]
    lead_days: int  # of a new record, in working days
    lead_days_allowed: range
    max_amount: int  # of a new record, in euros
    needs_webhook_secret: bool = True  # False: some notifications are signed by nobody


@dataclass(frozen=True)
class DebitOrder:
    """One attempt to take money, as the provider must receive it."""

    reference: str
    idempotency_key: str
    amount_cents: int
    currency: str
    mandate_ref: str
    requested_date: date
    description: str
    metadata: dict[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None  # naive UTC; when the first try left, for look-ups
    scheme: str = "core"


@dataclass(frozen=True)
class DebitSnapshot:
    """What a provider says about a debit at one moment."""

    ref: str
    status: str
    raw_status: str
    amount_cents: int
    currency: str
    charge_date: date | None = None
    reason_code: str = ""  # ISO 20022 external code where the provider gives one
    cause: str = ""  # the provider's own word
    will_retry: bool = False
    fee_cents: int | None = None
    occurred_on: date | None = None  # the day of the failure or return, when known
    reference: str = ""  # our reference as the provider echoes it


@dataclass(frozen=True)
class RefundOrder:
    """Money to give back of one collected debit; `refunded_cents` went back before this one."""

    reference: str
    idempotency_key: str
    debit_ref: str
    amount_cents: int
    refunded_cents: int
    currency: str
    metadata: dict[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None


@dataclass(frozen=True)
class RefundSnapshot:
    """What a provider says about a refund: ACCEPTED, PAID_OUT (it left), FAILED or UNMAPPED."""

    ref: str
    status: str
    raw_status: str
    amount_cents: int
    currency: str
    reference: str = ""


@dataclass(frozen=True)
class PayoutSnapshot:
    """What a provider paid into our bank: the net amount and when it arrives.

    `status`: PAYOUT_PENDING, PAYOUT_PAID or PAYOUT_BOUNCED.
    """

    ref: str
    status: str
    raw_status: str
    amount_cents: int
    currency: str
    arrival_date: date | None
    bank_reference: str = ""  # what stands on the bank statement


@dataclass(frozen=True)
class PayoutItem:
    """One item of a payout, signed as it changes the payout; fractions of a cent are possible.

    `kind`: ITEM_DEBIT, ITEM_RETURN (late failures and disputes), ITEM_REFUND, ITEM_FEE or
    ITEM_OTHER. `ref` is the provider's reference of the debit or refund that it is about.
    """

    kind: str
    amount_cents: Decimal
    ref: str = ""
    raw_kind: str = ""


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


@dataclass(frozen=True)
class IncomingEvent:
    """One message of a provider, verified, not yet applied."""

    event_key: str
    topic: str
    ref: str
    action: str
    occurred_at: datetime  # naive UTC
    payload: dict[str, Any]


class DebitClient(Protocol):
    """What the engine asks of a provider's client.

    Every method raises only the classes of `exceptions.py`, has a time-out, and never logs or
    raises a secret or a full IBAN.
    """

    def send(self, order: DebitOrder) -> DebitSnapshot:
        """Create the debit, or adopt the one that the same key made before."""

    def find(self, order: DebitOrder) -> DebitSnapshot | None:
        """Look an attempt up after an unknown outcome; None when the provider surely lacks it."""

    def fetch(self, ref: str) -> DebitSnapshot:
        """Re-read one debit by the provider's reference."""

    def cancel(self, ref: str) -> DebitSnapshot:
        """Cancel a debit that has not left; DebitRefused when it is too late."""

    def mandate_start(self, order: MandateOrder) -> MandateSession:
        """Begin, or continue, a hosted signature."""

    def mandate_signed(self, session_ref: str) -> MandateSnapshot | None:
        """The mandate that a hosted signature made; None while the debtor has not finished."""

    def mandate_fetch(self, ref: str) -> MandateSnapshot:
        """Re-read one mandate by the provider's reference."""

    def mandate_cancel(self, ref: str) -> MandateSnapshot:
        """Cancel a mandate at the provider; one already cancelled is a success."""

    def events_since(self, since: datetime) -> Iterable[IncomingEvent]:
        """All events of the provider from `since` (naive UTC) on, oldest first or not."""

    def mandate_document(self, ref: str) -> bytes | None:
        """The signed mandate as a PDF; None where the provider has none (yet)."""

    # Only where the profile says `can_register`.

    def mandate_register(self, order: MandateRegistration) -> MandateSnapshot:
        """Make the mandate, or adopt the one that an earlier try of the same order made.

        :raise DebitOutcomeUnknown: it may have been made; the same order may be sent again.
        """

    def mandate_register_find(self, order: MandateRegistration) -> MandateSnapshot | None:
        """Look a registration up, without the account; None when the provider surely lacks it."""

    # Only where the profile says `can_amend`.

    def mandate_change_account(self, ref: str, iban: str) -> MandateSnapshot:
        """Debit another account of the debtor from now on, under the same mandate.

        The account is set, not added: after an unknown outcome the same call may be made again.
        """

    # Only where the provider has a `ProviderSetup`, for the check of the connection.

    def account(self) -> Any:
        """What the credentials open, as a record of the provider's own."""

    # Only where the provider keeps events until they are acknowledged.

    def events_stored(self, events: Iterable[IncomingEvent]) -> None:
        """Acknowledge polled events, called after they were committed; twice does no harm.

        Every event is tried before anything is raised: what was missed comes again.
        """

    # Only where the profile says `can_refund`.

    def refund(self, order: RefundOrder) -> RefundSnapshot:
        """Give money back, once for a key; DebitRefused where the provider will not."""

    def refund_find(self, order: RefundOrder) -> RefundSnapshot | None:
        """Look a refund up after an unknown outcome; None when the provider surely lacks it."""

    def refund_fetch(self, ref: str) -> RefundSnapshot:
        """Re-read one refund by the provider's reference."""

    # Only where the profile says `pays_out`.

    def payouts_since(self, since: date) -> Iterable[PayoutSnapshot]:
        """All payouts made from `since` on."""

    def payout_items(self, ref: str) -> Iterable[PayoutItem]:
        """What one payout is made of; their sum, rounded once, is its amount."""
