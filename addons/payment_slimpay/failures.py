"""Every way in which a call to SlimPay fails, sorted by what the engine does next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import iban

from . import const, hal


def unclear(verb: str, text: str) -> DebitError:
    """Return the error of an answer that says nothing: a read may be repeated, a write not."""
    if verb == "GET":
        return DebitRetryable(text, after=const.RATE_LIMIT_PAUSE)
    return DebitOutcomeUnknown(text)


@contextmanager
def boundary(verb: str) -> Iterator[None]:
    """Let nothing but the taxonomy out: a strange answer may raise anything."""
    try:
        yield
    except DebitError:
        raise
    except Exception as error:
        raise unclear(verb, f"unexpected answer of SlimPay ({type(error).__name__})") from error


def of_network(verb: str, error: requests.RequestException) -> DebitError:
    """Return the error of a request that got no answer."""
    text = f"no answer from SlimPay ({type(error).__name__})"
    return DebitRetryable(text) if _never_left(error) else unclear(verb, text)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no connection came about, so that nothing can have been executed."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (ConnectTimeoutError, NewConnectionError))


def check(verb: str, answer: requests.Response) -> hal.Document:
    """Return the document of a success; raise for everything else.

    :param verb: GET, or anything that writes.
    :raise DebitError: of the taxonomy.
    """
    status, body = answer.status_code, hal.read(answer.content)
    if status == 429:
        raise DebitRetryable("SlimPay asks to slow down", after=const.RATE_LIMIT_PAUSE)
    if isinstance(body, dict) and 200 <= status < 300:
        return body
    if status == 401:
        # Only after a fresh token was tried; never with its text, which holds the token.
        raise ProviderMisconfigured("SlimPay refuses a token that it has just given", code="401")
    if status == 404 and verb == "GET":
        raise DebitRefused("SlimPay does not know this", code=const.NOT_FOUND)  # body undocumented
    if not 400 <= status < 500 or not isinstance(body, dict) or not _is_code(body.get("code")):
        raise unclear(verb, f"SlimPay answered HTTP {status} without a readable result")
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
    raise DebitRetryable(f"SlimPay gave no token (HTTP {status})", after=const.RATE_LIMIT_PAUSE)


def _is_code(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refusal(status: int, code: int, message: str) -> DebitError:
    """Sort by the code; the text decides only where no code is documented."""
    text = iban.redact(f"{message} [SlimPay code {code}]")
    if code == const.ACCESS_DENIED:
        return ProviderMisconfigured(text, code=str(code))
    if message.startswith("Duplicate order"):
        return DebitRefused(text, code=const.DUPLICATE_ORDER)
    if "executionDate" in message:
        return DebitRefused(text, code=const.TOO_EARLY)
    return DebitRefused(text, code=const.NOT_FOUND if status == 404 else str(code))
