"""From the engine's orders to what SlimPay is asked for."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import money, sepa_text
from odoo.addons.payment_direct_debit.pure.wire import PARIS

from . import const
from .snapshots import mandate_reference

Payload = dict[str, Any]
DIGEST_SIZE = 16
# Makes the stand-in of the bank reject in SlimPay's test environment; digits are refused otherwise.
_TEST_NAME = re.compile(r"ISSUE-SEPA-REJ-[A-Z0-9]{4}")


def stamp(day: date) -> str:
    """Return the midnight in Paris that begins `day`, as SlimPay wants it."""
    text = datetime.combine(day, time(), PARIS).isoformat(timespec="milliseconds")
    return text[:-3] + text[-2:]  # no colon in the offset


def reference(order: seam.DebitOrder | seam.RefundOrder) -> str:
    """Return the name of an attempt at SlimPay, `[A-Za-z0-9]{1,35}`.

    SlimPay has no idempotency keys: this name stands in for one. The same for every try of the
    attempt, and another for every other attempt, also of another database on the same account.
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", order.reference)
    digest = _digest(order.reference, order.idempotency_key)[:DIGEST_SIZE]
    return plain[: const.REFERENCE_SIZE - DIGEST_SIZE] + digest


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def creditor(name: str, entity: str) -> Payload:
    """Return how a body names the merchant account."""
    return {"reference": name, **({"entity": {"reference": entity}} if entity else {})}


def payment(order: seam.DebitOrder, day: date | None) -> Payload:
    """Return the body of a debit to be executed on `day`; None: as soon as possible."""
    return {
        "mandate": {"reference": mandate_reference(order.mandate_ref)},
        "reference": reference(order),
        "scheme": const.SCHEMES[order.scheme],
        "amount": str(money.from_cents(order.amount_cents)),
        "currency": order.currency,
        "label": sepa_text.sepa_text(order.description, const.LABEL_SIZE) or reference(order),
        **({"executionDate": stamp(day)} if day else {}),
    }


def refund(order: seam.RefundOrder, mandate_ref: str, debit_reference: str) -> Payload:
    """Return the body of a credit transfer that gives a debit back."""
    return {
        "mandate": {"reference": mandate_reference(mandate_ref)},
        "reference": reference(order),
        "scheme": const.TRANSFER,
        "amount": str(money.from_cents(order.amount_cents)),
        "currency": order.currency,
        "label": sepa_text.sepa_text(order.reference, const.LABEL_SIZE) or reference(order),
        "correlationId": debit_reference[: const.REFERENCE_SIZE],
    }


def order_stem(order: seam.MandateOrder) -> str:
    """Return what the references of all orders for one mandate begin with.

    The way back holds a secret of our database: nobody else can name, or guess, our orders.
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", order.reference)[:18]
    return f"{plain}-{_digest(order.reference, order.return_url)[:DIGEST_SIZE]}"


def order_number(session_ref: str, stem: str) -> int:
    """Return which order of the mandate a session is; the first when it is none of ours."""
    found = re.fullmatch(rf"{re.escape(stem)}-([1-9]\d{{0,3}})", session_ref, re.ASCII)
    return int(found[1]) if found else 1


def order(asked: seam.MandateOrder, name: str, own_rum: bool) -> Payload:
    """Return the body of an order in which a debtor signs, filled with what we know of him.

    :param name: the order's reference.
    :param own_rum: whether the mandate gets our reference; else SlimPay makes one.
    """
    rum = {"reference": mandate_reference(asked.reference)} if own_rum else {}
    return {
        "reference": name,
        "started": True,  # else the page can not be used
        "paymentScheme": const.SCHEMES[asked.scheme],
        # One subscriber for each mandate: a person's reference is never that of another, and no
        # debit can fall upon another mandate of his.
        "subscriber": {"reference": name.rpartition("-")[0]},
        "successUrl": asked.return_url,
        "failureUrl": asked.exit_url,
        "cancelUrl": asked.exit_url,
        "items": [
            {
                "type": "signMandate",
                "action": "sign",
                "autoGenReference": True,
                "mandate": {**rum, "standard": "SEPA", "signatory": _signatory(asked)},
            }
        ],
        **({"locale": asked.lang} if asked.lang in const.LANGUAGES else {}),
    }


def amendment(asked: seam.MandateOrder, name: str, subscriber: str) -> Payload:
    """Return the body of an order in which a debtor gives another account for his mandate.

    :param name: the order's reference.
    :param subscriber: whose mandate it is, as SlimPay tells it.
    """
    mandate = {"reference": mandate_reference(asked.amends)}
    return {
        **order(asked, name, own_rum=False),
        "subscriber": {"reference": subscriber},
        "items": [{"type": "signMandate", "action": "amendBankAccount", "mandate": mandate}],
    }


def registration_name(order: seam.MandateRegistration) -> str:
    """Return the subscriber of a registered mandate, by which it is known as ours."""
    plain = re.sub(r"[^A-Za-z0-9]", "", order.reference)[:18]
    return f"{plain}-{_digest(order.reference, order.idempotency_key)[:DIGEST_SIZE]}"


def registration(order: seam.MandateRegistration) -> Payload:
    """Return the body of a mandate that was signed elsewhere."""
    return {
        "subscriber": {"reference": registration_name(order)},
        "reference": mandate_reference(order.reference),
        "standard": "SEPA",
        "paymentScheme": const.SCHEMES[order.scheme],
        "dateSigned": stamp(order.signed_on),
        "signatory": {**_signatory(order), "bankAccount": {"iban": order.iban}},
    }


def _signatory(asked: seam.MandateOrder | seam.MandateRegistration) -> Payload:
    """SlimPay wants both names, of a company too, and refuses what it does not like in them."""
    given, _blank, family = asked.partner_name.partition(" ")
    if asked.is_company:
        given, family = "-", asked.partner_name
    company = {"companyName": asked.partner_name[:70]} if asked.is_company else {}
    address = {
        "street1": asked.street[:70],
        "postalCode": asked.zip[:15],
        "city": asked.city[:35],
        "country": asked.country_code,
    }
    french_zip_is_wrong = asked.country_code == "FR" and not re.fullmatch(r"\d{5}", asked.zip)
    known = all(value.strip() for value in address.values()) and not french_zip_is_wrong
    return {
        "givenName": _name(given, 32),
        "familyName": _name(family, 70),
        **company,
        # All of an address or nothing: the page asks for what is missing.
        **({"billingAddress": address} if known else {}),
        **({"email": asked.email} if _is_email(asked.email) else {}),
    }


def _name(text: str, size: int) -> str:
    if _TEST_NAME.fullmatch(text):
        return text
    return re.sub(r"\s+", " ", re.sub(r"[0-9@/\\]", "", text)).strip()[:size].strip() or "-"


def _is_email(text: str) -> bool:
    return len(text) <= 70 and bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))
