"""The documents have the fields that the library knows, and those that it needs."""

import typing

import pytest
from stripe._object_classes import get_object_class

from .common import IBAN, SEPA, debit, method_of, payer, signed


def annotations(kind):
    """Fields of an object by name, with whether the library says that they may be null."""
    fields = dict(get_object_class("V1", kind).__annotations__)
    fields.pop("OBJECT_NAME")
    return {name: type(None) in typing.get_args(value) for name, value in fields.items()}


def check(document):
    """The document and all objects within it."""
    if isinstance(document, list):
        for item in document:
            check(item)
        return
    if not isinstance(document, dict):
        return
    if "object" in document and document["object"] not in ("list",) and len(document) > 3:
        fields = annotations(document["object"])
        unknown = set(document) - set(fields)
        assert not unknown, f"{document['object']} shows {unknown}"
        needed = {name for name, nullable in fields.items() if not nullable}
        missing = needed - set(document)
        assert not missing, f"{document['object']} lacks {missing}"
        for name in needed:
            assert document[name] is not None, f"{document['object']}.{name} is null"
    for value in document.values():
        check(value)


@pytest.fixture
def busy(sandbox, client):
    """An account on which everything happened."""
    session = client.v1.checkout.sessions.create(
        {
            "mode": "setup",
            "allowed_payment_method_types": SEPA,
            "success_url": "https://example.com/",
        }
    )
    sandbox.sign(session.url, name="Paul", email="p@example.com", iban=IBAN)
    signed(client)
    client.v1.customers.delete(client.v1.customers.create({"name": "Gone"}).id)
    client.v1.webhook_endpoints.create(
        {"url": "http://127.0.0.1:9/", "enabled_events": ["setup_intent.canceled"]}
    )
    for number, outcome in enumerate(("paid", "paid", "failed:AC04", "late:MS03", "chargeback")):
        seeded = payer(sandbox, number=number)
        sandbox.plan({"customer": seeded["customer"]}, outcome)
        debit(client, seeded)
    sandbox.advance("2026-01-20")
    paid = sandbox.payments(status="succeeded")[0]
    client.v1.refunds.create({"payment_intent": paid["id"], "amount": 1000})
    sandbox.advance("2026-03-20")
    return sandbox


TABLES = [
    "customers",
    "payment_methods",
    "mandates",
    "setup_intents",
    "checkout_sessions",
    "payments",
    "charges",
    "refunds",
    "disputes",
    "balance_transactions",
    "payouts",
    "events",
    "webhook_endpoints",
]


@pytest.mark.parametrize("table", TABLES)
def test_documents_have_the_shape_of_the_library(busy, table):
    rows = busy.read(f"tables/{table}")
    assert rows
    for row in rows:
        # The control API adds these.
        check({name: item for name, item in row.items() if name not in ("attempt", "outcome")})


def test_the_account_and_the_balance_have_the_shape_of_the_library(busy, client):
    check(client.v1.accounts.retrieve_current().to_dict())
    check(client.v1.balance.retrieve().to_dict())


def test_times_are_whole_seconds_of_the_simulated_clock(sandbox, client):
    sandbox.advance("2026-02-01")
    created = method_of(client).created
    assert 0 <= created - 1769936400 < 60
