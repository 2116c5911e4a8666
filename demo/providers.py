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
    :param reference: function of a row of the stand-in's payments, our reference of the attempt.
    :param form: function of (res.partner, IBAN), what a payer types into the hosted page.
    :param signed_webhooks: whether the stand-in signs its notifications with a secret of ours.
    """

    code: str
    sandbox: str
    credentials: Callable[[Any, str], dict[str, Any]]
    reference: Callable[[dict[str, Any]], str]
    form: Callable[[Any, str], dict[str, str]]
    signed_webhooks: bool = True


def metadata_reference(payment):
    return payment["metadata"].get("odoo_ref")


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
            "gocardless_webhook_secret": secret,
        },
        metadata_reference,
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
        lambda payment: payment["reference"],
        lambda _partner, iban: {"iban": iban},
        signed_webhooks=False,
    ),
    "stripe_sepa": DemoProvider(
        "stripe_sepa",
        "stripe",
        lambda sandbox, secret: {
            "stripe_sepa_secret_key": sandbox.token,
            "stripe_sepa_webhook_secret": secret,
        },
        metadata_reference,
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
