"""What SlimPay takes: https://dev.slimpay.com/hapi ("Guide" and "Reference"), profile alps/v1.

The requests that collect SEPA debits: orders, mandates, payments, payment issues. Names of query
parameters are those of the templates that the entry point publishes.
"""

from decimal import Decimal

from sandbox.slimpay.entry import query_names

from .requests import Shape, Table
from .schema import BOOLEAN, EMPTY, URL, one_of, record, text

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ACCEPT = r'application/hal\+json; ?profile="https://api\.slimpay\.net/alps/v1"'
READS = {
    "type": "object",
    "required": ["authorization", "accept"],
    "properties": {
        "authorization": {"type": "string", "pattern": r"^[Bb]earer \S+$"},
        "accept": {"type": "string", "pattern": ACCEPT},
    },
}
WRITES = {
    **READS,
    "required": [*READS["required"], "content-type"],
    "properties": {
        **READS["properties"],
        "content-type": {"type": "string", "pattern": "^application/json"},
    },
}
# Overview, "Authentication": the client credentials grant.
TOKEN_HEADERS = {
    "type": "object",
    "required": ["authorization", "content-type"],
    "properties": {
        "authorization": {"type": "string", "pattern": r"^Basic [A-Za-z0-9+/]+=*$"},
        "content-type": {"type": "string", "pattern": "^application/x-www-form-urlencoded"},
    },
}
TOKEN = record("grant_type", grant_type={"const": "client_credentials"}, scope={"const": "api"})

# EPC217-08: the characters that every bank of SEPA takes.
LATIN = r"^[A-Za-z0-9/\-?:().,'+ ]*$"
NAME = r"^[^0-9@/\\]*$|^ISSUE-SEPA-REJ-[A-Z0-9]{4}$"
MOMENT = text(28, pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$")
# Decimal euros, as a text or as an exact number: more decimals end in an internal error there.
AMOUNT = {
    "anyOf": [
        text(19, pattern=r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d*(\.\d{1,2})?)$"),
        {"type": "number", "minimum": 0, "multipleOf": Decimal("0.01")},
    ]
}
EUR = {"type": "string", "const": "EUR"}
SCHEMES = one_of("SEPA.DIRECT_DEBIT.CORE", "SEPA.DIRECT_DEBIT.B2B")
REFERENCE = text(35, pattern=LATIN)
BY_REFERENCE = record("reference", reference=text(35))
CREDITOR = record("reference", reference=text(35), entity=BY_REFERENCE)
ADDRESS = record(
    "street1 postalCode city country",
    street1=text(70),
    street2=text(70),
    postalCode=text(15),
    city=text(35),
    country={"type": "string", "pattern": "^[A-Z]{2}$"},
)
CONTACT = {
    "email": text(70, format="email"),
    "telephone": text(16, pattern=r"^\+\d+$"),
}
SIGNATORY = record(
    "givenName familyName",
    honorificPrefix=one_of("Mr", "Miss", "Mrs"),
    givenName=text(32, pattern=NAME),
    familyName=text(70, pattern=NAME),
    companyName=text(70),
    organizationName=text(70),
    billingAddress=ADDRESS,
    bankAccount=record(
        "iban",
        iban={"type": "string", "format": "iban"},
        bic={"type": "string", "pattern": "^[A-Z0-9]{8}([A-Z0-9]{3})?$"},
    ),
    **CONTACT,
)
SIGN = record(
    "type mandate",
    type={"const": "signMandate"},
    action={"const": "sign"},
    autoGenReference=BOOLEAN,
    mandate=record(
        "signatory",
        reference=REFERENCE,
        standard={"const": "SEPA"},
        createSequenceType=one_of("OOFF", "FRST", "RCUR"),
        signatory=SIGNATORY,
    ),
)
AMEND = record(
    "type action mandate",
    type={"const": "signMandate"},
    action={"const": "amendBankAccount"},
    mandate=BY_REFERENCE,
)
ORDER = record(
    "creditor subscriber items started",
    reference=text(40),
    # Without it the page can not be used.
    started={"const": True},
    locale=one_of("de", "en", "es", "fr", "it", "nl", "pl", "pt"),
    paymentScheme=SCHEMES,
    checkoutActor=one_of("end_user", "third_party"),
    sendUserApproval=BOOLEAN,
    returnUrl=URL,
    successUrl=URL,
    failureUrl=URL,
    cancelUrl=URL,
    creditor=CREDITOR,
    subscriber=record(
        "reference",
        reference=text(35),
        givenName=text(32),
        familyName=text(70),
        shippingAddress=ADDRESS,
        **CONTACT,
    ),
    items={"type": "array", "minItems": 1, "maxItems": 1, "items": {"anyOf": [SIGN, AMEND]}},
)
# "Import mandates": what SlimPay must enable.
MANDATE = record(
    "creditor subscriber reference dateSigned signatory",
    creditor=CREDITOR,
    subscriber=BY_REFERENCE,
    reference=REFERENCE,
    standard={"const": "SEPA"},
    paymentScheme=SCHEMES,
    dateSigned=MOMENT,
    createSequenceType=one_of("OOFF", "FRST", "RCUR"),
    signatory={**SIGNATORY, "required": [*SIGNATORY["required"], "bankAccount"]},
)
MONEY = {
    "creditor": CREDITOR,
    "mandate": BY_REFERENCE,
    # Alphanumeric, unlike the references of orders and mandates.
    "reference": text(35, pattern="^[A-Za-z0-9]+$"),
    "amount": AMOUNT,
    "currency": EUR,
    "label": text(140, pattern=LATIN),
    "executionDate": MOMENT,
    "correlationId": text(35),
}
PAYIN = record(
    "creditor mandate reference amount currency scheme",
    **MONEY,
    scheme=SCHEMES,
    direction={"const": "IN"},
)
PAYOUT = record(
    "creditor mandate reference amount currency scheme",
    **MONEY,
    scheme={"const": "SEPA.CREDIT_TRANSFER"},
    direction={"const": "OUT"},
    category={"const": "refund"},
)
# ISO 20022 external code; the merchant's own request is CUST.
CANCELLATION = record(returnReasonCode=text(4, pattern="^[A-Z0-9]{4}$"))
AMENDMENT = record("iban", iban={"type": "string", "format": "iban"})
NUMBER = {"type": "string", "pattern": r"^\d+$"}


def query(path: str, required: str = "creditorReference") -> dict:
    """The query of a template of the entry point."""
    names = dict.fromkeys(query_names(path), text())
    numbers = {name: NUMBER for name in ("page", "size") if name in names}
    return record(required, **{**names, **numbers})


SHAPES = Table(
    [
        Shape("POST", "/oauth/token", TOKEN_HEADERS, TOKEN, form=True),
        Shape("GET", "/", READS),
        Shape("GET", "/creditors", READS, query=query("/creditors", "reference")),
        Shape("POST", "/orders", WRITES, ORDER),
        Shape("GET", "/orders", READS, query=query("/orders")),
        Shape("GET", f"/orders/{UUID}", READS),
        Shape("POST", "/mandates", WRITES, MANDATE),
        Shape("GET", "/mandates", READS, query=query("/mandates")),
        Shape("GET", f"/mandates/{UUID}(/bank-account|/document)?", READS),
        Shape("POST", f"/mandates/{UUID}/revocation", WRITES, EMPTY),
        Shape("POST", f"/mandates/{UUID}/bank-accounts", WRITES, AMENDMENT),
        Shape("POST", "/payments/in", WRITES, PAYIN),
        Shape("POST", "/payments/out", WRITES, PAYOUT),
        Shape("GET", "/payments", READS, query=query("/payments")),
        Shape("GET", f"/payments/{UUID}(/issues)?", READS),
        Shape("POST", f"/payments/{UUID}/cancellation", WRITES, CANCELLATION),
        Shape("GET", "/payment-issues", READS, query=query("/payment-issues")),
        Shape("GET", f"/payment-issues/{UUID}", READS),
        Shape("POST", f"/payment-issues/{UUID}/acknowledgement", WRITES, EMPTY),
    ],
    pages=("/userApproval",),
)
