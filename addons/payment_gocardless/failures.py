"""How GoCardless says no, sorted by what the engine does next.

Read from the HTTP answer itself, since the library's own error classes crash on some bodies and
hide the status of others.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import requests

from odoo.addons.payment_direct_debit import failures
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitRefused,
    ProviderMisconfigured,
)

from . import const

_REFUSALS = ("validation_failed", "invalid_api_usage", "invalid_state")

boundary = partial(failures.boundary, const.NAME)


class KeyUsed(DebitError):
    """The idempotency key made `ref` before, whatever the body says now; stays in the client."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"the key was used for {ref}")
        self.ref = ref


def check(verb: str, answer: requests.Response) -> None:
    """Raise unless the answer is a success that can be read.

    :param verb: GET, or anything that writes.
    :raise DebitError: of the taxonomy, or `KeyUsed`.
    """
    status, body = answer.status_code, _json(answer)
    if status == 429:
        raise failures.too_fast(const.NAME, answer.headers)
    if isinstance(body, dict) and 200 <= status < 300:
        return
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or not 400 <= status < 500:
        text = f"GoCardless answered HTTP {status} without a readable result"
        raise failures.unclear(verb, text)
    raise _refusal(verb, status, error)


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _refusal(verb: str, status: int, error: dict[str, Any]) -> DebitError:
    entries = [entry for entry in error.get("errors") or () if isinstance(entry, dict)]
    reason = next((entry["reason"] for entry in entries if entry.get("reason")), "")
    text = _text(error, entries)
    if status in (401, 403):
        return ProviderMisconfigured(text, code=str(status))
    for entry in entries:
        existing = (entry.get("links") or {}).get("conflicting_resource_id")
        if reason == "idempotent_creation_conflict" and existing:
            return KeyUsed(existing)
    if error.get("type") not in _REFUSALS or reason == "idempotent_creation_conflict":
        return failures.unclear(verb, text)
    return DebitRefused(text, code=_code(error, entries, reason))


def _code(error: dict[str, Any], entries: list[dict[str, Any]], reason: str) -> str:
    if entries and all(entry.get("field") == "charge_date" for entry in entries):
        return const.TOO_EARLY
    return const.REFUSAL_CODES.get(reason, reason) or str(error["type"])


def _text(error: dict[str, Any], entries: list[dict[str, Any]]) -> str:
    """Compose one sentence: the message, what is wrong with which field, and what it links to."""
    details = []
    for entry in entries:
        links = entry.get("links") or {}
        words = [entry.get("field"), entry.get("message"), *map(" ".join, sorted(links.items()))]
        details.append(" ".join(str(word) for word in words if word))
    number = error.get("request_id")
    return failures.sentence(
        "; ".join(filter(None, details)) or error.get("message") or "refused",
        number and f"[GoCardless request {number}]",
    )
