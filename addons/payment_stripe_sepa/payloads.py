"""From the engine's orders to what Stripe is asked for.

`payment_method_types`, which every tutorial shows, is refused by this version of the API; its
successor filters silently, so that the answer must be looked at.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure.sepa_text import sepa_text
from odoo.addons.payment_direct_debit.pure.wire import labels

from . import const
from .snapshots import identifier, stamp

Payload = dict[str, Any]


def payment(order: seam.DebitOrder, method: str, customer: str, day: date | None) -> Payload:
    """Return the parameters of a payment, confirmed at once.

    They depend on the order alone: the same key must find the same parameters on another day.

    :param method: the payment method of the mandate.
    :param customer: whom the payment method is attached to.
    :param day: when to debit; None: as soon as possible.
    """
    target = {"payment_method_options": {const.METHOD: {"target_date": day and day.isoformat()}}}
    text = descriptor(order.description)
    return {
        "amount": order.amount_cents,
        "currency": order.currency.lower(),
        "customer": identifier(customer),
        "payment_method": identifier(method),
        "mandate": identifier(order.mandate_ref),
        "allowed_payment_method_types": [const.METHOD],
        "confirm": True,
        "off_session": True,
        "description": order.description[: const.DESCRIPTION_SIZE],
        "metadata": labels({"odoo_ref": order.reference, **order.metadata}, **const.METADATA),
        "expand": ["latest_charge"],
        **({"statement_descriptor": text} if text else {}),
        **(target if day else {}),
    }


def descriptor(text: str) -> str:
    """Return what stands on the bank statement: 5 to 22 Latin characters, one of them a letter,
    none of ``< > \\ ' " *``; empty, which leaves the account's own one, where that can not be."""
    least, most = const.DESCRIPTOR_SIZES
    text = " ".join(sepa_text(text).replace("'", " ").split())[:most].strip()
    return text if len(text) >= least and any(map(str.isalpha, text)) else ""


def customer(order: seam.MandateOrder | seam.MandateRegistration) -> Payload:
    """Return the parameters of a customer, with what we know of the debtor."""
    address = {
        "line1": order.street,
        "postal_code": order.zip,
        "city": order.city,
        "country": order.country_code,
    }
    known = {"name": order.partner_name, "email": order.email}
    return {
        **{key: value for key, value in known.items() if value},
        "address": {key: value for key, value in address.items() if value},
        "metadata": mandate_labels(order),
    }


def method(order: seam.MandateRegistration) -> Payload:
    """Return the parameters of a payment method, from the whole account number."""
    place = {"country": order.country_code, "line1": order.street}
    address = {key: value for key, value in place.items() if value}
    return {
        "type": const.METHOD,
        const.METHOD: {"iban": order.iban},
        "billing_details": {"name": order.holder, "email": order.email, "address": address},
    }


def setup(order: seam.MandateRegistration, customer_ref: str, method_ref: str) -> Payload:
    """Return the parameters of a setup that is confirmed at once: the debtor signed on paper.

    Stripe makes the reference (RUM) itself; ours stands at its beginning as far as it fits.
    """
    acceptance = {"type": "offline", "accepted_at": stamp(order.signed_on)}
    ours = {"odoo_mandate": order.reference, "odoo_registration": order.idempotency_key}
    options = {"mandate_options": {"reference_prefix": rum_prefix(order.reference)}}
    return {
        "customer": customer_ref,
        "payment_method": method_ref,
        "allowed_payment_method_types": [const.METHOD],
        "usage": "off_session",
        "confirm": True,
        "mandate_data": {"customer_acceptance": acceptance},
        "payment_method_options": {const.METHOD: options},
        "metadata": labels({**ours, **order.metadata}, **const.METADATA),
        "expand": ["mandate.payment_method"],
    }


def rum_prefix(reference: str) -> str:
    """Return what the reference of a mandate begins with: at most 12 characters, no sign first."""
    plain = re.sub(r"[^A-Z0-9]", "", reference.upper())[-(const.RUM_PREFIX - 1) :]
    return f"{plain}-" if plain and not plain.startswith("STRIPE") else "M-"


def session(order: seam.MandateOrder, customer_ref: str) -> Payload:
    """Return the parameters of a hosted page on which a mandate is given."""
    language = {"locale": order.lang} if order.lang in const.LANGUAGES else {}
    return {
        "mode": "setup",
        "currency": "eur",
        "customer": identifier(customer_ref),
        "allowed_payment_method_types": [const.METHOD],
        "success_url": order.return_url,
        "cancel_url": order.exit_url,
        "metadata": mandate_labels(order),
        "setup_intent_data": {"metadata": mandate_labels(order)},
        **language,
    }


def refund(order: seam.RefundOrder) -> Payload:
    """Return the parameters of a refund, of all or of a part."""
    return {
        "payment_intent": identifier(order.debit_ref),
        "amount": order.amount_cents,
        "metadata": labels({"odoo_ref": order.reference, **order.metadata}, **const.METADATA),
    }


def webhook_endpoint(url: str) -> Payload:
    """Return the parameters of a webhook endpoint for all events that mean something to us."""
    return {
        "url": url,
        "enabled_events": sorted(const.EVENTS),
        "api_version": const.API_VERSION,
        "description": "Odoo",
    }


def mandate_labels(order: seam.MandateOrder) -> dict[str, str]:
    """Return by what a signature is recognised as ours."""
    return labels({"odoo_mandate": order.reference, **order.metadata}, **const.METADATA)
