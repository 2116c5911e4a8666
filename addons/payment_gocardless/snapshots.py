"""From GoCardless' documents to the plain records of the seam."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused

from . import const

Document = dict[str, Any]
IDENTIFIER = re.compile(r"[A-Z]{2,4}[0-9A-Z]+")
PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True)
class Creditor:
    """The merchant account that a token opens."""

    name: str
    verification_status: str
    identifier: str = ""  # SEPA creditor identifier; empty without SEPA Core
    advance_notice: int = 0  # working days
    can_refund: bool = False


def identifier(value: str) -> str:
    """Return an id of GoCardless that may stand in a path.

    :raise DebitRefused: for anything else; old releases of the library would not escape it.
    """
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise DebitRefused("this is no identifier of GoCardless", code="bad_identifier")
    return value


def answered(value: str) -> str:
    """Return an id that GoCardless gave in an answer.

    :raise ValueError: for anything else: the answer is unreadable, and nobody knows what was done.
    """
    if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
        raise ValueError("the answer holds no identifier of GoCardless")
    return value


def moment(stamp: str) -> datetime:
    """Return a timestamp of the API as naive UTC.

    :raise ValueError: when it is none.
    """
    parsed = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return parsed.astimezone(timezone.utc).replace(tzinfo=None) if parsed.tzinfo else parsed


def stamp(when: datetime) -> str:
    """Return naive UTC as filters of lists want it."""
    return when.isoformat(timespec="milliseconds") + "Z"


def _day(stamp_of_event: str) -> date:
    """The day in Paris, whose banks' calendar counts."""
    utc = moment(stamp_of_event).replace(tzinfo=timezone.utc)
    return utc.astimezone(PARIS).date()


def links(document: Document) -> Document:
    """Return what a document links to; never None."""
    return document.get("links") or {}


def metadata(document: Document) -> Document:
    """Return what we attached to a document; never None."""
    return document.get("metadata") or {}


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
        occurred_on=_day(end["created_at"]) if end else None,
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
        or not isinstance(ref, str)
        or not IDENTIFIER.fullmatch(ref)
        or key.startswith("EVTEST")
    )
    return seam.IncomingEvent(
        event_key=key,
        topic=seam.TOPIC_OTHER if asks_nothing else topic,
        ref="" if asks_nothing else ref,
        action=re.sub(r"[^\w.]", "", action, flags=re.ASCII)[:64],
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
    )
