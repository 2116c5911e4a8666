"""What the public documents leave open, and what differs from one account to the next."""

from dataclasses import dataclass
from typing import ClassVar

from sandbox.core.settings import BaseSettings

from .const import ABORTED_BY_CLIENT, ABORTED_BY_SERVER, EXECUTION_STATUSES


@dataclass
class Settings(BaseSettings):
    """Each setting is described in the README; money in cents, days are working days."""

    # The protocol.
    strict: bool = True
    profile_header: bool = False
    token_clock: str = "simulated"
    token_seconds: int = 998
    not_found_body: str = "code"
    page_size: int = 20
    max_page_size: int = 100
    inclusive_dates: bool = True
    next_is_self: bool = False
    single_object: bool = False
    partial_embedded: bool = False
    # Orders and mandates.
    duplicate_order_status: int = 400
    duplicate_order_code: int = 901
    order_days: int = 60
    checkout_minutes: int = 20
    return_url: str = ""
    order_reference_in_return: bool = False
    order_error_property: str = ""
    cancelled_order_state: str = ABORTED_BY_CLIENT
    mandate_import: bool = False
    # Payments.
    unique_payment_references: bool = False
    reference_pattern: str = "[A-Za-z0-9]+"
    latin_labels: bool = True
    refused_payment_state: str = ""
    lead_days: int = 2
    early_dates: str = "roll"
    cancel_days: int = 3
    processing_days: int = 1
    late_days: int = 5
    chargeback_days: int = 20
    returned_status: str = "rejected"
    refunded_status: str = "contested"
    bank_fee: int = 0
    focr_issues: bool = True
    revoking_codes: str = ""
    auto_retry: bool = False
    auto_retry_codes: str = "AM04,MS03"
    auto_retry_days: int = 5
    auto_retry_max: int = 2
    # Money that leaves the account.
    refund_months: int = 14
    refund_wait_days: int = 0
    payouts: str = "weekly"
    floor: int = 50_000
    fee_debit: int = 20
    fee_issue: int = 0
    fee_transfer: int = 0
    statement_locale: str = "fr"
    # Webhooks v1.
    classic_webhooks: bool = False
    webhook_shape: str = "Id"
    signature_clock: str = "real"

    CHOICES: ClassVar[dict[str, tuple]] = {
        "token_clock": ("simulated", "real"),
        "not_found_body": ("code", "empty", "html"),
        "cancelled_order_state": (ABORTED_BY_CLIENT, ABORTED_BY_SERVER),
        "early_dates": ("roll", "refuse"),
        "returned_status": EXECUTION_STATUSES,
        "refunded_status": EXECUTION_STATUSES,
        "payouts": ("never", "daily", "weekly"),
        "statement_locale": ("fr", "en"),
        "webhook_shape": ("Id", "id"),
        "signature_clock": ("simulated", "real"),
    }
