"""SEPA reason codes as GoCardless maps them, and the texts of its events."""

from typing import NamedTuple


class Reason(NamedTuple):
    """Cause of a failed payment, its text, and whether the mandate dies of it."""

    cause: str
    description: str
    kills_mandate: bool = False


FAILURES = {
    "AM04": Reason("insufficient_funds", "The customer's account had insufficient funds."),
    "MS03": Reason("refer_to_payer", "The bank gave no reason for refusing this payment."),
    "RR04": Reason("refer_to_payer", "The bank refused this payment for regulatory reasons."),
    "MS02": Reason("refer_to_payer", "The customer refused this payment."),
    "SL01": Reason("refer_to_payer", "The customer's bank restricts direct debits."),
    "AC01": Reason("invalid_bank_details", "The bank details are incorrect.", True),
    "BE06": Reason("invalid_bank_details", "The bank does not know this customer.", True),
    "AC04": Reason("bank_account_closed", "The customer's bank account has been closed.", True),
    "AC06": Reason(
        "account_blocked_for_any_financial_transaction", "The bank account is blocked.", True
    ),
    "AG01": Reason(
        "direct_debit_not_enabled", "The bank account does not accept direct debits.", True
    ),
    "MD01": Reason("mandate_cancelled", "The mandate was cancelled at the bank.", True),
    "MD06": Reason("refund_requested", "The customer asked the bank for a refund."),
    "MD07": Reason("bank_account_closed", "The account holder is deceased.", True),
    "TEST": Reason("test_failure", "A test payment failed."),
}
OTHER = Reason("other", "The bank refused this payment.")
SOFT = frozenset({"AM04"})

DESCRIPTIONS = {
    "payment_created": "Payment created via the API.",
    "payment_submitted": "Payment submitted to the banks. It can no longer be cancelled.",
    "payment_confirmed": "Enough time has passed for the banks to return an error.",
    "payment_paid_out": "The payment has been paid out by GoCardless.",
    "payment_cancelled": "The payment was cancelled via the API.",
    "payment_retried": "The payment was retried via the API.",
    "payment_autoretried": "The payment was retried by Success+.",
    "late_failure_settled": "The late failure was debited from a payout.",
    "chargeback_settled": "The chargeback was debited from a payout.",
    "chargeback_cancelled": "The chargeback was reversed.",
    "mandate_created": "Mandate created via the API.",
    "mandate_submitted": "The mandate has been submitted to the banks.",
    "mandate_activated": "The mandate has been set up with the customer's bank.",
    "mandate_cancelled": "The mandate was cancelled.",
    "mandate_expired": "The mandate has not been used for too long.",
    "mandate_blocked": "The mandate was blocked.",
    "scheme_identifier_changed": "The mandate was replaced by a new one.",
    "bank_account_transferred": "The customer's bank account was transferred.",
    "payout_paid": "GoCardless has transferred the payout to the creditor's bank account.",
    "refund_created": "The refund was created via the API.",
    "refund_paid": "The refund was sent to the customer's bank.",
    "refund_settled": "The refund was debited from a payout.",
    "refund_failed": "The refund did not reach the customer's bank account.",
    "refund_funds_returned": "The funds of the refund came back.",
    "bank_account_closed": "The customer's bank account was disabled or closed.",
    "billing_request_created": "Billing request created via the API.",
    "billing_request_fulfilled": "The billing request was fulfilled.",
    "billing_request_cancelled": "The billing request was cancelled via the API.",
    "authorisation_disputed": "The customer disputes the authorisation.",
}


def failure(code: str) -> Reason:
    """The reason behind ``code``; unknown codes have the cause "other"."""
    return FAILURES.get(code, OTHER)
