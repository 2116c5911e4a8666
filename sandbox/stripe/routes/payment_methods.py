"""Payment methods."""

from ..errors import missing
from ..http import Call, get, post
from ..paging import page
from ..state import PaymentMethod
from .customers import find_living


def find(call: Call) -> PaymentMethod:
    """The payment method of the path."""
    return call.engine.methods.find(call.identity, None)


def create_method(call: Call) -> dict:
    """Create a payment method from an IBAN."""
    return call.engine.methods.create(call.data).doc


def get_method(call: Call) -> dict:
    """A payment method by its id."""
    return find(call).doc


def update_method(call: Call) -> dict:
    """Change billing details and metadata."""
    return call.engine.methods.update(find(call), call.data).doc


def attach_method(call: Call) -> dict:
    """Give a payment method to a customer."""
    if "customer" not in call.data:
        raise missing("customer")
    customer = call.engine.customers.find(call.data["customer"])
    return call.engine.methods.attach(find(call), customer).doc


def detach_method(call: Call) -> dict:
    """Take a payment method from its customer; its mandates end."""
    return call.engine.methods.detach(find(call)).doc


def list_methods(call: Call) -> dict:
    """Payment methods of a customer."""
    if customer := call.data.get("customer"):
        call.engine.customers.find(customer)
    return page(call.url, call.engine.state.payment_methods, call.data)


def list_of_customer(call: Call) -> dict:
    """Payment methods of the customer of the path."""
    data = {**call.data, "customer": find_living(call).id}
    return page(call.url, call.engine.state.payment_methods, data)


OPERATIONS = [
    post(
        "payment_methods",
        "PaymentMethodCreateParams",
        create_method,
        "type sepa_debit billing_details",
    ),
    get("payment_methods", "PaymentMethodListParams", list_methods, "customer type"),
    get("payment_methods/{identity}", "PaymentMethodRetrieveParams", get_method),
    post(
        "payment_methods/{identity}", "PaymentMethodUpdateParams", update_method, "billing_details"
    ),
    post(
        "payment_methods/{identity}/attach",
        "PaymentMethodAttachParams",
        attach_method,
        "customer",
    ),
    post("payment_methods/{identity}/detach", "PaymentMethodDetachParams", detach_method),
    get(
        "customers/{identity}/payment_methods",
        "CustomerListPaymentMethodsParams",
        list_of_customer,
        "type",
    ),
]
