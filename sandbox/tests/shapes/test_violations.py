"""A request that a provider did not publish is caught, whatever the stand-in answers."""

import json

import pytest

from .common import HEADERS, PATHS, TABLES, debit, judge


def into(*path, **values):
    """A change that puts values at a place of the body."""

    def change(body):
        for step in path:
            body = body[step]
        body.update(values)

    return change


def without(*path):
    """A change that takes something out of the body."""

    def change(body):
        for step in path[:-1]:
            body = body[step]
        del body[path[-1]]

    return change


@pytest.mark.parametrize("provider", TABLES)
def test_a_right_debit_is_right(provider):
    assert debit(provider) == []


@pytest.mark.parametrize(
    ("provider", "change", "says"),
    [
        ("gocardless", into("payments", colour="blue"), "body.payments.colour: unknown"),
        ("gocardless", into("payments", amount="4990"), "body.payments.amount: not integer"),
        ("gocardless", into("payments", amount=49.9), "body.payments.amount: not integer"),
        ("gocardless", into("payments", amount=True), "body.payments.amount: not integer"),
        ("gocardless", into("payments", amount=0), "body.payments.amount: less than 1"),
        ("gocardless", into("payments", currency="eur"), "body.payments.currency: not EUR"),
        ("gocardless", into("payments", charge_date="05/02/2026"), "charge_date: no date"),
        ("gocardless", into("payments", charge_date="2026-02-30"), "charge_date: no date"),
        ("gocardless", into("payments", description="x" * 101), "description: longer than 100"),
        ("gocardless", into("payments", retry_if_possible="no"), "not boolean"),
        ("gocardless", into("payments", "metadata", a="1", b="1", c="1"), "more than 3 keys"),
        ("gocardless", into("payments", "metadata", odoo_ref=7), "odoo_ref: not string"),
        ("gocardless", into("payments", "metadata", **{"k" * 51: "1"}), "longer than 50"),
        ("gocardless", into("payments", "links", mandate="../x"), "does not match"),
        ("gocardless", into("payments", "links", customer="CU1"), "links.customer: unknown"),
        ("gocardless", without("payments", "links"), "body.payments.links: missing"),
        ("gocardless", into(refunds={}), "body.refunds: unknown"),
        ("slimpay", into(colour="blue"), "body.colour: unknown"),
        ("slimpay", into(amount=4990.001), "body.amount"),
        ("slimpay", into(amount="49.9.0"), "body.amount"),
        ("slimpay", into(amount="quarante"), "body.amount"),
        ("slimpay", into(amount="0"), "body.amount"),
        ("slimpay", into(amount=True), "body.amount"),
        ("slimpay", into(reference="CTR/2026/1"), "body.reference: does not match"),
        ("slimpay", into(reference="x" * 36), "body.reference: longer than 35"),
        ("slimpay", into(label="Échéance"), "body.label: does not match"),
        ("slimpay", into(executionDate="2026-02-05"), "body.executionDate: does not match"),
        ("slimpay", into(scheme="SEPA.CREDIT_TRANSFER"), "body.scheme: none of"),
        ("slimpay", into(direction="OUT"), "body.direction: not IN"),
        ("slimpay", without("mandate"), "body.mandate: missing"),
        ("slimpay", into("creditor", name="x"), "body.creditor.name: unknown"),
        ("stripe", into(colour="blue"), "colour: Received unknown parameter"),
        ("stripe", into(amount="49.90"), "Invalid integer"),
        ("stripe", into(amount="ten euros"), "Invalid integer"),
        ("stripe", into(confirm="yes"), "confirm: Invalid boolean"),
        ("stripe", without("amount"), "amount: Missing required param"),
        ("stripe", into(**{"payment_method_types[0]": "sepa_debit"}), "no longer supported"),
        ("stripe", into(statement_descriptor="abc"), "5 to 22 Latin characters"),
        ("stripe", into(**{f"metadata[{'k' * 41}]": "1"}), "up to 40 characters"),
        (
            "stripe",
            into(**{"payment_method_options[sepa_debit][colour]": "1"}),
            "payment_method_options[sepa_debit][colour]",
        ),
    ],
)
def test_a_wrong_body_is_caught(provider, change, says):
    found = debit(provider, change)
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    ("provider", "header"),
    [(provider, header) for provider, headers in HEADERS.items() for header in headers],
)
def test_a_missing_header_is_caught(provider, header):
    found = debit(provider, **{header: None})
    assert found == [f"headers.{header}: missing"]


@pytest.mark.parametrize(
    ("provider", "headers"),
    [
        ("gocardless", {"gocardless_version": "2014-01-01"}),
        ("gocardless", {"content_type": "text/plain"}),
        ("gocardless", {"idempotency_key": ""}),
        ("slimpay", {"accept": "application/json"}),
        ("slimpay", {"authorization": "Basic YTpi"}),
        ("stripe", {"stripe_version": "2019-05-16"}),
        ("stripe", {"authorization": "Bearer whatever"}),
    ],
)
def test_a_wrong_header_is_caught(provider, headers):
    assert len(debit(provider, **headers)) == 1


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        ("gocardless", "/subscriptions"),
        ("gocardless", "/payments/PM1/actions/forget"),
        ("slimpay", "/direct-debits"),
        ("slimpay", "/payments/1/cancellation"),
        ("stripe", "/v1/sources"),
    ],
)
def test_a_request_that_nobody_published_is_caught(provider, path):
    (found,) = debit(provider, path=path)
    assert "no such request is published" in found


@pytest.mark.parametrize(
    ("provider", "path", "query"),
    [
        ("gocardless", "/payments", "colour=blue"),
        ("gocardless", "/payments", "limit=501"),
        ("gocardless", "/payments", "created_at[gte]=2026-02-05"),
        ("gocardless", "/payout_items", "limit=500"),
        ("slimpay", "/payments", "creditorReference=c&subcriberReference=x"),
        ("slimpay", "/payments", "reference=D1"),
        ("stripe", "/v1/payment_intents", "colour=blue"),
        ("stripe", "/v1/payment_intents", "limit=many"),
    ],
)
def test_a_wrong_query_is_caught(provider, path, query):
    assert len(judge(provider, "GET", path, query=query)) == 1


@pytest.mark.parametrize("provider", TABLES)
def test_a_body_that_can_not_be_read_is_caught(provider):
    assert judge(provider, "POST", PATHS[provider], b"\xff{") != []


def test_a_customer_is_a_company_or_a_person():
    def flow(**customer):
        body = {"links": {"billing_request": "BRQ1"}, "prefilled_customer": customer}
        raw = json.dumps({"billing_request_flows": body}).encode()
        return judge("gocardless", "POST", "/billing_request_flows", raw)

    assert flow(company_name="ACME", city="Nantes") == []
    assert flow(given_name="Paul", family_name="Durand") == []
    assert len(flow(given_name="Paul", company_name="ACME")) == 1


def test_pages_for_the_payer_are_no_requests_to_the_api():
    assert judge("gocardless", "GET", "/billing/static/flow") is None
    assert judge("slimpay", "POST", "/userApproval") is None
    assert judge("stripe", "GET", "/c/pay/cs_test_1") is None


def test_the_pinned_library_gives_the_shapes_of_stripe():
    """A new release of the library brings other shapes: its pin, not chance, decides when."""
    from importlib.metadata import version
    from pathlib import Path

    pins = (Path(__file__).parents[3] / "requirements.in").read_text().splitlines()
    assert f"stripe=={version('stripe')}" in pins
