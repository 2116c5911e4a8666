"""What GoCardless takes: https://developer.gocardless.com/api-reference/, version 2015-07-06.

The requests that collect SEPA Core debits: billing requests, mandates, payments, refunds, payouts,
events. Lengths and enumerations are those of the field comments of GoCardless' own libraries.
"""

from .requests import Shape, Table
from .schema import BOOLEAN, EMAIL, URL, record, text

# Ids are a short prefix and capitals: anything else in a path is somebody's attempt.
ID = "[A-Z]{2,4}[0-9A-Z]+"
VERSION = {"type": "string", "const": "2015-07-06"}
JSON_TYPE = {"type": "string", "pattern": r"^application/(vnd\.api\+)?json"}
HEADERS = {
    "type": "object",
    "required": ["authorization", "gocardless-version"],
    "properties": {
        "authorization": {"type": "string", "pattern": r"^Bearer \S+$"},
        "gocardless-version": VERSION,
    },
}
WRITES = {
    **HEADERS,
    "required": [*HEADERS["required"], "content-type"],
    "properties": {**HEADERS["properties"], "content-type": JSON_TYPE},
}
CREATES = {
    **WRITES,
    "required": [*WRITES["required"], "idempotency-key"],
    "properties": {**WRITES["properties"], "idempotency-key": text(255)},
}
MINOR_UNITS = {"type": "integer", "minimum": 1}
EUR = {"type": "string", "const": "EUR"}
DAY = {"type": "string", "format": "date"}
METADATA = {
    "type": "object",
    "maxProperties": 3,
    "propertyNames": text(50),
    "additionalProperties": {"type": "string", "maxLength": 500},
}


def identifier(prefix: str) -> dict:
    """An id of one kind of resource."""
    return {"type": "string", "pattern": f"^{prefix}[0-9A-Z]+$"}


def enveloped(name: str, content: dict) -> dict:
    """Bodies have the name of the resource at their root."""
    return record(name, **{name: content})


def listing(*filters: str, **more: dict) -> dict:
    """The query of a list; ``created_at`` takes four bounds."""
    stamp = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}
    bounds = {f"created_at[{name}]": stamp for name in ("gt", "gte", "lt", "lte")}
    limit = {"type": "string", "pattern": "^([1-9][0-9]?|[1-4][0-9]{2}|500)$"}
    paging = {"limit": limit, "after": text(), "before": text()}
    return record("", **bounds, **paging, **dict.fromkeys(filters, text()), **more)


PAYMENT = record(
    "amount currency links",
    amount=MINOR_UNITS,
    currency=EUR,
    charge_date=DAY,
    description=text(100),
    # 140 is the limit of SEPA; only accounts with the right may send one.
    reference=text(140),
    retry_if_possible=BOOLEAN,
    metadata=METADATA,
    links=record("mandate", mandate=identifier("MD")),
)
REFUND = record(
    "amount links total_amount_confirmation",
    amount=MINOR_UNITS,
    total_amount_confirmation=MINOR_UNITS,
    reference=text(140),
    metadata=METADATA,
    links=record("payment", payment=identifier("PM")),
)
BILLING_REQUEST = record(
    "mandate_request",
    metadata=METADATA,
    links=record(
        customer=identifier("CU"), creditor=identifier("CR"), customer_bank_account=identifier("BA")
    ),
    mandate_request=record(
        "currency",
        currency=EUR,
        scheme={"type": "string", "const": "sepa_core"},
        verify={"enum": ("minimum", "recommended", "when_available", "always")},
        description=text(),
        reference=text(35),
        metadata=METADATA,
    ),
)
LANGUAGES = ("en", "fr", "de", "pt", "es", "it", "nl", "da", "nb", "sl", "sv")
CUSTOMER = record(
    given_name=text(),
    family_name=text(),
    company_name=text(),
    email=EMAIL,
    address_line1=text(),
    address_line2=text(),
    address_line3=text(),
    city=text(),
    postal_code=text(),
    region=text(),
    country_code={"type": "string", "pattern": "^[A-Z]{2}$"},
)
# Reserved to accounts with payment pages of their own, as are accounts and mandates made by hand.
PAYER = {
    **CUSTOMER,
    "properties": {
        **CUSTOMER["properties"],
        "language": {"enum": LANGUAGES},
        "phone_number": text(30),
        "metadata": METADATA,
    },
    "only": CUSTOMER["only"] | {"language", "phone_number", "metadata"},
}
ACCOUNT = record(
    "iban account_holder_name links",
    iban={"type": "string", "format": "iban"},
    account_holder_name=text(),
    metadata=METADATA,
    links=record("customer", customer=identifier("CU")),
)
MANDATE = record(
    "links",
    reference=text(35),
    scheme={"type": "string", "const": "sepa_core"},
    metadata=METADATA,
    payer_ip_address=text(45),
    links=record(
        "customer_bank_account",
        customer_bank_account=identifier("BA"),
        creditor=identifier("CR"),
    ),
)
# A company's name is taken only where a person's two names are not given.
PREFILLED = {
    "anyOf": [
        {**CUSTOMER, "only": CUSTOMER["only"] - {"company_name"}},
        {**CUSTOMER, "only": CUSTOMER["only"] - {"given_name", "family_name"}},
    ]
}
FLOW = record(
    "links",
    redirect_uri=URL,
    exit_uri=URL,
    language={"enum": LANGUAGES},
    auto_fulfil={"const": True},
    lock_bank_account=BOOLEAN,
    lock_currency=BOOLEAN,
    lock_customer_details=BOOLEAN,
    show_redirect_buttons=BOOLEAN,
    show_success_redirect_button=BOOLEAN,
    skip_success_screen=BOOLEAN,
    prefilled_customer=PREFILLED,
    links=record("billing_request", billing_request=identifier("BRQ")),
)
DOCUMENT = record("links", links=record("mandate", mandate=identifier("MD")))
# The clients send null where there is nothing to say.
ACTION = {**record(data=record(metadata=METADATA)), "type": ["object", "null"]}

EVENT_FILTERS = (
    "action",
    "billing_request",
    "creditor",
    "include",
    "mandate",
    "parent_event",
    "payment",
    "payout",
    "refund",
    "resource_type",
)
LISTS = {
    "creditors": listing(),
    "customer_bank_accounts": listing("customer", "enabled"),
    "customers": listing("currency"),
    "events": listing(*EVENT_FILTERS),
    "mandates": listing("creditor", "customer", "customer_bank_account", "reference", "status"),
    "payments": listing("charge_date", "creditor", "currency", "customer", "mandate", "status"),
    "payout_items": {**listing("payout"), "required": ["payout"]},
    "payouts": listing("creditor", "creditor_bank_account", "currency", "reference", "status"),
    "refunds": listing("mandate", "payment", "refund_type"),
}
CREATIONS = {
    "billing_requests": BILLING_REQUEST,
    "billing_request_flows": FLOW,
    "customer_bank_accounts": ACCOUNT,
    "customers": PAYER,
    "mandate_pdfs": DOCUMENT,
    "mandates": MANDATE,
    "payments": PAYMENT,
    "refunds": REFUND,
}
READ = (
    "billing_requests|creditors|customer_bank_accounts|customers|events|mandates|payments|payouts"
    "|refunds"
)
ACTIONS = ("payments", "mandates", "billing_requests")

SHAPES = Table(
    [
        *(Shape("GET", f"/{name}", HEADERS, query=query) for name, query in LISTS.items()),
        Shape("GET", f"/({READ})/{ID}", HEADERS),
        *(
            Shape("POST", f"/{name}", CREATES, enveloped(name, body))
            for name, body in CREATIONS.items()
        ),
        *(Shape("POST", f"/{name}/{ID}/actions/cancel", WRITES, ACTION) for name in ACTIONS),
    ],
    pages=("/billing/static/", "/documents/"),
)
