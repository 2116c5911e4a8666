"""Notifications of SlimPay: which are signed, and what they name.

Two mechanisms that share nothing. The notification of a closed order (the app's `notifyUrl`) has
no signature: it is a hint, of which only the order's reference is read. Webhooks v1 are signed:
`slimpay-signature: t=<milliseconds>,v1=<hex>`, HMAC-SHA256 over time, colon and raw body with the
endpoint's secret; page "Reference: Webhook".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from odoo.addons.payment_direct_debit import seam, webhooks
from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_direct_debit.pure import wire

from . import const
from .snapshots import IDENTIFIERS

HEADER = "slimpay-signature"


def is_signed(headers: Mapping[str, str]) -> bool:
    """Tell a webhook from the notification of an order."""
    return webhooks.header(headers, HEADER) is not None


def verify(
    raw: bytes,
    headers: Mapping[str, str],
    secrets: Iterable[str | None],
    now: float | None = None,
) -> None:
    """Check who sent a body, and when.

    :param secrets: those that may have signed it: two while one replaces the other.
    :param now: seconds since 1970; the clock's by default.
    :raise EventRejected: 403.
    """
    moment, given = webhooks.timed_signature(webhooks.header(headers, HEADER))
    webhooks.verify(moment.encode() + b":" + raw, given, secrets)
    webhooks.check_age(int(moment) / 1000, const.TOLERANCE, now=now)


def parse(raw: bytes) -> list[seam.IncomingEvent]:
    """Read a verified webhook, which holds one event; its `ref` is the id of a payment.

    :raise EventRejected: 400 when it is not what SlimPay sends.
    """
    body = webhooks.document(raw)
    key = body.get("Id") or body.get("id")
    kind, stamp = str(body.get("eventType") or ""), body.get("createdAt")
    data = body.get("data")
    if not isinstance(key, str) or not re.fullmatch(r"[\w-]{1,64}", key, re.ASCII):
        raise EventRejected("no identifier of an event", status=400)
    if not isinstance(stamp, int) or not 0 < stamp < 10**13 or not isinstance(data, dict):
        raise EventRejected("no event of SlimPay", status=400)
    # Those of orders and mandates are about SlimCollect, which is not used here.
    ref = str(data.get("uuid") or "")
    known = kind.startswith("payment_") and IDENTIFIERS.fits(ref)
    event = seam.IncomingEvent(
        event_key=f"webhook:{key}",
        topic=seam.TOPIC_DEBIT if known else seam.TOPIC_OTHER,
        ref=ref if known else "",
        action=wire.word(kind),
        occurred_at=wire.since_1970(stamp / 1000),
        payload=body,
    )
    return [event]


def order_reference(raw: bytes) -> str:
    """Return which order an unsigned notification is about; nothing else of it is looked at.

    :raise EventRejected: 400 when it is no order.
    """
    reference = webhooks.document(raw).get("reference")
    if not isinstance(reference, str) or not re.fullmatch(r"[!-~]{1,40}", reference):
        raise EventRejected("no reference of an order", status=400)
    return reference
