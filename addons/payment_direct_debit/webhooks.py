"""Notifications of a provider: is it theirs, and can it be read.

What is the same everywhere; what a provider signs, and what its events mean, stays with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .exceptions import EventRejected

_ZERO_BYTE = re.compile(rb"(?<!\\)(\\\\)*\\u0000")  # as JSON writes it


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return a header; names have no letter case, but a plain dict has."""
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def verify(
    signed: bytes, given: Iterable[str], secrets: Iterable[str | None], *, refusal: int = 403
) -> None:
    """Check that somebody who knows a secret signed this: HMAC-SHA256 in lower case hexadecimal.

    :param signed: the bytes that the provider signs.
    :param given: the signatures that came; one right one is enough.
    :param secrets: those that may have signed: two while one replaces the other.
    :param refusal: the HTTP status for a wrong signature.
    :raise EventRejected: 403 when there is no secret at all, `refusal` when none of them signed.
    """
    secrets = [secret for secret in secrets if (secret or "").strip()]
    if not secrets:
        raise EventRejected("no webhook secret is set", status=403)
    expected = [hmac.new(s.encode(), signed, hashlib.sha256).hexdigest().encode() for s in secrets]
    came = [signature.encode("utf-8", "replace") for signature in given]
    # Every pair is compared, so that the time tells nothing.
    if not any([hmac.compare_digest(one, other) for one in expected for other in came]):  # noqa: C419
        raise EventRejected("the signature is missing or wrong", status=refusal)


def timed_signature(sent: str | None) -> tuple[str, list[str]]:
    """Split `t=<time>,v1=<signature>[,v1=<signature>]`.

    :return: the digits of the time, and the signatures; ("", []) where it is none of that.
    """
    parts = [part.lstrip().partition("=")[::2] for part in (sent or "").split(",")]
    moment = next((value for name, value in parts if name == "t"), "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 15):
        return "", []
    return moment, [value for name, value in parts if name == "v1"]


def check_age(
    signed_at: float, tolerance: float, *, refusal: int = 403, now: float | None = None
) -> None:
    """Refuse what was signed long ago, or for later: whoever caught it could send it for ever.

    :param signed_at: seconds since 1970, from the part of the signature that is signed too.
    :param tolerance: seconds between their clock and ours, and on the way.
    :param now: seconds since 1970; the clock's by default.
    :raise EventRejected: `refusal`.
    """
    if abs((now or time.time()) - signed_at) > tolerance:
        raise EventRejected("the signature is old, or of the future", status=refusal)


@contextmanager
def readable() -> Iterator[None]:
    """Refuse, as a bad request, what can not be read within the block.

    :raise EventRejected: 400; its text holds nothing of the body.
    """
    try:
        yield
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise EventRejected(f"unreadable event ({type(error).__name__})", status=400) from error


def document(raw: bytes) -> dict[str, Any]:
    """Parse a body, which must be a JSON object that a database can keep.

    :raise EventRejected: 400.
    """
    with readable():
        body = json.loads(raw)
        # A lone surrogate and a zero byte are JSON, but no text that a database takes.
        text = json.dumps(body, ensure_ascii=False).encode()
        if not isinstance(body, dict) or _ZERO_BYTE.search(text):
            raise ValueError("no document")
    return body
