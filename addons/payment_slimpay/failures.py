"""How SlimPay says no, sorted by what the engine does next."""

from __future__ import annotations

from functools import partial
from typing import Any

import requests

from odoo.addons.payment_direct_debit import failures
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)

from . import const, hal

boundary = partial(failures.boundary, const.NAME)


def check(verb: str, answer: requests.Response) -> hal.Document:
    """Return the document of a success; raise for everything else.

    :param verb: GET, or anything that writes.
    :raise DebitError: of the taxonomy.
    """
    status, body = answer.status_code, hal.read(answer.content)
    if status == 429:
        raise failures.too_fast(const.NAME, answer.headers)
    if isinstance(body, dict) and 200 <= status < 300:
        return body
    if status == 401:
        # Only after a fresh token was tried; never with its text, which holds the token.
        raise ProviderMisconfigured("SlimPay refuses a token that it has just given", code="401")
    if status == 404 and verb == "GET":
        raise DebitRefused("SlimPay does not know this", code=const.NOT_FOUND)  # body undocumented
    if not 400 <= status < 500 or not isinstance(body, dict) or not _is_code(body.get("code")):
        text = f"SlimPay answered HTTP {status} without a readable result"
        raise failures.unclear(verb, text)
    raise _refusal(status, body["code"], str(body.get("message") or "refused"))


def check_token(answer: requests.Response) -> tuple[str, float]:
    """Return a token and the seconds that it lives. Whatever happens, nothing was executed.

    :raise ProviderMisconfigured: for a name or secret that SlimPay does not accept.
    :raise DebitRetryable: for everything else.
    """
    status, body = answer.status_code, hal.read(answer.content)
    if isinstance(body, dict):
        if status == 200 and isinstance(body.get("access_token"), str):
            return body["access_token"], float(body.get("expires_in") or 0)
        if status in (400, 401, 403) and "error" in body:
            raise ProviderMisconfigured(
                f"SlimPay does not accept the app name and secret ({body['error']})", code="401"
            )
    elif status == 401:
        raise ProviderMisconfigured("SlimPay does not accept the app name and secret", code="401")
    raise DebitRetryable(f"SlimPay gave no token (HTTP {status})", after=failures.PAUSE)


def _is_code(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refusal(status: int, code: int, message: str) -> DebitError:
    """Sort by the code; the text decides only where no code is documented."""
    text = failures.sentence(message, f"[SlimPay code {code}]")
    if code == const.ACCESS_DENIED:
        return ProviderMisconfigured(text, code=str(code))
    if message.startswith("Duplicate order"):
        return DebitRefused(text, code=const.DUPLICATE_ORDER)
    if "executionDate" in message:
        return DebitRefused(text, code=const.TOO_EARLY)
    return DebitRefused(text, code=const.NOT_FOUND if status == 404 else str(code))
