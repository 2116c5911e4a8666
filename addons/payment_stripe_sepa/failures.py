"""How Stripe says no, sorted by what the engine does next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stripe

from odoo.addons.payment_direct_debit import failures
from odoo.addons.payment_direct_debit.client import OTHER_TERMS
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    ProviderMisconfigured,
)

from . import const

_REFUSALS = ("invalid_request_error", "card_error")
# Named where the account, and not the debtor, may be the reason.
_METHOD_PARAMS = ("payment_method", "payment_method_types", "allowed_payment_method_types")


class Declined(DebitError):
    """Refused at once, and payment `ref` stays behind at Stripe; stays in the client."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"payment {ref} was declined")
        self.ref = ref


@contextmanager
def boundary(verb: str) -> Iterator[None]:
    """Let nothing but the taxonomy out: the library and a strange answer may raise anything."""
    with failures.boundary(const.NAME, verb):
        try:
            yield
        except stripe.StripeError as error:
            raise of_answer(verb, error) from error


def of_answer(verb: str, error: stripe.StripeError) -> DebitError:
    """Return the error of an answer that is none of success.

    :param verb: GET, or anything that writes.
    :return: of the taxonomy, or `Declined`.
    """
    if error.http_status == 429 or isinstance(error, stripe.RateLimitError):
        return failures.too_fast(const.NAME, error.headers)
    details = _details(error)
    text = _text(error, details)
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError)):
        return ProviderMisconfigured(text, code=str(error.http_status))
    if isinstance(error, stripe.IdempotencyError):
        return DebitOutcomeUnknown(
            f"the key was used for another request, of which nothing is known: {text}",
            code=OTHER_TERMS,
        )
    refused = isinstance(error, (stripe.CardError, stripe.InvalidRequestError))
    if not refused or details.get("type") not in _REFUSALS:
        text = f"Stripe answered HTTP {error.http_status} without a readable result"
        return failures.unclear(verb, text)
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
    return failures.sentence(
        details.get("message") or "refused",
        details.get("param") and f"({details['param']})",
        error.request_id and f"[Stripe request {error.request_id}]",
    )
