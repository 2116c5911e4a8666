"""Constants of the GoCardless API (https://developer.gocardless.com/api-reference/)."""

API_VERSION = "2015-07-06"
TOKEN = "sandbox_dummy"
READ_ONLY_TOKEN = "sandbox_readonly"
TOKENS = {TOKEN: True, READ_ONLY_TOKEN: False}

SCHEME = "sepa_core"
CURRENCY = "EUR"
CURRENCIES = ("AUD", "CAD", "DKK", "EUR", "GBP", "NZD", "SEK", "USD")
LANGUAGES = ("en", "fr", "de", "pt", "es", "it", "nl", "da", "nb", "sl", "sv")

PAYMENT_STATUSES = (
    "pending_customer_approval",
    "customer_approval_denied",
    "pending_submission",
    "submitted",
    "confirmed",
    "paid_out",
    "cancelled",
    "failed",
    "charged_back",
)
PAYMENT_TRANSITIONS = {
    ("pending_submission", "submitted"),
    ("pending_submission", "cancelled"),
    ("submitted", "confirmed"),
    ("submitted", "failed"),
    ("submitted", "charged_back"),
    ("confirmed", "paid_out"),
    ("confirmed", "failed"),
    ("confirmed", "charged_back"),
    ("paid_out", "failed"),
    ("paid_out", "charged_back"),
    ("failed", "pending_submission"),
    ("charged_back", "confirmed"),
}
MANDATE_STATUSES = (
    "pending_customer_approval",
    "pending_submission",
    "submitted",
    "active",
    "suspended_by_payer",
    "failed",
    "cancelled",
    "expired",
    "consumed",
    "blocked",
)
LIVE_MANDATES = frozenset({"pending_submission", "submitted", "active"})
MANDATE_TRANSITIONS = {
    ("pending_submission", "submitted"),
    ("submitted", "active"),
    *((live, "cancelled") for live in LIVE_MANDATES),
    *((live, "expired") for live in LIVE_MANDATES),
    *((live, "blocked") for live in LIVE_MANDATES),
    *((live, "failed") for live in LIVE_MANDATES - {"active"}),
}
BILLING_REQUEST_STATUSES = ("pending", "ready_to_fulfil", "fulfilling", "fulfilled", "cancelled")

MAX_RETRIES = 3
MAX_REFUNDS = 5
EVENT_RESOURCES = ("billing_requests", "creditors", "mandates", "payments", "payouts", "refunds")
EVENT_LINKS = ("billing_request", "mandate", "payment", "payout", "refund", "creditor")
EXTRA_TEST_IBAN = "FR1420041010050500013M02606"
FLOW_DAYS = 7
PAYOUT_ITEMS_DAYS = 183
