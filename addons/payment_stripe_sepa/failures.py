"""Every way in which a call to Stripe fails, sorted by what the engine does next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import stripe
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import iban

from . import const

_REFUSALS = ("invalid_request_error", "card_error")
# Named where the account, and not the debtor, may be the reason.
_METHOD_PARAMS = ("payment_method", "payment_method_types", "allowed_payment_method_types")


class Declined(DebitError):
    """Refused at once, and payment `ref` stays behind at Stripe; stays in the client."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"payment {ref} was declined")
        self.ref = ref


def unclear(verb: str, text: str) -> DebitError:
    """Return the error of an answer that says nothing: a read may be repeated, a write not."""
    if verb == "GET":
        return DebitRetryable(text, after=const.RATE_LIMIT_PAUSE)
    return DebitOutcomeUnknown(text)


@contextmanager
def boundary(verb: str) -> Iterator[None]:
    """Let nothing but the taxonomy out: the library and a strange answer may raise anything."""
    try:
        yield
    except DebitError:
        raise
    except stripe.StripeError as error:
        raise of_answer(verb, error) from error
    except Exception as error:
        raise unclear(verb, f"unexpected answer of Stripe ({type(error).__name__})") from error


def of_network(verb: str, error: requests.RequestException) -> DebitError:
    """Return the error of a request that got no answer."""
    text = f"no answer from Stripe ({type(error).__name__})"
    return DebitRetryable(text) if _never_left(error) else unclear(verb, text)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no connection came about, so that nothing can have been executed."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (ConnectTimeoutError, NewConnectionError))


def of_answer(verb: str, error: stripe.StripeError) -> DebitError:
    """Return the error of an answer that is none of success.

    :param verb: GET, or anything that writes.
    :return: of the taxonomy, or `Declined`.
    """
    if error.http_status == 429 or isinstance(error, stripe.RateLimitError):
        return DebitRetryable("Stripe's rate limit is reached", after=const.RATE_LIMIT_PAUSE)
    details = _details(error)
    text = _text(error, details)
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return ProviderMisconfigured(text, code=str(error.http_status))
    if isinstance(error, stripe.IdempotencyError):
        return DebitOutcomeUnknown(
            f"the key was used for another request, of which nothing is known: {text}",
            code=const.KEY_REUSED,
        )
    refused = isinstance(error, (stripe.CardError, stripe.InvalidRequestError))
    if not refused or details.get("type") not in _REFUSALS:
        return unclear(verb, f"Stripe answered HTTP {error.http_status} without a readable result")
    left = details.get("payment_intent")
    if isinstance(error, stripe.CardError) and isinstance(left, dict) and left.get("id"):
        return Declined(left["id"])
    return DebitRefused(text, code=_code(details))


def _details(error: stripe.StripeError) -> dict[str, Any]:
    body = error.json_body if isinstance(error.json_body, dict) else {}
    details = body.get("error")
    return details if isinstance(details, dict) else {}


def _code(details: dict[str, Any]) -> str:
    code, param = details.get("code") or "", details.get("param") or ""
    if param.endswith("[target_date]"):
        return const.TOO_EARLY
    if param.partition("[")[0] in _METHOD_PARAMS and not code:
        return const.NOT_ALLOWED
    return const.FAILURE_CODES.get(code, code) or details["type"]


def _text(error: stripe.StripeError, details: dict[str, Any]) -> str:
    """Compose one sentence: the message, which parameter, and the number for the support."""
    words = [str(details.get("message") or "refused")]
    if details.get("param"):
        words.append(f"({details['param']})")
    if error.request_id:
        words.append(f"[Stripe request {error.request_id}]")
    return iban.redact(" ".join(words))
