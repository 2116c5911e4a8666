"""From the engine's orders to what GoCardless is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure.wire import labels

from . import const
from .snapshots import identifier

Payload = dict[str, Any]


def payment(order: seam.DebitOrder, day: date) -> Payload:
    """Return the parameters of a payment to be charged on `day`."""
    return {
        "amount": order.amount_cents,
        "currency": order.currency,
        "charge_date": day.isoformat(),
        "description": order.description[: const.DESCRIPTION_SIZE],
        # The engine is the only one to retry: two engines would chase one debt.
        "retry_if_possible": False,
        "metadata": labels({"odoo_ref": order.reference, **order.metadata}, **const.METADATA),
        "links": {"mandate": identifier(order.mandate_ref)},
    }


def refund(order: seam.RefundOrder) -> Payload:
    """Return the parameters of a refund; the confirmation is the total with this one."""
    return {
        "amount": order.amount_cents,
        "total_amount_confirmation": order.refunded_cents + order.amount_cents,
        "metadata": labels({"odoo_ref": order.reference, **order.metadata}, **const.METADATA),
        "links": {"payment": identifier(order.debit_ref)},
    }


def billing_request(order: seam.MandateOrder) -> Payload:
    """Return the parameters of a signature; the fixed scheme keeps the debtor from another one."""
    ours = labels({"odoo_mandate": order.reference, **order.metadata}, **const.METADATA)
    return {
        "mandate_request": {"currency": "EUR", "scheme": const.SCHEME, "metadata": ours},
        "metadata": ours,
    }


def customer(order: seam.MandateRegistration) -> Payload:
    """Return the parameters of a customer, who is a company or a person with both names."""
    given, _blank, family = order.partner_name.partition(" ")
    person = {"given_name": given, "family_name": family or given}
    language = {"language": order.lang} if order.lang in const.LANGUAGES else {}
    known = {
        "email": order.email,
        "address_line1": order.street,
        "postal_code": order.zip,
        "city": order.city,
        "country_code": order.country_code,
    }
    return {
        **({"company_name": order.partner_name} if order.is_company else person),
        **{key: value for key, value in known.items() if value},
        **language,
        "metadata": _registration(order),
    }


def bank_account(order: seam.MandateRegistration, customer_ref: str) -> Payload:
    """Return the parameters of a customer's bank account, from the whole number."""
    return {
        "iban": order.iban,
        "account_holder_name": order.holder,
        "links": {"customer": customer_ref},
        "metadata": _registration(order),
    }


def mandate(order: seam.MandateRegistration, account_ref: str, own_rum: bool) -> Payload:
    """Return the parameters of a mandate signed elsewhere.

    :param own_rum: whether it gets our reference; else GoCardless makes one.
    """
    return {
        "scheme": const.SCHEME,
        **({"reference": order.reference} if own_rum else {}),
        "links": {"customer_bank_account": account_ref},
        "metadata": _registration(order),
    }


def _registration(order: seam.MandateRegistration) -> dict[str, str]:
    """By what each part of a registration is found again."""
    values = {"odoo_mandate": order.reference, "odoo_registration": order.idempotency_key}
    return labels({**values, **order.metadata}, **const.METADATA)


def flow(order: seam.MandateOrder, billing_request_ref: str) -> Payload:
    """Return the parameters of the hosted page, filled with what we know of the debtor.

    GoCardless takes either a company's name or a person's two names.
    """
    given, _blank, family = order.partner_name.partition(" ")
    person = {"given_name": given, "family_name": family}
    customer = {
        **({"company_name": order.partner_name} if order.is_company else person),
        "email": order.email,
        "address_line1": order.street,
        "postal_code": order.zip,
        "city": order.city,
        "country_code": order.country_code,
    }
    language = {"language": order.lang} if order.lang in const.LANGUAGES else {}
    return {
        "redirect_uri": order.return_url,
        "exit_uri": order.exit_url,
        "lock_currency": True,
        "show_redirect_buttons": True,
        "prefilled_customer": {key: value for key, value in customer.items() if value},
        "links": {"billing_request": identifier(billing_request_ref)},
        **language,
    }
