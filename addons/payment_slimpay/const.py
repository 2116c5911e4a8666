"""What SlimPay says, in the words of `payment_direct_debit.seam`.

Pages of https://dev.slimpay.com/hapi: "Overview: Authentication, Collections, Errors", "Guide:
Collect payments, Handle payment issues, Refund", "Reference: Orders, Mandates, Payments, Payment
issues, Webhook".
"""

from odoo.addons.payment_direct_debit import seam

CODE, NAME = "slimpay", "SlimPay"
# The provider's state chooses the environment: each has its own apps ("Resources").
API_URLS = {
    "enabled": "https://api.slimpay.net",
    "test": "https://api.preprod.slimpay.com",
}
SETUP = seam.ProviderSetup(
    name=NAME,
    api_urls=API_URLS,
    credentials=("slimpay_app_name", "slimpay_app_secret", "slimpay_creditor_reference"),
    secrets=("slimpay_app_name", "slimpay_app_secret"),
    lead_days=3,
    lead_days_allowed=range(2, 61),
    max_amount=5000,
    needs_webhook_secret=False,  # nobody signs the notification of an order
)
# Where the hosted signature page may be; the browser is sent there, we never go.
CHECKOUT_DOMAINS = (".slimpay.com", ".slimpay.net")

# The same in every environment.
RELATION = "https://api.slimpay.net/alps#"
ACCEPT = 'application/hal+json; profile="https://api.slimpay.net/alps/v1"'
TOKEN_MARGIN = 60  # seconds by which a token is renewed before its end
ENTRY_POINT_AGE = 3600  # seconds for which the entry point is kept
PAGE = 100
MAX_PAGES = 1000
LABEL_SIZE = 140
REFERENCE_SIZE = 35
LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt"})
CURRENCY = "EUR"
SCHEME = "SEPA.DIRECT_DEBIT.CORE"
TRANSFER = "SEPA.CREDIT_TRANSFER"
SCHEMES = {"core": SCHEME, "b2b": "SEPA.DIRECT_DEBIT.B2B"}
MANDATE_SCHEMES = {theirs: ours for ours, theirs in SCHEMES.items()}
CANCELLED_BY_US = {"returnReasonCode": "CUST"}
TOLERANCE = 600  # seconds for which a signed webhook may travel; 300 at least by the documents

# `contested` and `transformed` have no public definition: unmapped, unless an issue explains them.
EXECUTION_STATUSES = {
    "toprocess": seam.ACCEPTED,
    "togenerate": seam.ACCEPTED,
    "processing": seam.ACCEPTED,
    "processed": seam.COLLECTED,
    "rejected": seam.FAILED,
    "toreplay": seam.FAILED,  # SlimPay will try again by itself
    "notprocessed": seam.CANCELLED,
}
# Statuses at which the bank has not spoken yet, in the attempt that counts.
WAITING = frozenset({"toprocess", "togenerate", "processing"})
REFUND_STATUSES = {
    "toprocess": seam.ACCEPTED,
    "togenerate": seam.ACCEPTED,
    "processing": seam.ACCEPTED,
    "processed": seam.PAID_OUT,
    "rejected": seam.FAILED,
    "notprocessed": seam.FAILED,
}
# Five working days, which holidays can stretch: before, the bank may still return the debit.
REFUND_AFTER_DAYS = 11
REFUND_UNTIL_DAYS = 14 * 30  # SlimPay: 14 months
# Issues of a debit whose money had come, and goes back.
RETURN_TYPES = frozenset({"returns", "refunds", "reversal"})
MANDATE_STATES = {
    "created": seam.MANDATE_PENDING,
    "waitingForReference": seam.MANDATE_PENDING,
    "waitingForValidation": seam.MANDATE_PENDING,
    "active": seam.MANDATE_ACTIVE,
    "rejected": seam.MANDATE_FAILED,
    "revoked": seam.MANDATE_CANCELLED,
    "expired": seam.MANDATE_EXPIRED,
}
# What a poll asks after, since no notification tells it.
MANDATE_ENDS = ("revoked", "expired")

# ISO's code for a mandate that is none (any more): the engine then suspends it.
NO_MANDATE = "MD01"
TOO_EARLY = "TM01"
DUPLICATE_ORDER = "duplicate_order"
NOT_FOUND = "404"
ACCESS_DENIED = 904
