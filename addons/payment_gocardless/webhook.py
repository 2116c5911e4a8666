"""Notifications of GoCardless: is it theirs, and what does it say.

Signature: hex HMAC-SHA256 of the raw body with the endpoint's secret, in lower case; page
"Webhooks: Signing webhooks" of the API reference, with the answers 204 and 498.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odoo.addons.payment_direct_debit import webhooks
from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_direct_debit.seam import IncomingEvent

from . import const, snapshots

HEADER = "webhook-signature"
BAD_SIGNATURE = 498


def verify(raw: bytes, headers: Mapping[str, str], secrets: Iterable[str | None]) -> None:
    """Check who sent a body.

    :param secrets: those that may have signed it: two while one replaces the other.
    :raise EventRejected: 403 when there is no secret at all, 498 when none of them signed it.
    """
    sent = webhooks.header(headers, HEADER) or ""
    webhooks.verify(raw, [sent], secrets, refusal=BAD_SIGNATURE)


def parse(raw: bytes) -> list[IncomingEvent]:
    """Split a verified body into its events.

    :raise EventRejected: 400 when it is not what GoCardless sends.
    """
    events = webhooks.document(raw).get("events")
    if not isinstance(events, list) or len(events) > const.MAX_EVENTS:
        raise EventRejected("events is no list of at most 250", status=400)
    with webhooks.readable():
        return [snapshots.incoming(event) for event in events]
