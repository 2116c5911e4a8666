"""Checkout sessions in setup mode and their hosted page."""

import pytest
import requests
import stripe

from sandbox.testing import SandboxError

from .common import IBAN, SEPA, debit, story

RETURN = "https://example.com/ok?session={CHECKOUT_SESSION_ID}"
FORM = {"name": "Jeanne Martin", "email": "jeanne@example.com", "iban": IBAN}


@pytest.fixture
def customer(client):
    """A customer without bank account."""
    return client.v1.customers.create({"name": "Jeanne <Martin>", "email": "j@example.com"})


def opened(client, customer=None, **values):
    params = {
        "mode": "setup",
        "customer": getattr(customer, "id", customer),
        "allowed_payment_method_types": SEPA,
        "success_url": RETURN,
        "cancel_url": "https://example.com/no",
        "locale": "fr",
        "setup_intent_data": {"metadata": {"odoo": "1"}, "description": "Contrat 42"},
        **values,
    }
    return client.v1.checkout.sessions.create(params)


def get(url):
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, allow_redirects=False, timeout=30)


def test_the_payer_signs_in_french_and_comes_back(sandbox, client, customer):
    session = opened(client, customer)
    assert (session.status, session.payment_method_types) == ("open", SEPA)
    page = get(session.url)
    assert page.status_code == 200
    assert "Mandat de prélèvement SEPA" in page.text
    assert "Jeanne &lt;Martin&gt;" in page.text
    assert "8 semaines" in page.text
    assert sandbox.sign(session.url, **FORM) == f"https://example.com/ok?session={session.id}"
    expand = ["setup_intent.mandate", "setup_intent.payment_method"]
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": expand})
    assert (done.status, done.url) == ("complete", None)
    assert done.customer_details.email == "jeanne@example.com"
    intent = done.setup_intent
    assert (intent.status, intent.metadata["odoo"]) == ("succeeded", "1")
    assert intent.description == "Contrat 42"
    assert intent.mandate.customer_acceptance.online.ip_address == "127.0.0.1"
    assert intent.payment_method.customer == customer.id
    assert story(sandbox)[-3:] == [
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ]


def test_what_was_signed_can_be_debited(sandbox, client, customer):
    session = opened(client, customer, expand=["setup_intent"])
    sandbox.sign(session.url, **FORM)
    intent = client.v1.setup_intents.retrieve(session.setup_intent.id)
    seeded = {
        "customer": customer.id,
        "payment_method": intent.payment_method,
        "mandate": intent.mandate,
    }
    assert debit(client, seeded).status == "processing"


def test_the_prefix_of_the_reference_is_used(sandbox, client, customer):
    options = {"sepa_debit": {"mandate_options": {"reference_prefix": "VISION-42-"}}}
    session = opened(client, customer, payment_method_options=options)
    sandbox.act("fulfil", session.id)
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.mandate"]})
    details = done.setup_intent.mandate.payment_method_details.sepa_debit
    assert details.reference.startswith("VISION-42-")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"iban": "FR1420041010050500013M02607"}, "IBAN invalide"),
        ({"iban": ""}, "IBAN invalide"),
        ({"iban": "FR5020041010050000000066666"}, "accepte pas le prélèvement"),
        ({"name": ""}, "Champ obligatoire"),
        ({"email": "nowhere"}, "Adresse e-mail invalide"),
        ({"iban": "GB82WEST12345698765432"}, "Adresse obligatoire"),
    ],
)
def test_a_wrong_form_is_shown_again(sandbox, client, customer, change, text):
    session = opened(client, customer)
    with pytest.raises(SandboxError, match="422") as caught:
        sandbox.sign(session.url, **(FORM | change))
    assert text in str(caught.value).replace("&#39;", "'")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_session_is_signed_once(sandbox, client, customer):
    session = opened(client, customer)
    sandbox.sign(session.url, **FORM)
    page = get(session.url)
    assert page.status_code == 410
    assert "déjà signé" in page.text
    with pytest.raises(SandboxError, match="410"):
        sandbox.sign(session.url, **FORM)


def test_leaving_goes_to_the_cancel_url_and_leaves_the_session_open(sandbox, client, customer):
    session = opened(client, customer)
    left = get(session.url + "/cancel")
    assert (left.status_code, left.headers["location"]) == (303, "https://example.com/no")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_session_lives_24_hours(sandbox, client, customer):
    session = opened(client, customer)
    sandbox.advance("2026-01-06")
    assert get(session.url).status_code == 410
    expired = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent"]})
    assert (expired.status, expired.setup_intent.status) == ("expired", "canceled")
    assert story(sandbox, "checkout") == ["checkout.session.expired"]


def test_sessions_that_nobody_visits_expire_too(sandbox, client, customer):
    opened(client, customer)
    sandbox.advance("2026-01-07")
    assert story(sandbox, "checkout") == ["checkout.session.expired"]


def test_a_session_can_be_expired_by_hand_once(client, customer):
    session = opened(client, customer)
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"mode": "payment"}, "mode"),
        ({"ui_mode": "embedded_page"}, "ui_mode"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "example.com"}, "success_url"),
        ({"allowed_payment_method_types": None}, "currency"),
        ({"customer": "cus_1"}, "customer"),
        ({"customer_email": "p@example.com"}, "customer_email"),
        ({"expires_at": 1}, "expires_at"),
        ({"locale": "fr-BE"}, "locale"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(sandbox, client, customer, change, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        opened(client, **({"customer": customer} | change))
    assert caught.value.param == param
    assert sandbox.read("tables/sessions") == []


def test_sessions_are_listed_by_customer(client, customer):
    session = opened(client, customer)
    opened(client)
    (found,) = client.v1.checkout.sessions.list({"customer": customer.id}).data
    assert found.id == session.id


def test_the_page_names_the_creditor_identifier_only_when_it_is_the_merchants(sandbox, client):
    url = opened(client).url
    assert "ICS" not in get(url).text
    sandbox.control("settings", own_creditor_id=True)
    assert "ICS FR72ZZZ123456" in get(url).text
    assert client.v1.accounts.retrieve_current().settings.sepa_debit_payments.creditor_id
