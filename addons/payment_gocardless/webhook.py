"""Notifications of GoCardless: is it theirs, and what does it say.

Signature: hex HMAC-SHA256 of the raw body with the endpoint's secret, in lower case; page
"Webhooks: Signing webhooks" of the API reference, with the answers 204 and 498.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping

from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_direct_debit.seam import IncomingEvent

from . import const, snapshots

HEADER = "webhook-signature"
BAD_SIGNATURE = 498


def verify(raw: bytes, headers: Mapping[str, str], secrets: Iterable[str]) -> None:
    """Check who sent a body.

    :param secrets: those that may have signed it: two while one replaces the other.
    :raise EventRejected: 403 when there is no secret at all, 498 when none of them signed it.
    """
    secrets = [secret for secret in secrets if secret]
    if not secrets:
        raise EventRejected("no webhook secret is set", status=403)
    # Header names have no letter case, but a plain dict has.
    sent = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    given = sent.encode("utf-8", "replace")
    expected = [hmac.new(s.encode(), raw, hashlib.sha256).hexdigest().encode() for s in secrets]
    # Every secret is tried, so that the time tells nothing.
    if not any([hmac.compare_digest(signature, given) for signature in expected]):  # noqa: C419
        raise EventRejected("the signature is missing or wrong", status=BAD_SIGNATURE)


def parse(raw: bytes) -> list[IncomingEvent]:
    """Split a verified body into its events.

    :raise EventRejected: 400 when it is not what GoCardless sends.
    """
    try:
        body = json.loads(raw)
        # A lone surrogate is JSON, but no text that a database takes.
        json.dumps(body, ensure_ascii=False).encode()
        events = body["events"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EventRejected(f"unreadable body ({type(error).__name__})", status=400) from error
    if not isinstance(events, list) or len(events) > const.MAX_EVENTS:
        raise EventRejected("events is no list of at most 250", status=400)
    try:
        return [snapshots.incoming(event) for event in events]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EventRejected(f"unreadable event ({type(error).__name__})", status=400) from error
