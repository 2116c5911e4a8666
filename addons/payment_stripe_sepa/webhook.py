"""Notifications of Stripe: is it theirs, and what does it say.

Signature: `stripe-signature: t=<seconds>,v1=<hex>`, HMAC-SHA256 over time, dot and raw body with
the endpoint's secret; page "Receive Stripe events in your webhook endpoint", section "Verify".
While Stripe replaces a secret it signs with both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from odoo.addons.payment_direct_debit import webhooks
from odoo.addons.payment_direct_debit.seam import IncomingEvent

from . import snapshots

HEADER = "stripe-signature"
TOLERANCE = 300  # seconds between their clock and ours
BAD_SIGNATURE = 400


def verify(raw: bytes, headers: Mapping[str, str], secrets: Iterable[str | None]) -> None:
    """Check who sent a body, and when.

    :param secrets: those that may have signed it: two while one replaces the other.
    :raise EventRejected: 403 when there is no secret at all, 400 for anything not signed with one
        within the last minutes.
    """
    moment, given = webhooks.timed_signature(webhooks.header(headers, HEADER))
    webhooks.verify(moment.encode() + b"." + raw, given, secrets, refusal=BAD_SIGNATURE)
    webhooks.check_age(int(moment), TOLERANCE, refusal=BAD_SIGNATURE)


def parse(raw: bytes) -> list[IncomingEvent]:
    """Read a verified body, which holds one event.

    :raise EventRejected: 400 when it is not what Stripe sends.
    """
    event = webhooks.document(raw)
    with webhooks.readable():
        return [snapshots.incoming(event)]
