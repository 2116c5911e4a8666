"""What GoCardless says, in the words of `payment_direct_debit.seam`.

Pages of https://developer.gocardless.com/api-reference: "Payments", "Mandates", "Events" (the
tables of actions, causes and SEPA reason codes), "Billing Requests", "Errors".
"""

from odoo.addons.payment_direct_debit import seam

CODE, NAME = "gocardless", "GoCardless"
# The provider's state chooses the environment: each has its own tokens ("Environments").
API_URLS = {
    "enabled": "https://api.gocardless.com",
    "test": "https://api-sandbox.gocardless.com",
}
SETUP = seam.ProviderSetup(
    name=NAME,
    api_urls=API_URLS,
    credentials=("gocardless_access_token",),
    secrets=("gocardless_access_token",),
    lead_days=3,
    lead_days_allowed=range(2, 61),
    max_amount=5000,  # GoCardless raises it on request
)

SCHEME = "sepa_core"  # GoCardless offers no SEPA B2B
PAGE = 500  # "Cursor pagination": the largest page
MAX_EVENTS = 250  # "Webhooks": the most events that one notification holds
DESCRIPTION_SIZE = 100
METADATA = {"keys": 3, "key_size": 50, "value_size": 500}
LANGUAGES = frozenset({"en", "fr", "de", "pt", "es", "it", "nl", "da", "nb", "sl", "sv"})

PAYMENT_STATUSES = {
    "pending_customer_approval": seam.ACCEPTED,
    "pending_submission": seam.ACCEPTED,
    "submitted": seam.ACCEPTED,
    "confirmed": seam.COLLECTED,
    "paid_out": seam.PAID_OUT,
    "failed": seam.FAILED,
    "charged_back": seam.RETURNED,
    "cancelled": seam.CANCELLED,
    "customer_approval_denied": seam.CANCELLED,
}
# A SEPA mandate is sent to the bank with its first payment and confirmed by it: waiting for
# `active` before the first debit would wait for ever.
MANDATE_STATUSES = {
    "pending_customer_approval": seam.MANDATE_ACTIVE,
    "pending_submission": seam.MANDATE_ACTIVE,
    "submitted": seam.MANDATE_ACTIVE,
    "active": seam.MANDATE_ACTIVE,
    "suspended_by_payer": seam.MANDATE_SUSPENDED,
    "blocked": seam.MANDATE_SUSPENDED,
    "failed": seam.MANDATE_FAILED,
    "cancelled": seam.MANDATE_CANCELLED,
    "expired": seam.MANDATE_EXPIRED,
    "consumed": seam.MANDATE_EXPIRED,
}

# Statuses that need their reason: the event of the same name tells it.
PAYMENT_ENDS = frozenset({"failed", "charged_back", "cancelled", "customer_approval_denied"})
MANDATE_ENDS = frozenset({"failed", "cancelled", "expired", "consumed", "blocked"})
# Actions that can change a debit of ours; others, such as `created`, ask nothing of us.
PAYMENT_ACTIONS = frozenset(
    {
        "customer_approval_granted",
        "customer_approval_denied",
        "submitted",
        "confirmed",
        "paid_out",
        "failed",
        "cancelled",
        "charged_back",
        "chargeback_cancelled",
        "late_failure_settled",
        "chargeback_settled",
        "resubmission_requested",
    }
)
REFUND_STATUSES = {
    "created": seam.ACCEPTED,
    "pending_submission": seam.ACCEPTED,
    "submitted": seam.ACCEPTED,
    "paid": seam.PAID_OUT,
    "cancelled": seam.FAILED,
    "bounced": seam.FAILED,
    "funds_returned": seam.FAILED,
}
REFUND_ACTIONS = frozenset({"paid", "refund_settled", "failed", "funds_returned"})
REFUND_AFTER_DAYS = 7  # "Refunds": by default not before, the payer's bank may still reject
PAYOUT_STATUSES = {
    "pending": seam.PAYOUT_PENDING,
    "paid": seam.PAYOUT_PAID,
    "bounced": seam.PAYOUT_BOUNCED,
}
# "Payout Items"; what is not here, such as revenue shares of partners, is for a person.
ITEM_KINDS = {
    "payment_paid_out": seam.ITEM_DEBIT,
    "payment_failed": seam.ITEM_RETURN,
    "payment_charged_back": seam.ITEM_RETURN,
    "payment_refunded": seam.ITEM_REFUND,
    "refund": seam.ITEM_REFUND,
    "refund_funds_returned": seam.ITEM_REFUND,
    "gocardless_fee": seam.ITEM_FEE,
    "surcharge_fee": seam.ITEM_FEE,
    "app_fee": seam.ITEM_FEE,
}

DOMAIN = "gocardless.com"
DOCUMENT_LANGUAGE = "fr"
DOCUMENT_SIZE = 5 * 1024 * 1024
DOCUMENT_SECONDS = 60

TOPICS = {
    "payments": (seam.TOPIC_DEBIT, "payment"),
    "mandates": (seam.TOPIC_MANDATE, "mandate"),
    "billing_requests": (seam.TOPIC_SIGNATURE, "billing_request"),
    "refunds": (seam.TOPIC_REFUND, "refund"),
    "payouts": (seam.TOPIC_PAYOUT, "payout"),
    "creditors": (seam.TOPIC_PAYOUT, "payout"),  # a bounced payout is an event of the creditor
}

# The cause stands in for the ISO code where an event carries none; one that may mean several
# codes is mapped to the mildest, since the code decides what happens to the mandate.
CAUSE_CODES = {
    "insufficient_funds": "AM04",
    "refer_to_payer": "MS03",
    "invalid_bank_details": "AC01",
    "bank_account_closed": "AC04",
    "direct_debit_not_enabled": "AG01",
    "account_blocked_for_any_financial_transaction": "AC06",
    "mandate_cancelled": "MD01",
    "authorisation_disputed": "MD01",
    "refund_requested": "MD06",
    "test_failure": "TEST",
}
# Causes of an end that the creditor asked for, which no bank returned: no ISO code fits.
OWN_ORIGINS = frozenset({"api", "gocardless"})

TOO_EARLY = "TM01"
# `mandate_is_inactive` is ISO's "no valid mandate": the engine then suspends the mandate, so that
# nothing else leaves on it. A replaced mandate keeps GoCardless' word: its notification follows.
REFUSAL_CODES = {"mandate_is_inactive": "MD01"}
