"""Right requests of each provider, to be spoilt in one place, and how they are judged."""

import copy
import json
from urllib.parse import urlencode

from sandbox.shapes import gocardless, slimpay, stripe
from sandbox.shapes.requests import Request

TABLES = {"gocardless": gocardless.SHAPES, "slimpay": slimpay.SHAPES, "stripe": stripe.SHAPES}
HEADERS = {
    "gocardless": {
        "authorization": "Bearer token",
        "gocardless-version": "2015-07-06",
        "content-type": "application/json",
        "idempotency-key": "key-1",
    },
    "slimpay": {
        "authorization": "Bearer token",
        "accept": 'application/hal+json; profile="https://api.slimpay.net/alps/v1"',
        "content-type": "application/json",
    },
    "stripe": {
        "authorization": "Bearer sk_test_1",
        "stripe-version": "2026-10-28.endive",
        "content-type": "application/x-www-form-urlencoded",
        "idempotency-key": "key-1",
    },
}
PATHS = {
    "gocardless": "/payments",
    "slimpay": "/payments/in",
    "stripe": "/v1/payment_intents",
}
DEBITS = {
    "gocardless": {
        "payments": {
            "amount": 4990,
            "currency": "EUR",
            "charge_date": "2026-02-05",
            "description": "Contrat 42",
            "retry_if_possible": False,
            "metadata": {"odoo_ref": "D1"},
            "links": {"mandate": "MD000123"},
        }
    },
    "slimpay": {
        "creditor": {"reference": "creditor"},
        "mandate": {"reference": "RUM-1"},
        "reference": "D1",
        "scheme": "SEPA.DIRECT_DEBIT.CORE",
        "amount": "49.90",
        "currency": "EUR",
        "label": "Contrat 42",
        "executionDate": "2026-02-05T00:00:00.000+0100",
    },
    "stripe": {
        "amount": "4990",
        "currency": "eur",
        "customer": "cus_1",
        "payment_method": "pm_1",
        "mandate": "mandate_1",
        "allowed_payment_method_types[0]": "sepa_debit",
        "confirm": "true",
        "off_session": "true",
        "description": "Contrat 42",
        "metadata[odoo_ref]": "D1",
        "payment_method_options[sepa_debit][target_date]": "2026-02-05",
    },
}


def debit(provider, change=lambda body: None, path=None, **headers):
    """The problems of a right debit after ``change``; a header that is None is left out."""
    body = copy.deepcopy(DEBITS[provider])
    change(body)
    raw = urlencode(body) if provider == "stripe" else json.dumps(body)
    given = {**HEADERS[provider], **{k.replace("_", "-"): v for k, v in headers.items()}}
    given = {name: value for name, value in given.items() if value is not None}
    return judge(provider, "POST", path or PATHS[provider], raw.encode(), given)


def judge(provider, method, path, body=b"", headers=None, query=""):
    """The problems of a request; None when it is none to the API."""
    request = Request(method, path, query, headers or HEADERS[provider], body)
    return TABLES[provider].violations(request)
