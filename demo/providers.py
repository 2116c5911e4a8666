"""What differs from provider to provider in the demo: credentials, references, secrets."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DemoProvider:
    """One provider of the demo.

    :param code: of the payment.provider; its addon is `payment_<code>`.
    :param sandbox: the stand-in's name (`python -m sandbox NAME`).
    :param credentials: function of (sandbox, webhook secret), the values of the provider.
    :param attempts: function of the sandbox, all payments that the stand-in has: its id of each,
        and whether it has brought money or may still do so.
    :param form: function of (res.partner, IBAN), what a payer types into the hosted page.
    :param signed_webhooks: whether the stand-in signs its notifications with a secret of ours.
    """

    code: str
    sandbox: str
    credentials: Callable[[Any, str], dict[str, Any]]
    attempts: Callable[[Any], list[tuple[str, bool]]]
    form: Callable[[Any, str], dict[str, str]]
    signed_webhooks: bool = True


def gocardless_attempts(sandbox):
    dead = {"failed", "cancelled", "charged_back", "customer_approval_denied"}
    return [(payment["id"], payment["status"] not in dead) for payment in sandbox.payments()]


def slimpay_attempts(sandbox):
    dead = {"rejected", "notprocessed", "contested"}
    return [(payment["id"], payment["status"] not in dead) for payment in sandbox.payments()]


def stripe_attempts(sandbox):
    """A debit that came back stays `succeeded` there: the dispute says so."""
    disputed = {dispute["payment_intent"] for dispute in sandbox.read("tables/disputes")}
    dead = {"canceled", "requires_payment_method"}
    return [
        (
            payment["id"],
            payment["status"] not in dead and payment["id"] not in disputed,
        )
        for payment in sandbox.payments()
    ]


def in_two_fields(partner, iban):
    given, _blank, family = partner.name.partition(" ")
    return {
        "given_name": given,
        "family_name": family or given,
        "email": partner.email,
        "iban": iban,
    }


PROVIDERS = {
    "gocardless": DemoProvider(
        "gocardless",
        "gocardless",
        lambda sandbox, secret: {
            "gocardless_access_token": sandbox.token,
            "debit_webhook_secret": secret,
        },
        gocardless_attempts,
        in_two_fields,
    ),
    "slimpay": DemoProvider(
        "slimpay",
        "slimpay",
        lambda sandbox, _secret: {
            "slimpay_app_name": sandbox.credentials["app_name"],
            "slimpay_app_secret": sandbox.credentials["app_secret"],
            "slimpay_creditor_reference": sandbox.credentials["creditor"],
        },
        slimpay_attempts,
        lambda _partner, iban: {"iban": iban},
        signed_webhooks=False,
    ),
    "stripe_sepa": DemoProvider(
        "stripe_sepa",
        "stripe",
        lambda sandbox, secret: {
            "stripe_sepa_secret_key": sandbox.token,
            "debit_webhook_secret": secret,
        },
        stripe_attempts,
        lambda partner, iban: {"name": partner.name, "email": partner.email, "iban": iban},
    ),
}


def connect(env, demo, sandbox, web):
    """Give the provider its credentials and tell the stand-in where to notify.

    :param env: Odoo's environment, superuser.
    :param demo: a DemoProvider.
    :param sandbox: its stand-in (sandbox.testing.Sandbox).
    :param str web: the address of the web server.
    :return: the payment.provider.
    """
    secret = f"whsec_{secrets.token_hex(20)}"
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", web)
    parameters.set_param(f"payment_{demo.code}.api_base_url", sandbox.url)
    provider = env["payment.provider"].search(
        [("code", "=", demo.code), ("company_id", "=", env.company.id)], limit=1
    )
    fees = env["account.account"].search([("code", "=like", "627%")], limit=1)
    provider.write(
        {
            "state": "test",
            "debit_fee_account_id": fees.id,
            **demo.credentials(sandbox, secret),
        }
    )
    sandbox.listen(provider.debit_webhook_url, secret if demo.signed_webhooks else "")
    return provider
