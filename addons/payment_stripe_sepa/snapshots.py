"""From Stripe's documents to the plain records of the seam."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import wire
from odoo.addons.payment_direct_debit.pure.wire import metadata

from . import const

Document = dict[str, Any]
IDENTIFIERS = wire.Identifiers(const.NAME, r"[a-z]{2,20}_[0-9A-Za-z_]{1,200}")
identifier, answered = IDENTIFIERS.asked, IDENTIFIERS.answered
ISO_CODE = re.compile(r"[A-Z]{2}[0-9]{2}")


@dataclass(frozen=True)
class Account:
    """The merchant account that a key opens."""

    name: str
    charges_enabled: bool
    payouts_enabled: bool
    sepa_active: bool
    creditor_identifier: str = ""  # the account's own one; empty where Stripe's is used


def stamp(when: datetime | date) -> int:
    """Return naive UTC, or the first second of a day in UTC, as filters of lists want it."""
    return int(datetime(*when.timetuple()[:6], tzinfo=timezone.utc).timestamp())


def charge(intent: Document) -> Document:
    """Return the charge of a payment, which must have been asked for; empty without one."""
    return intent.get("latest_charge") or {}


def _charge_date(intent: Document) -> date | None:
    """The day of the debit, once Stripe knows it; before, the one that we asked for."""
    method = (charge(intent).get("payment_method_details") or {}).get(const.METHOD) or {}
    asked = (intent.get("payment_method_options") or {}).get(const.METHOD) or {}
    day = method.get("expected_debit_date") or asked.get("target_date")
    return day and date.fromisoformat(day)


def debit(intent: Document, disputes: Collection[Document] = ()) -> seam.DebitSnapshot:
    """Translate a payment intent.

    :param disputes: all disputes of the payment, in any order, where its charge is disputed.
    """
    raw = intent["status"]
    values: Document = {"status": const.INTENT_STATUSES.get(raw, seam.UNMAPPED)}
    if raw == "succeeded":
        values |= _dispute(intent, disputes)
    elif charge(intent).get("status") == "failed" and values["status"] != seam.ACCEPTED:
        # Closed by us after it failed, it says "canceled": that is not what happened to it.
        values |= {"status": seam.FAILED, **_failure(charge(intent))}
    elif values["status"] in (seam.FAILED, seam.CANCELLED):
        values["cause"] = intent.get("cancellation_reason") or raw
    return seam.DebitSnapshot(
        ref=answered(intent["id"]),
        raw_status=values.pop("raw_status", raw),
        amount_cents=int(intent["amount"]),
        currency=intent["currency"].upper(),
        charge_date=_charge_date(intent),
        reference=metadata(intent).get("odoo_ref", ""),
        **values,
    )


def _failure(failed: Document) -> Document:
    cause = failed.get("failure_code") or ""
    bank = (failed.get("outcome") or {}).get("network_decline_code") or ""
    code = bank if ISO_CODE.fullmatch(bank) else const.FAILURE_CODES.get(cause, "")
    return {"reason_code": code, "cause": cause}


def _dispute(intent: Document, disputes: Collection[Document]) -> Document:
    """What the disputes of a collected payment make of it; empty when they took nothing."""
    unknown = [d["status"] for d in disputes if d["status"] not in const.DISPUTE_TAKES]
    taken = [d for d in disputes if const.DISPUTE_TAKES.get(d["status"])]
    if not unknown and not taken:
        return {}
    latest = max(taken, key=lambda dispute: dispute["created"], default=None)
    if unknown or latest["amount"] != intent["amount"]:
        # Neither a new kind of dispute nor a part of the amount is guessed at.
        raw = f"dispute {unknown[0]}" if unknown else "disputed in part"
        return {"status": seam.UNMAPPED, "raw_status": raw}
    reason = latest.get("reason") or ""
    return {
        "status": seam.RETURNED,
        "raw_status": f"disputed, {latest['status']}",
        "reason_code": const.DISPUTE_CODES.get(reason, ""),
        "cause": reason,
        "occurred_on": wire.day_in_paris(wire.since_1970(latest["created"])),
        "fee_cents": sum(entry["fee"] for entry in latest.get("balance_transactions") or ()),
    }


def mandate(document: Document) -> seam.MandateSnapshot:
    """Translate a mandate whose payment method was asked for too."""
    method, raw = document["payment_method"], document["status"]
    status = const.MANDATE_STATUSES.get(raw, seam.UNMAPPED)
    if document.get("type") == "single_use":
        raw, status = "single_use", seam.MANDATE_EXPIRED
    elif status == seam.MANDATE_ACTIVE and not method.get("customer"):
        raw, status = "detached", seam.MANDATE_CANCELLED
    bank = method.get(const.METHOD) or {}
    return seam.MandateSnapshot(
        ref=answered(document["id"]),
        status=status,
        raw_status=raw,
        rum=document["payment_method_details"][const.METHOD].get("reference") or "",
        iban_ending=bank.get("last4") or "",
        country_code=bank.get("country") or "",
    )


def refund(document: Document) -> seam.RefundSnapshot:
    """Translate a refund."""
    raw = document["status"]
    return seam.RefundSnapshot(
        ref=answered(document["id"]),
        status=const.REFUND_STATUSES.get(raw, seam.UNMAPPED),
        raw_status=raw,
        amount_cents=int(document["amount"]),
        currency=document["currency"].upper(),
        reference=metadata(document).get("odoo_ref", ""),
    )


def payout(document: Document) -> seam.PayoutSnapshot:
    """Translate a payout; one that is paid but not itemised yet counts as on its way."""
    raw, trace = document["status"], document.get("trace_id") or {}
    status = const.PAYOUT_STATUSES.get(raw, seam.UNMAPPED)
    if status == seam.PAYOUT_PAID and document["reconciliation_status"] == "in_progress":
        status = seam.PAYOUT_PENDING
    return seam.PayoutSnapshot(
        ref=answered(document["id"]),
        status=status,
        raw_status=raw,
        amount_cents=int(document["amount"]),
        currency=document["currency"].upper(),
        arrival_date=wire.since_1970(document["arrival_date"]).date(),
        bank_reference=trace.get("value") or document.get("statement_descriptor") or "",
    )


def payout_items(entry: Document) -> Iterator[seam.PayoutItem]:
    """Translate one balance transaction of a payout, whose source was asked for too: what it is
    about, and the fee taken with it. The payout's own transaction is no item."""
    category, source = entry["reporting_category"], entry.get("source") or {}
    if category == "payout":
        return
    kind = const.ITEM_KINDS.get(category, seam.ITEM_OTHER)
    about = "id" if kind == seam.ITEM_REFUND else "payment_intent"
    ref = source.get(about) or "" if kind not in (seam.ITEM_FEE, seam.ITEM_OTHER) else ""
    if entry["amount"]:
        yield seam.PayoutItem(kind, Decimal(entry["amount"]), ref, category)
    if entry["fee"]:
        yield seam.PayoutItem(seam.ITEM_FEE, Decimal(-entry["fee"]), ref, f"{category} fee")


def incoming(event: Document) -> seam.IncomingEvent:
    """Translate an event, of the feed or of a notification.

    What we do not know, or can not act upon, is kept under the topic "other".

    :raise ValueError, KeyError, TypeError: when it is no event of Stripe.
    """
    key, kind, thing = event["id"], event["type"], event["data"]["object"]
    if event.get("object") != "event" or not IDENTIFIERS.fits(key) or not isinstance(kind, str):
        raise ValueError("no event, or no identifier of one")
    topic, link = const.EVENTS.get(kind, (seam.TOPIC_OTHER, "id"))
    ref = thing.get(link)
    if topic == seam.TOPIC_OTHER or not IDENTIFIERS.fits(ref):
        topic, ref = seam.TOPIC_OTHER, ""
    return seam.IncomingEvent(
        event_key=key,
        topic=topic,
        ref=ref,
        action=wire.word(kind),
        occurred_at=wire.since_1970(event["created"]),
        payload=_without_secrets(event),
    )


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        kept = (item for item in value.items() if item[0] not in const.EVENT_SECRETS)
        return {key: _without_secrets(item) for key, item in kept}
    return [_without_secrets(item) for item in value] if isinstance(value, list) else value


def account(document: Document) -> Account:
    """Translate the account; what a key may not see counts as right."""
    profile, capabilities = document.get("business_profile") or {}, document.get("capabilities")
    settings = (document.get("settings") or {}).get("sepa_debit_payments") or {}
    return Account(
        name=profile.get("name") or document["id"],
        charges_enabled=document.get("charges_enabled", True),
        payouts_enabled=document.get("payouts_enabled", True),
        sepa_active=capabilities is None or capabilities.get("sepa_debit_payments") == "active",
        creditor_identifier=settings.get("creditor_id") or "",
    )
