"""What SlimPay says, in the words of `payment_direct_debit.seam`.

Pages of https://dev.slimpay.com/hapi: "Overview: Authentication, Collections, Errors", "Guide:
Collect payments, Handle payment issues, Refund", "Reference: Orders, Mandates, Payments, Payment
issues, Webhook".
"""

from odoo.addons.payment_direct_debit import seam

# The provider's state chooses the environment: each has its own apps ("Resources").
API_URLS = {
    "enabled": "https://api.slimpay.net",
    "test": "https://api.preprod.slimpay.com",
}
# Where the hosted signature page may be; the browser is sent there, we never go.
CHECKOUT_DOMAINS = (".slimpay.com", ".slimpay.net")
WEBHOOK_ROUTE = "/payment/slimpay/webhook"

# The same in every environment.
RELATION = "https://api.slimpay.net/alps#"
ACCEPT = 'application/hal+json; profile="https://api.slimpay.net/alps/v1"'
TIMEOUTS = (5, 20)  # seconds to connect, to read
TOKEN_MARGIN = 60  # seconds by which a token is renewed before its end
ENTRY_POINT_AGE = 3600  # seconds for which the entry point is kept
RATE_LIMIT_PAUSE = 60  # no limit is documented
PAGE = 100
MAX_PAGES = 1000
LABEL_SIZE = 140
REFERENCE_SIZE = 35
LANGUAGES = frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt"})
CURRENCY = "EUR"
SCHEME = "SEPA.DIRECT_DEBIT.CORE"
TRANSFER = "SEPA.CREDIT_TRANSFER"
MANDATE_SCHEMES = {SCHEME: "core", "SEPA.DIRECT_DEBIT.B2B": "b2b"}
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
