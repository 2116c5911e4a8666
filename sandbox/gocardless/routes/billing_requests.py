"""Billing requests for mandates, and their hosted flows."""

from ..billing import OPEN
from ..const import BILLING_REQUEST_STATUSES, CURRENCY, LANGUAGES, SCHEME
from ..errors import forbidden, invalid_state, validation_failed
from ..http import Call, action, create, find, get, listing
from ..paging import bad_filter, select, window
from ..validation import Schema, boolean, metadata, one_of, text, url
from .customers import DETAILS
from .mandates import check_reference

REQUESTS, FLOWS = "billing_requests", "billing_request_flows"


def anything(value) -> None:
    """No check: kept as sent."""


REQUEST = Schema(
    fallback_enabled=boolean,
    links=Schema(customer=text(), creditor=text(), customer_bank_account=text()),
    mandate_request=Schema(
        "currency",
        currency=one_of(CURRENCY),
        scheme=one_of(SCHEME),
        verify=one_of("minimum", "recommended", "when_available", "always"),
        description=text(),
        metadata=metadata,
        reference=text(35),
        consent_type=one_of("one_off", "recurring", "standard"),
        constraints=anything,
        authorisation_source=one_of("web", "telephone", "paper"),
    ),
    metadata=metadata,
    payment_request=anything,
    purpose_code=text(),
)
# Details on the page are stored unvalidated: the payer corrects them.
FLOW = Schema(
    "links",
    auto_fulfil=boolean,
    exit_uri=url,
    language=one_of(*LANGUAGES),
    links=Schema("billing_request", billing_request=text()),
    lock_bank_account=boolean,
    lock_currency=boolean,
    lock_customer_details=boolean,
    prefilled_bank_account=Schema(account_type=text()),
    prefilled_customer=Schema(**dict.fromkeys(DETAILS, text())),
    redirect_uri=url,
    show_redirect_buttons=boolean,
    show_success_redirect_button=boolean,
    skip_success_screen=boolean,
)
METADATA = Schema(metadata=metadata)


def create_request(call: Call) -> dict:
    """Create a request for a SEPA mandate."""
    engine = call.engine
    values = REQUEST.check(call.data, REQUESTS)
    if "payment_request" in values:
        raise forbidden("Instant bank payments are not enabled on this account")
    if not values.get("mandate_request"):
        raise validation_failed([("mandate_request", "can't be blank")], REQUESTS)
    links = values.get("links", {})
    if links.get("creditor"):
        find(engine.state.creditors, links["creditor"], "link_not_found")
    customer = None
    if links.get("customer"):
        customer = find(engine.state.customers, links["customer"], "link_not_found")
    reference = values["mandate_request"].get("reference")
    check_reference(engine, reference, REQUESTS, "mandate_request.reference")
    return engine.billing.present(engine.billing.create(values, customer))


def get_request(call: Call) -> dict:
    """A billing request by its id."""
    row = find(call.engine.state.billing_requests, call.identity)
    return call.engine.billing.present(row, read=True)


def cancel_request(call: Call) -> dict:
    """Cancel an open billing request."""
    row = find(call.engine.state.billing_requests, call.identity)
    METADATA.check(call.data, "data")
    if row.status not in OPEN:
        raise invalid_state("cancellation_failed", f"Billing request is {row.status}")
    call.engine.billing.cancel(row)
    return call.engine.billing.present(row)


def list_requests(call: Call):
    """Billing requests, newest first."""
    if call.query.get("status", "pending") not in BILLING_REQUEST_STATUSES:
        raise bad_filter("unknown status")
    filters = {
        "customer": lambda row: row.doc["links"]["customer"],
        "status": lambda row: row.doc["status"],
    }
    rows = select(call.engine.state.billing_requests, call.query, filters)
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [call.engine.billing.present(row) for row in page], {"meta": meta}


def create_flow(call: Call) -> dict:
    """Open the hosted page for a billing request."""
    engine = call.engine
    values = FLOW.check(call.data, FLOWS)
    request = find(
        engine.state.billing_requests, values["links"]["billing_request"], "link_not_found"
    )
    if request.status not in OPEN:
        raise invalid_state("billing_request_inactive", f"Billing request is {request.status}")
    if values.get("auto_fulfil") is False:
        raise validation_failed([("auto_fulfil", "cannot be disabled")], FLOWS)
    for lock in ("lock_bank_account", "lock_customer_details"):
        if values.get(lock):
            raise validation_failed([(lock, "needs details collected before")], FLOWS)
    prefilled = values.get("prefilled_customer", {})
    if prefilled.get("company_name") and (
        prefilled.get("given_name") or prefilled.get("family_name")
    ):
        message = "cannot be given together with given_name or family_name"
        raise validation_failed([("prefilled_customer.company_name", message)], FLOWS)
    return engine.billing.create_flow(request, values, call.base_url).doc


OPERATIONS = [
    create(REQUESTS, create_request),
    listing(REQUESTS, list_requests),
    get(REQUESTS, get_request),
    action(REQUESTS, "cancel", cancel_request),
    create(FLOWS, create_flow),
]
