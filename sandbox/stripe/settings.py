"""What differs from one account to the next, and what Stripe's documents leave open."""

from dataclasses import dataclass
from typing import ClassVar

from sandbox.core.settings import BaseSettings


@dataclass
class Settings(BaseSettings):
    """Switches and tariff of the sandbox account; amounts in cents, days are working days.

    submission_days: creation to debit. failure_days, success_days, late_days, dispute_days: debit
    to answer. instant: test IBANs answer as in Stripe's sandbox, at once or on the next day.
    refused_at_once: failure codes, separated by commas, that answer 402 at confirmation.
    weekly_limit: cents in 7 days, None for no limit. refund_days: 0 succeeds at once.
    target_date_shift: days that the bank debits after the target date.
    mandate_optional: a debit without mandate takes the latest of its payment method.
    dispute_reason: "" derives it from the bank's code. dispute_status: at its creation.
    rate_limit: requests a second of real time, None for no limit. execution_seconds: how long a
    POST holds its idempotency key. endpoint_secret: "" draws one for each webhook endpoint.
    """

    CHOICES: ClassVar[dict[str, tuple]] = {"dispute_status": ("lost", "needs_response")}

    sepa_debit_enabled: bool = True
    own_creditor_id: bool = False
    raw_iban: bool = True
    offline_acceptance: bool = True
    mandate_optional: bool = True
    return_url_required: bool = False
    foreign_method_options: bool = True
    refund_while_processing: bool = True
    network_decline_code: bool = False
    dispute_ends_mandate: bool = False
    negative_payouts: bool = False
    instant: bool = False
    min_amount: int = 50
    max_amount: int = 1_000_000
    weekly_limit: int | None = None
    submission_days: int = 1
    failure_days: int = 3
    success_days: int = 5
    late_days: int = 8
    dispute_days: int = 20
    dispute_close_days: int = 10
    available_calendar_days: int = 7
    payout_days: int = 2
    reconciliation_days: int = 0
    refund_days: int = 3
    target_date_shift: int = 0
    fee_fixed: int = 35
    dispute_fee: int = 750
    dispute_status: str = "lost"
    dispute_reason: str = ""
    refused_at_once: str = ""
    reference_prefix_code: str = "invalid_mandate_reference_prefix_format"
    endpoint_secret: str = ""
    rate_limit: int | None = None
    execution_seconds: float = 0.0
    idempotency_hours: int = 24

    def refuses_at_once(self, code: str) -> bool:
        """Whether a debit with this failure code is refused when it is confirmed."""
        return code in [item.strip() for item in self.refused_at_once.split(",")]
