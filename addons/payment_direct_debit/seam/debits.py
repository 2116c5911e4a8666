"""Debits, refunds, payouts and events, as they travel between the engine and a provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# What a debit can be at a provider, in our words. `accepted` covers everything between the
# provider's receipt and the money's arrival.
ACCEPTED, COLLECTED, PAID_OUT = "accepted", "collected", "paid_out"
FAILED, CANCELLED, RETURNED = "failed", "cancelled", "returned"
# A status that the provider's client does not know: stored raw, changes nothing, raises an alert.
UNMAPPED = "unmapped"

PAYOUT_PENDING, PAYOUT_PAID, PAYOUT_BOUNCED = "pending", "paid", "bounced"
ITEM_DEBIT, ITEM_RETURN, ITEM_REFUND = "debit", "return", "refund"
ITEM_FEE, ITEM_OTHER = "fee", "other"

TOPIC_DEBIT, TOPIC_MANDATE, TOPIC_SIGNATURE = "debit", "mandate", "signature"
TOPIC_PAYOUT, TOPIC_REFUND, TOPIC_OTHER = "payout", "refund", "other"


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
class IncomingEvent:
    """One message of a provider, verified, not yet applied."""

    event_key: str
    topic: str
    ref: str
    action: str
    occurred_at: datetime  # naive UTC
    payload: dict[str, Any]
