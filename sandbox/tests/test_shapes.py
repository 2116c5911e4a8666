"""What is served has the shape that GoCardless' own client knows."""

import inspect

import pytest
from gocardless_pro.resources import (
    billing_request,
    billing_request_flow,
    creditor,
    customer,
    customer_bank_account,
    event,
    mandate,
    payment,
    payout,
    payout_item,
    refund,
    webhook,
)

from .common import collect, signed_mandate

# "resources", "fx" and the like have a class of their own inside the resource's class.
FREE = {"metadata", "resource_metadata", "request_headers", "response_headers", "actions"}
RENAMED = {"_property": "property"}


def properties(cls):
    """Names of the attributes that a class of the client gives access to."""
    names = {name for name, value in vars(cls).items() if isinstance(value, property)}
    return {RENAMED.get(name, name) for name in names}


def unknown_attributes(attributes, cls):
    """Attributes that the client's class does not know, nested ones too."""
    found = set(attributes) - properties(cls)
    inner = {name.lower(): value for name, value in vars(cls).items() if inspect.isclass(value)}
    for name, value in attributes.items():
        nested = inner.get(name.replace("_", ""))
        if nested and isinstance(value, dict) and name not in FREE:
            found |= {f"{name}.{item}" for item in unknown_attributes(value, nested)}
    return found


@pytest.fixture
def populated(sandbox, client, receiver):
    """An account in which everything exists."""
    sandbox.plan("any", "paid", "failed:AC04")
    request = client.billing_requests.create(params={"mandate_request": {"currency": "EUR"}})
    client.billing_request_flows.create(
        params={"redirect_uri": "https://m.example/ok", "links": {"billing_request": request.id}}
    )
    sandbox.act("fulfil", request.id)
    signed = signed_mandate(client)
    paid = collect(client, signed, metadata={"odoo_ref": "1"})
    sandbox.advance("2026-01-15")
    client.refunds.create(
        params={"amount": 10, "total_amount_confirmation": 10, "links": {"payment": paid.id}}
    )
    collect(client, signed)
    sandbox.advance("2026-02-15")
    return client


@pytest.mark.parametrize(
    ("service", "cls"),
    [
        ("creditors", creditor.Creditor),
        ("customers", customer.Customer),
        ("customer_bank_accounts", customer_bank_account.CustomerBankAccount),
        ("mandates", mandate.Mandate),
        ("payments", payment.Payment),
        ("refunds", refund.Refund),
        ("billing_requests", billing_request.BillingRequest),
        ("events", event.Event),
        ("payouts", payout.Payout),
        ("webhooks", webhook.Webhook),
    ],
)
def test_every_served_attribute_is_known_to_the_client(populated, service, cls):
    records = getattr(populated, service).list(params={"limit": 500}).records
    assert records
    for record in records:
        assert unknown_attributes(record.attributes, cls) == set()


def test_payout_items_and_flows_are_known_to_the_client(populated):
    item_of = populated.payouts.list().records[0].id
    for item in populated.payout_items.all(params={"payout": item_of}):
        assert unknown_attributes(item.attributes, payout_item.PayoutItem) == set()
    open_request = populated.billing_requests.create(
        params={"mandate_request": {"currency": "EUR"}}
    )
    flow = populated.billing_request_flows.create(
        params={"links": {"billing_request": open_request.id}}
    )
    assert unknown_attributes(flow.attributes, billing_request_flow.BillingRequestFlow) == set()


def test_amounts_of_payout_items_are_texts_with_one_decimal(populated):
    newest = populated.payouts.list().records[0].id
    for item in populated.payout_items.all(params={"payout": newest}):
        assert isinstance(item.amount, str)
        assert len(item.amount.partition(".")[2]) == 1


def test_the_creditor_can_collect_by_sepa(client):
    record = client.creditors.list().records[0]
    (identifier,) = record.scheme_identifiers
    assert identifier["scheme"] == "sepa_core"
    assert identifier["minimum_advance_notice"] == 3
    assert record.can_create_refunds is True
    assert client.creditors.get(record.id).name == record.name


def test_the_iban_is_never_shown_again(populated):
    account = populated.customer_bank_accounts.list().records[0]
    assert account.account_number_ending == "06"
    assert "iban" not in account.attributes
