"""Helpers of the tests: the real client, payers, debits and raw requests."""

import requests
import stripe

from sandbox.tests.common import iban

VERSION = "2026-10-28.endive"
IBAN = "FR1420041010050500013M02606"
SEPA = ["sepa_debit"]
ONLINE = {
    "customer_acceptance": {
        "type": "online",
        "online": {"ip_address": "192.0.2.1", "user_agent": "test"},
    }
}
OFFLINE = {"customer_acceptance": {"type": "offline"}}


def client_of(sandbox, key=None, **options):
    """The official client, by default without retries."""
    options = {"stripe_version": VERSION, "max_network_retries": 0} | options
    return stripe.StripeClient(
        key or sandbox.token,
        base_addresses={"api": sandbox.url},
        http_client=stripe.RequestsClient(timeout=(5, 20)),
        **options,
    )


def payer(sandbox, name="Paul Martin", number=1, **values):
    """A new payer with an active mandate: ids of customer, payment_method, mandate, reference."""
    entry = {"name": name, "iban": iban(number), "email": "p@example.com", **values}
    return sandbox.seed([entry])[0]


def debit_of(seeded, amount=4990, **values):
    """The parameters of a debit as a merchant sends them."""
    return {
        "amount": amount,
        "currency": "eur",
        "customer": seeded["customer"],
        "payment_method": seeded["payment_method"],
        "mandate": seeded["mandate"],
        "allowed_payment_method_types": SEPA,
        "confirm": True,
        "off_session": True,
        **values,
    }


def debit(client, seeded, amount=4990, key=None, **values):
    """A new debit that is processing."""
    options = {"idempotency_key": key} if key else {}
    return client.v1.payment_intents.create(debit_of(seeded, amount, **values), options)


def method_of(client, number=IBAN, customer=None, **billing):
    """A new payment method, attached to ``customer`` if given."""
    details = {"name": "Jeanne Martin", "email": "jeanne@example.com", **billing}
    params = {
        "type": "sepa_debit",
        "sepa_debit": {"iban": number},
        "billing_details": details,
    }
    method = client.v1.payment_methods.create(params)
    if customer:
        client.v1.payment_methods.attach(method.id, {"customer": customer})
    return method


def signed(client, number=IBAN, **values):
    """A customer with a mandate given on the server's side; the setup intent."""
    customer = client.v1.customers.create({"name": "Jeanne Martin"})
    params = {
        "customer": customer.id,
        "payment_method": method_of(client, number).id,
        "allowed_payment_method_types": SEPA,
        "usage": "off_session",
        "confirm": True,
        "mandate_data": ONLINE,
        **values,
    }
    return client.v1.setup_intents.create(params)


def signed_payer(client, number=IBAN, **values):
    """The ids of a payer who signed as ``signed``, in the form of ``payer``."""
    intent = signed(client, number, **values)
    return {
        "customer": intent.customer,
        "payment_method": intent.payment_method,
        "mandate": intent.mandate or intent.single_use_mandate,
    }


def story(sandbox, *prefixes):
    """Types of the events in order, perhaps only those that start with one of ``prefixes``."""
    kinds = [event["type"] for event in sandbox.events()]
    return [kind for kind in kinds if not prefixes or kind.startswith(prefixes)]


def call(sandbox, method, path, body="", headers=None):
    """A raw request with a valid key and version."""
    defaults = {
        "Authorization": f"Bearer {sandbox.token}",
        "Stripe-Version": VERSION,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    headers = {name: value for name, value in (defaults | (headers or {})).items() if value}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, sandbox.url + path, data=body, headers=headers, timeout=30)


def error_of(answer):
    """(status, type, code, param) of a refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["type"], error.get("code"), error.get("param")
