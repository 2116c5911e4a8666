"""What a provider can do, and how it is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


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
    tells_collected: bool = True  # False: only failures are notified, the rest must be asked for
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
