"""From GoCardless' documents to the plain records of the seam."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import wire
from odoo.addons.payment_direct_debit.pure.wire import metadata, moment

from . import const

Document = dict[str, Any]
IDENTIFIERS = wire.Identifiers(const.NAME, r"[A-Z]{2,4}[0-9A-Z]+")
identifier, answered = IDENTIFIERS.asked, IDENTIFIERS.answered


@dataclass(frozen=True)
class Creditor:
    """The merchant account that a token opens."""

    name: str
    verification_status: str
    identifier: str = ""  # SEPA creditor identifier; empty without SEPA Core
    advance_notice: int = 0  # working days
    can_refund: bool = False
    can_register: bool = False  # mandates by API: "custom payment pages"
    own_rum: bool = False  # may choose the references of its mandates


def links(document: Document) -> Document:
    """Return what a document links to; never None."""
    return document.get("links") or {}


def _latest(events: Iterable[Document], actions: Collection[str]) -> Document | None:
    found = (event for event in events if event.get("action") in actions)
    return max(found, key=lambda event: event["created_at"], default=None)


def _reason(event: Document | None) -> tuple[str, str]:
    """The ISO code and GoCardless' own word for why something ended."""
    details = (event or {}).get("details") or {}
    cause = details.get("cause") or ""
    code = details.get("reason_code") or ""
    if not code and details.get("origin") not in const.OWN_ORIGINS:
        code = const.CAUSE_CODES.get(cause, "")
    return code, cause


def _failed_late(events: Collection[Document]) -> bool:
    """Tell whether the attempt that failed had brought money before.

    GoCardless says "failed" for both; who heard nothing in between could not tell otherwise.
    """
    again = _latest(events, ("resubmission_requested",))
    came = _latest(events, ("confirmed", "paid_out"))
    return bool(came and (again is None or came["created_at"] > again["created_at"]))


def debit(payment: Document, events: Collection[Document] = ()) -> seam.DebitSnapshot:
    """Translate a payment.

    :param events: all events of the payment, in any order, where it has ended.
    """
    raw = payment["status"]
    status = const.PAYMENT_STATUSES.get(raw, seam.UNMAPPED)
    if status == seam.FAILED and _failed_late(events):
        status = seam.RETURNED
    end = _latest(events, (raw,))
    code, cause = _reason(end)
    return seam.DebitSnapshot(
        ref=answered(payment["id"]),
        status=status,
        raw_status=raw,
        amount_cents=int(payment["amount"]),
        currency=payment["currency"],
        charge_date=payment.get("charge_date") and date.fromisoformat(payment["charge_date"]),
        reason_code=code,
        cause=cause,
        will_retry=bool(((end or {}).get("details") or {}).get("will_attempt_retry")),
        occurred_on=wire.day_in_paris(moment(end["created_at"])) if end else None,
        reference=metadata(payment).get("odoo_ref", ""),
    )


def mandate(
    document: Document, account: Document, events: Collection[Document] = ()
) -> seam.MandateSnapshot:
    """Translate a mandate.

    :param account: its bank account, of which GoCardless tells two digits.
    :param events: all events of the mandate, in any order, where it has ended.
    """
    raw, successor = document["status"], links(document).get("new_mandate") or ""
    code, cause = _reason(_latest(events, (raw,)))
    possible = document.get("next_possible_charge_date")
    status = const.MANDATE_STATUSES.get(raw, seam.UNMAPPED)
    return seam.MandateSnapshot(
        ref=answered(document["id"]),
        status=seam.MANDATE_REPLACED if successor else status,
        raw_status=raw,
        rum=document.get("reference") or "",
        iban_ending=account.get("account_number_ending") or "",
        bank_name=account.get("bank_name") or "",
        country_code=account.get("country_code") or "",
        replaced_by=successor,
        next_possible_date=possible and date.fromisoformat(possible),
        reason_code=code,
        cause=cause,
    )


def refund(document: Document) -> seam.RefundSnapshot:
    """Translate a refund."""
    raw = document["status"]
    return seam.RefundSnapshot(
        ref=answered(document["id"]),
        status=const.REFUND_STATUSES.get(raw, seam.UNMAPPED),
        raw_status=raw,
        amount_cents=int(document["amount"]),
        currency=document["currency"],
        reference=metadata(document).get("odoo_ref", ""),
    )


def payout(document: Document) -> seam.PayoutSnapshot:
    """Translate a payout."""
    raw, arrival = document["status"], document.get("arrival_date")
    return seam.PayoutSnapshot(
        ref=answered(document["id"]),
        status=const.PAYOUT_STATUSES.get(raw, seam.UNMAPPED),
        raw_status=raw,
        amount_cents=int(document["amount"]),
        currency=document["currency"],
        arrival_date=arrival and date.fromisoformat(arrival),
        bank_reference=document.get("reference") or "",
    )


def payout_item(document: Document) -> seam.PayoutItem:
    """Translate one item; its amount is a text with a decimal, and is not rounded."""
    raw, about = document["type"], links(document)
    kind = const.ITEM_KINDS.get(raw, seam.ITEM_OTHER)
    ref = about.get("refund") if kind == seam.ITEM_REFUND else about.get("payment")
    return seam.PayoutItem(
        kind=kind,
        amount_cents=Decimal(document["amount"]),
        ref=ref or "",
        raw_kind=raw,
    )


def incoming(event: Document) -> seam.IncomingEvent:
    """Translate an event, of the feed or of a notification.

    What we do not know, or can not act upon, is kept under the topic "other": the dashboard's
    test notifications (`EVTEST...`) link to things that do not exist.

    :raise ValueError, KeyError, TypeError: when it is no event of GoCardless.
    """
    key, action = event["id"], str(event.get("action") or "")
    if not re.fullmatch(r"\w{1,64}", key, re.ASCII):
        raise ValueError("no identifier of an event")
    topic, link = const.TOPICS.get(event.get("resource_type"), (seam.TOPIC_OTHER, ""))
    ref = links(event).get(link)
    asks_nothing = (
        (topic == seam.TOPIC_DEBIT and action not in const.PAYMENT_ACTIONS)
        or (topic == seam.TOPIC_REFUND and action not in const.REFUND_ACTIONS)
        or (topic == seam.TOPIC_SIGNATURE and action != "fulfilled")
        or not IDENTIFIERS.fits(ref)
        or key.startswith("EVTEST")
    )
    return seam.IncomingEvent(
        event_key=key,
        topic=seam.TOPIC_OTHER if asks_nothing else topic,
        ref="" if asks_nothing else ref,
        action=wire.word(action),
        occurred_at=moment(event["created_at"]),
        payload=event,
    )


def creditor(document: Document) -> Creditor:
    """Translate a creditor."""
    schemes = document.get("scheme_identifiers") or ()
    sepa = next((item for item in schemes if item.get("scheme") == const.SCHEME), {})
    return Creditor(
        name=document.get("name") or "",
        verification_status=document.get("verification_status") or "",
        identifier=sepa.get("reference") or "",
        advance_notice=int(sepa.get("minimum_advance_notice") or 0),
        can_refund=document.get("can_create_refunds") is True,
        can_register=document.get("custom_payment_pages_enabled") is True,
        own_rum=sepa.get("can_specify_mandate_reference") is True,
    )
