"""From SlimPay's documents to the plain records of the seam."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timezone

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused
from odoo.addons.payment_direct_debit.pure import iban, money, wire
from odoo.addons.payment_direct_debit.pure.wire import moment

from . import const, hal
from .hal import Document

IDENTIFIERS = wire.Identifiers(const.NAME, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
identifier, answered = IDENTIFIERS.asked, IDENTIFIERS.answered


@dataclass(frozen=True)
class Creditor:
    """The merchant account that an app may use."""

    reference: str
    name: str


def mandate_reference(value: str) -> str:
    """Return a mandate reference (RUM), which may be SlimPay's own.

    :raise DebitRefused: for anything else.
    """
    if not isinstance(value, str) or not iban.is_valid_rum(value):
        raise DebitRefused("this is no mandate reference", code="bad_identifier")
    return value


def day(stamp: str) -> date:
    """Return the day in Paris of a date of the API: a day is written as its midnight there."""
    return wire.day_in_paris(moment(stamp))


def cents(document: Document) -> int:
    """Return the amount of a payment in cents."""
    return money.to_cents(document["amount"])


def money_of(document: Document) -> tuple[int, str]:
    """Return the amount of a payment in cents, and its currency."""
    return cents(document), document["currency"]


def _latest(issues: Iterable[Document], types: frozenset[str] | None = None) -> Document | None:
    found = (issue for issue in issues if types is None or issue["type"] in types)
    return max(found, key=lambda issue: moment(issue["dateCreated"]), default=None)


def _is_return(issue: Document | None, execution: date | None) -> bool:
    """Tell whether an issue took back what this attempt brought.

    The one of an attempt before SlimPay's own retry is older than the day of execution.
    """
    return bool(issue and (execution is None or day(issue["dateCreated"]) >= execution))


def debit(payment: Document, on: date, issues: Iterable[Document] = ()) -> seam.DebitSnapshot:
    """Translate a payment.

    :param on: the day in Paris: a payment may say "processed" before its money moves.
    :param issues: all its issues (R-transactions), in any order.
    """
    raw, state = payment["executionStatus"], payment.get("state") or "accepted"
    issues = list(issues)
    execution = payment.get("executionDate") and day(payment["executionDate"])
    status = const.EXECUTION_STATUSES.get(raw, seam.UNMAPPED)
    issue = None
    if raw not in const.WAITING:
        issue = _latest(issues, const.RETURN_TYPES)
        if status in (seam.COLLECTED, seam.FAILED, seam.UNMAPPED) and _is_return(issue, execution):
            # What a returned payment says itself is not documented; the issue is clear.
            status = seam.RETURNED
        elif status == seam.COLLECTED:
            issue = None
        else:
            issue = _latest(issues)
    if status == seam.COLLECTED and execution and execution > on:
        status = seam.ACCEPTED
    if state != "accepted":
        refused = status in (seam.FAILED, seam.CANCELLED)
        status, raw = seam.FAILED if refused else seam.UNMAPPED, f"{state} {raw}"
    return seam.DebitSnapshot(
        ref=answered(payment["id"]),
        status=status,
        raw_status=raw,
        amount_cents=cents(payment),
        currency=payment["currency"],
        charge_date=execution or None,
        reason_code=(issue or {}).get("returnReasonCode") or "",
        cause=(issue or {}).get("type") or ("" if state == "accepted" else state),
        will_retry=raw == "toreplay",
        fee_cents=_fee(payment, issue),
        occurred_on=day(issue["dateCreated"]) if issue else None,
        reference=payment.get("reference") or "",
    )


def _fee(payment: Document, issue: Document | None) -> int | None:
    """What the bank took beyond the amount."""
    if not issue or "rejectAmount" not in issue:
        return None
    return max(0, money.to_cents(issue["rejectAmount"]) - cents(payment)) or None


def refund(payment: Document) -> seam.RefundSnapshot:
    """Translate a credit transfer to a debtor."""
    raw = payment["executionStatus"]
    return seam.RefundSnapshot(
        ref=answered(payment["id"]),
        status=const.REFUND_STATUSES.get(raw, seam.UNMAPPED),
        raw_status=raw,
        amount_cents=cents(payment),
        currency=payment["currency"],
        reference=payment.get("reference") or "",
    )


def mandate(document: Document, account: Document) -> seam.MandateSnapshot:
    """Translate a mandate.

    :param account: its bank account, of which no more than four characters are kept.
    """
    raw, number = document["state"], iban.normalise(account.get("iban") or "")
    return seam.MandateSnapshot(
        # Payments name the mandate by its reference, not by its id.
        ref=document.get("reference") or answered(document["id"]),
        status=const.MANDATE_STATES.get(raw, seam.UNMAPPED),
        raw_status=raw,
        rum=document.get("reference") or "",
        scheme=const.MANDATE_SCHEMES.get(document.get("paymentScheme"), "core"),
        iban_ending=iban.last4(number),
        bank_name=account.get("institutionName") or "",
        country_code=number[:2],
    )


def issue_event(issue: Document) -> seam.IncomingEvent:
    """Translate an issue; where it does not name its payment it asks nothing."""
    ref = hal.last_segment(hal.href(issue, "get-payment"))
    known = IDENTIFIERS.fits(ref)
    return seam.IncomingEvent(
        event_key=f"issue:{answered(issue['id'])}",
        topic=seam.TOPIC_DEBIT if known else seam.TOPIC_OTHER,
        ref=ref if known else "",
        action=wire.word(issue.get("type")),
        occurred_at=moment(issue["dateCreated"]),
        payload=issue,
    )


def mandate_event(document: Document) -> seam.IncomingEvent:
    """Translate the end of a mandate; it is told once."""
    stamp = document.get("dateRevoked")  # the other ends have no date
    return seam.IncomingEvent(
        event_key=f"mandate:{answered(document['id'])}:{wire.word(document['state'])}",
        topic=seam.TOPIC_MANDATE,
        ref=document.get("reference") or document["id"],
        action=wire.word(document["state"]),
        occurred_at=moment(stamp) if stamp else datetime.now(timezone.utc).replace(tzinfo=None),
        payload={name: document.get(name) for name in ("id", "reference", "state")},
    )


def order_event(order: Document) -> seam.IncomingEvent:
    """Translate the end of an order, as SlimPay's API (never a notification) tells it."""
    return seam.IncomingEvent(
        event_key=f"order:{answered(order['id'])}:{wire.word(order['state'])}",
        topic=seam.TOPIC_SIGNATURE,
        ref=order["reference"],
        action=wire.word(order["state"]),
        occurred_at=moment(order.get("dateClosed") or order["dateCreated"]),
        payload={name: order.get(name) for name in ("id", "reference", "state")},
    )


def creditor(document: Document) -> Creditor:
    """Translate a creditor."""
    return Creditor(document["reference"], document.get("name") or document["reference"])
