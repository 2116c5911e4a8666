"""Setup intents."""

from ..http import Call, get, post
from ..paging import page
from ..state import SetupIntent

CONFIRMED = (
    "payment_method payment_method_data payment_method_options mandate_data return_url "
    "confirmation_token use_stripe_sdk"
)
CREATED = (
    f"{CONFIRMED} allowed_payment_method_types automatic_payment_methods confirm customer "
    "description excluded_payment_method_types payment_method_configuration single_use usage"
)


def find(call: Call) -> SetupIntent:
    """The setup intent of the path."""
    return call.engine.find(call.engine.state.setup_intents, call.identity)


def create_intent(call: Call) -> dict:
    """Create a setup intent, perhaps confirmed."""
    return call.engine.setups.create(call.data).doc


def get_intent(call: Call) -> dict:
    """A setup intent by its id."""
    return find(call).doc


def update_intent(call: Call) -> dict:
    """Change a setup intent."""
    return call.engine.setups.update(find(call), call.data).doc


def confirm_intent(call: Call) -> dict:
    """Confirm a setup intent: the mandate comes to life."""
    return call.engine.setups.confirm(find(call), call.data).doc


def cancel_intent(call: Call) -> dict:
    """Cancel a setup intent."""
    return call.engine.setups.cancel(find(call), call.data.get("cancellation_reason")).doc


def list_intents(call: Call) -> dict:
    """Setup intents, newest first."""
    return page(call.url, call.engine.state.setup_intents, call.data)


OPERATIONS = [
    post("setup_intents", "SetupIntentCreateParams", create_intent, CREATED),
    get("setup_intents", "SetupIntentListParams", list_intents, "customer payment_method"),
    get("setup_intents/{identity}", "SetupIntentRetrieveParams", get_intent, "client_secret"),
    post(
        "setup_intents/{identity}",
        "SetupIntentUpdateParams",
        update_intent,
        "customer description payment_method",
    ),
    post("setup_intents/{identity}/confirm", "SetupIntentConfirmParams", confirm_intent, CONFIRMED),
    post(
        "setup_intents/{identity}/cancel",
        "SetupIntentCancelParams",
        cancel_intent,
        "cancellation_reason",
    ),
]
