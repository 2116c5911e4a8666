"""Payment intents; searching lags behind at Stripe and is not offered here."""

from ..http import Call, get, post
from ..paging import page
from ..state import Intent

CONFIRMED = (
    "mandate mandate_data off_session payment_method payment_method_data payment_method_options "
    "return_url setup_future_usage confirmation_token use_stripe_sdk"
)
CREATED = (
    f"{CONFIRMED} allowed_payment_method_types amount automatic_payment_methods capture_method "
    "confirm confirmation_method currency customer description excluded_payment_method_types "
    "payment_method_configuration statement_descriptor"
)


def find(call: Call) -> Intent:
    """The payment intent of the path."""
    return call.engine.find(call.engine.state.payment_intents, call.identity)


def create_intent(call: Call) -> dict:
    """Create a payment intent, perhaps confirmed."""
    return call.engine.payments.create(call.data).doc


def get_intent(call: Call) -> dict:
    """A payment intent by its id."""
    return find(call).doc


def update_intent(call: Call) -> dict:
    """Change a payment intent."""
    return call.engine.payments.update(find(call), call.data).doc


def confirm_intent(call: Call) -> dict:
    """Confirm a payment intent: the debit goes to the bank."""
    return call.engine.payments.confirm(find(call), call.data).doc


def cancel_intent(call: Call) -> dict:
    """Cancel a payment intent that is not at the bank."""
    return call.engine.payments.cancel(find(call), call.data.get("cancellation_reason")).doc


def list_intents(call: Call) -> dict:
    """Payment intents, newest first."""
    return page(call.url, call.engine.state.payment_intents, call.data)


OPERATIONS = [
    post("payment_intents", "PaymentIntentCreateParams", create_intent, CREATED),
    get("payment_intents", "PaymentIntentListParams", list_intents, "customer"),
    get("payment_intents/{identity}", "PaymentIntentRetrieveParams", get_intent, "client_secret"),
    post(
        "payment_intents/{identity}",
        "PaymentIntentUpdateParams",
        update_intent,
        "amount currency customer description payment_method statement_descriptor",
    ),
    post(
        "payment_intents/{identity}/confirm",
        "PaymentIntentConfirmParams",
        confirm_intent,
        CONFIRMED,
    ),
    post(
        "payment_intents/{identity}/cancel",
        "PaymentIntentCancelParams",
        cancel_intent,
        "cancellation_reason",
    ),
]
