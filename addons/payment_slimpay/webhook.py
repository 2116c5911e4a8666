"""Notifications of SlimPay: which are signed, and what they name.

Two mechanisms that share nothing. The notification of a closed order (the app's `notifyUrl`) has
no signature: it is a hint, of which only the order's reference is read. Webhooks v1 are signed:
`slimpay-signature: t=<milliseconds>,v1=<hex>`, HMAC-SHA256 over time, colon and raw body with the
endpoint's secret; page "Reference: Webhook".
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import EventRejected

from . import const
from .snapshots import UUID

HEADER = "slimpay-signature"
_SIGNATURE = re.compile(r"t=(\d{10,14}),\s?v1=([0-9a-f]{64})", re.ASCII)


def signature(headers: Mapping[str, str]) -> str | None:
    """Return the signature that came with a notification; None for one of an order."""
    # Header names have no letter case, but a plain dict has.
    return next((value for name, value in headers.items() if name.lower() == HEADER), None)


def verify(raw: bytes, sent: str, secrets: Iterable[str], now: float | None = None) -> None:
    """Check who sent a body, and when.

    :param secrets: those that may have signed it: two while one replaces the other.
    :param now: seconds since 1970; the clock's by default.
    :raise EventRejected: 403.
    """
    secrets = [secret for secret in secrets if secret]
    found = _SIGNATURE.fullmatch(sent)
    if not secrets or not found:
        raise EventRejected("no webhook secret is set" if found else "unreadable signature")
    signed = found[1].encode() + b":" + raw
    expected = [hmac.new(s.encode(), signed, hashlib.sha256).hexdigest() for s in secrets]
    # Every secret is tried, so that the time tells nothing.
    if not any([hmac.compare_digest(text, found[2]) for text in expected]):  # noqa: C419
        raise EventRejected("the signature is wrong")
    if abs((now or time.time()) - int(found[1]) / 1000) > const.TOLERANCE:
        raise EventRejected("the signature is too old")


def parse(raw: bytes) -> seam.IncomingEvent:
    """Return the event of a verified webhook; `ref` is the id of a payment.

    :raise EventRejected: 400 when it is not what SlimPay sends.
    """
    body = _document(raw)
    key = body.get("Id") or body.get("id")
    kind, stamp = str(body.get("eventType") or ""), body.get("createdAt")
    data = body.get("data")
    if not isinstance(key, str) or not re.fullmatch(r"[\w-]{1,64}", key, re.ASCII):
        raise EventRejected("no identifier of an event", status=400)
    if not isinstance(stamp, int) or not 0 < stamp < 10**13 or not isinstance(data, dict):
        raise EventRejected("no event of SlimPay", status=400)
    # Those of orders and mandates are about SlimCollect, which is not used here.
    ref = str(data.get("uuid") or "")
    known = kind.startswith("payment_") and bool(UUID.fullmatch(ref))
    return seam.IncomingEvent(
        event_key=f"webhook:{key}",
        topic=seam.TOPIC_DEBIT if known else seam.TOPIC_OTHER,
        ref=ref if known else "",
        action=re.sub(r"[^\w.]", "", kind, flags=re.ASCII)[:64],
        occurred_at=datetime.fromtimestamp(stamp / 1000, timezone.utc).replace(tzinfo=None),
        payload=body,
    )


def order_reference(raw: bytes) -> str:
    """Return which order an unsigned notification is about; nothing else of it is looked at.

    :raise EventRejected: 400 when it is no order.
    """
    reference = _document(raw).get("reference")
    if not isinstance(reference, str) or not re.fullmatch(r"[!-~]{1,40}", reference):
        raise EventRejected("no reference of an order", status=400)
    return reference


def _document(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
        # A lone surrogate is JSON, but no text that a database takes; neither is a zero byte.
        text = json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise EventRejected(f"unreadable body ({type(error).__name__})", status=400) from error
    if not isinstance(body, dict) or b"\\u0000" in text:
        raise EventRejected("no document of SlimPay", status=400)
    return body
