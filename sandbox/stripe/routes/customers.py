"""Customers."""

from ..errors import no_such
from ..http import Call, delete, get, post
from ..paging import page
from ..state import Row

FIELDS = (
    "address business_name description email individual_name name phone preferred_locales "
    "invoice_settings"
)


def create_customer(call: Call) -> dict:
    """Create a customer."""
    return call.engine.customers.create(call.data).doc


def find(call: Call) -> Row:
    """The customer of the path, whether it was deleted or not."""
    return call.engine.find(call.engine.state.customers, call.identity)


def get_customer(call: Call) -> dict:
    """A customer by its id; of a deleted one the id remains."""
    return find(call).doc


def find_living(call: Call) -> Row:
    """The customer of the path; ApiError 404 when it was deleted."""
    row = find(call)
    if row.doc.get("deleted"):
        raise no_such("customer", call.identity)
    return row


def update_customer(call: Call) -> dict:
    """Change a customer."""
    return call.engine.customers.update(find_living(call), call.data).doc


def delete_customer(call: Call) -> dict:
    """Delete a customer, for ever."""
    return call.engine.customers.delete(find_living(call)).doc


def list_customers(call: Call) -> dict:
    """Customers that were not deleted, newest first."""
    data = {**call.data, "deleted": None}
    return page(call.url, call.engine.state.customers, data)


OPERATIONS = [
    post("customers", "CustomerCreateParams", create_customer, FIELDS),
    get("customers", "CustomerListParams", list_customers, "email"),
    get("customers/{identity}", "CustomerRetrieveParams", get_customer),
    post("customers/{identity}", "CustomerUpdateParams", update_customer, FIELDS),
    delete("customers/{identity}", "CustomerDeleteParams", delete_customer),
]
