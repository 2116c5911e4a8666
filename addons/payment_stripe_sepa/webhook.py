"""Notifications of Stripe: is it theirs, and what does it say.

Signature: page "Receive Stripe events in your webhook endpoint", section "Verify". While Stripe
replaces a secret it signs with both, so that one secret here is enough.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import stripe

from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_direct_debit.seam import IncomingEvent

from . import snapshots

HEADER = "stripe-signature"
TOLERANCE = 300  # seconds between their clock and ours


def verify(raw: bytes, headers: Mapping[str, str], secret: str | None) -> None:
    """Check who sent a body, and when.

    :raise EventRejected: 403 when there is no secret, 400 for anything not signed with it within
        the last minutes.
    """
    if not (secret or "").strip():
        raise EventRejected("no webhook secret is set", status=403)
    # Header names have no letter case, but a plain dict has.
    sent = next((value for name, value in headers.items() if name.lower() == HEADER), "")
    try:
        stripe.WebhookSignature.verify_header(raw, sent, secret, TOLERANCE)
        signed_at = next(int(part[2:]) for part in sent.split(",") if part.startswith("t="))
    except (stripe.SignatureVerificationError, ValueError, TypeError) as error:
        message = f"the signature is missing, old or wrong ({type(error).__name__})"
        raise EventRejected(message, status=400) from error
    # The library takes what was signed in the future: it would be good for as long as one likes.
    if signed_at > time.time() + TOLERANCE:
        raise EventRejected("the signature is of the future", status=400)


def parse(raw: bytes) -> list[IncomingEvent]:
    """Read a verified body, which holds one event.

    :raise EventRejected: 400 when it is not what Stripe sends.
    """
    try:
        event = json.loads(raw)
        # A lone surrogate is JSON, but no text that a database takes.
        json.dumps(event, ensure_ascii=False).encode()
        return [snapshots.incoming(event)]
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise EventRejected(f"unreadable event ({type(error).__name__})", status=400) from error
