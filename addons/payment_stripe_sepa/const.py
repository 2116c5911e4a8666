"""What Stripe says, in the words of `payment_direct_debit.seam`.

Pages of https://docs.stripe.com: "SEPA Direct Debit payments", "Payment status updates", "Error
codes", "Disputes on SEPA debits", "Types of events", "Reporting categories", "Rate limits".
"""

from odoo.addons.payment_direct_debit import seam

CODE, NAME = "stripe_sepa", "Stripe"
# One train of the library knows one version; a new one is a change of both.
API_VERSION = "2026-10-28.endive"
API_URL = "https://api.stripe.com"
SETUP = seam.ProviderSetup(
    name=NAME,
    api_urls={"enabled": API_URL, "test": API_URL},
    credentials=("stripe_sepa_secret_key",),
    secrets=("stripe_sepa_secret_key",),
    lead_days=5,
    # A target date is 3 calendar days away at least and needs as many working days; at most 15
    # calendar days, which around Easter or Christmas are 8 working days.
    lead_days_allowed=range(3, 9),
    max_amount=10000,  # a new account has the same limit for a week
)
# The key chooses between the sandbox and the real account; restricted keys begin with rk.
KEY_PREFIXES = {"test": ("sk_test_", "rk_test_"), "enabled": ("sk_live_", "rk_live_")}

METHOD = "sepa_debit"
PAGE = 100  # the largest page
MAX_TARGET_DAYS = 15  # calendar days from the request to `target_date`
DESCRIPTION_SIZE = 500
DESCRIPTOR_SIZES = (5, 22)
RUM_PREFIX = 12
METADATA = {"keys": 50, "key_size": 40, "value_size": 500}
LANGUAGES = frozenset({"en", "fr", "de", "pt", "es", "it", "nl", "da", "nb", "sl", "sv", "pl"})

INTENT_STATUSES = {
    "processing": seam.ACCEPTED,
    "succeeded": seam.COLLECTED,
    "canceled": seam.CANCELLED,
    # Off session nobody is there to act: whatever waits for somebody has failed.
    "requires_payment_method": seam.FAILED,
    "requires_confirmation": seam.FAILED,
    "requires_action": seam.FAILED,
    "requires_capture": seam.FAILED,
}
# Failed, but still open at Stripe: it could be confirmed once more beside our next attempt.
LEFT_OPEN = frozenset(s for s, ours in INTENT_STATUSES.items() if ours == seam.FAILED)
MANDATE_STATUSES = {
    "active": seam.MANDATE_ACTIVE,
    "pending": seam.MANDATE_PENDING,
    "inactive": seam.MANDATE_CANCELLED,
}
REFUND_STATUSES = {
    "pending": seam.ACCEPTED,
    "requires_action": seam.ACCEPTED,
    "succeeded": seam.PAID_OUT,
    "failed": seam.FAILED,
    "canceled": seam.FAILED,
}
# Stripe advises 7 working days from the creation, since a refund followed by a return pays twice;
# it refuses 180 days after the creation, which is up to 15 days before the debit.
REFUND_AFTER_DAYS, REFUND_UNTIL_DAYS = 10, 165
PAYOUT_STATUSES = {
    "pending": seam.PAYOUT_PENDING,
    "in_transit": seam.PAYOUT_PENDING,
    "paid": seam.PAYOUT_PAID,
    "failed": seam.PAYOUT_BOUNCED,
    "canceled": seam.PAYOUT_BOUNCED,
}
# Whether the money of a dispute is with the debtor; SEPA knows no inquiry before that.
DISPUTE_TAKES = {
    "needs_response": True,
    "under_review": True,
    "lost": True,
    "appeal_needs_response": True,
    "appeal_under_review": True,
    "won": False,
    "prevented": False,
    "warning_needs_response": False,
    "warning_under_review": False,
    "warning_closed": False,
}
ITEM_KINDS = {
    "charge": seam.ITEM_DEBIT,
    "charge_failure": seam.ITEM_RETURN,
    "dispute": seam.ITEM_RETURN,
    "dispute_reversal": seam.ITEM_RETURN,
    "refund": seam.ITEM_REFUND,
    "refund_failure": seam.ITEM_REFUND,
    "fee": seam.ITEM_FEE,
}

# Stripe's failure codes as ISO codes; one that may mean several is mapped to the mildest, since
# the code decides what happens to the mandate.
FAILURE_CODES = {
    "insufficient_funds": "AM04",
    "refer_to_customer": "MS02",
    "generic_could_not_process": "MS03",
    "debit_disputed": "MD06",
    "authorization_revoked": "MD01",
    "debit_not_authorized": "MD01",
    "debit_authorization_not_match": "MD01",
    "account_closed": "AC04",
    "invalid_account_number": "AC01",
    "branch_does_not_exist": "AC01",
    "bank_account_restricted": "AC06",
    "bank_account_unusable": "AC06",
    "incorrect_account_holder_name": "BE01",
    "recipient_deceased": "MD07",
    "sepa_debit_bank_not_supported": "AG01",
    "sepa_debit_debits_not_supported": "AG01",
    "charge_exceeds_source_limit": "AM02",
    "charge_exceeds_weekly_limit": "AM02",
    "charge_exceeds_transaction_limit": "AM02",
    # ISO's "no valid mandate": the engine then suspends it, so that nothing else leaves on it.
    "payment_intent_mandate_invalid": "MD01",
}
DISPUTE_CODES = {
    "insufficient_funds": "AM04",
    "bank_cannot_process": "MS03",
    "incorrect_account_details": "AC01",
    "debit_not_authorized": "MD01",
    "fraudulent": "MD01",
    "customer_initiated": "MD06",
    "unrecognized": "MD06",
    "product_not_received": "MD06",
    "product_unacceptable": "MD06",
    "subscription_canceled": "MD06",
    "credit_not_processed": "MD06",
    "noncompliant": "MD06",
    "duplicate": "AM05",
}
TOO_EARLY = "TM01"
NOT_ALLOWED = "payment_method_not_allowed"

# What an event is about, and which field of its object names that; others ask nothing of us.
EVENTS = {
    "payment_intent.succeeded": (seam.TOPIC_DEBIT, "id"),
    "payment_intent.payment_failed": (seam.TOPIC_DEBIT, "id"),
    "payment_intent.canceled": (seam.TOPIC_DEBIT, "id"),
    "charge.updated": (seam.TOPIC_DEBIT, "payment_intent"),
    "charge.dispute.created": (seam.TOPIC_DEBIT, "payment_intent"),
    "charge.dispute.updated": (seam.TOPIC_DEBIT, "payment_intent"),
    "charge.dispute.closed": (seam.TOPIC_DEBIT, "payment_intent"),
    "charge.dispute.funds_withdrawn": (seam.TOPIC_DEBIT, "payment_intent"),
    "charge.dispute.funds_reinstated": (seam.TOPIC_DEBIT, "payment_intent"),
    "mandate.updated": (seam.TOPIC_MANDATE, "id"),
    "checkout.session.completed": (seam.TOPIC_SIGNATURE, "id"),
    "payout.paid": (seam.TOPIC_PAYOUT, "id"),
    "payout.failed": (seam.TOPIC_PAYOUT, "id"),
    "payout.canceled": (seam.TOPIC_PAYOUT, "id"),
    "payout.reconciliation_completed": (seam.TOPIC_PAYOUT, "id"),
    "refund.created": (seam.TOPIC_REFUND, "id"),
    "refund.updated": (seam.TOPIC_REFUND, "id"),
    "refund.failed": (seam.TOPIC_REFUND, "id"),
}
# Parts of an event that are worth stealing: the one confirms a payment, the other shows a mandate.
EVENT_SECRETS = frozenset({"client_secret", "url"})
