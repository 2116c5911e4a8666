"""How a call to a provider fails, sorted by what the engine does next.

Here is what is the same everywhere; how a provider's own error bodies are read stays with it, in
the `failures.py` of its addon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .exceptions import DebitError, DebitOutcomeUnknown, DebitRetryable
from .pure import iban

# Seconds to wait after "too many requests" or an answer that says nothing: no provider's window
# is longer. A longer pause that it asks for is kept, up to an hour.
PAUSE, LONGEST_PAUSE = 60, 3600


def unclear(verb: str, text: str) -> DebitError:
    """Return the error of an answer that says nothing: a read may be repeated, a write not.

    :param verb: GET, or anything that writes.
    """
    if verb == "GET":
        return DebitRetryable(text, after=PAUSE)
    return DebitOutcomeUnknown(text)


@contextmanager
def boundary(provider: str, verb: str) -> Iterator[None]:
    """Let nothing but the taxonomy out: a library and a strange answer may raise anything."""
    try:
        yield
    except DebitError:
        raise
    except Exception as error:
        text = f"unexpected answer of {provider} ({type(error).__name__})"
        raise unclear(verb, text) from error


def of_network(provider: str, verb: str, error: requests.RequestException) -> DebitError:
    """Return the error of a request that got no answer."""
    text = f"no answer from {provider} ({type(error).__name__})"
    return DebitRetryable(text) if _never_left(error) else unclear(verb, text)


def _never_left(error: requests.RequestException) -> bool:
    """Tell whether no connection came about, so that nothing can have been executed."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, (ConnectTimeoutError, NewConnectionError))


def too_fast(provider: str, headers: Mapping[str, str] | None) -> DebitRetryable:
    """Return the error of HTTP 429: nothing was executed.

    :param headers: of the answer; `Retry-After` counts where it is a number of seconds.
    """
    asked = str((headers or {}).get("retry-after") or "")
    seconds = int(asked) if asked.isascii() and asked.isdigit() else 0
    pause = min(max(seconds, PAUSE), LONGEST_PAUSE)
    return DebitRetryable(f"{provider} asks to slow down", after=pause)


def sentence(*words: object) -> str:
    """Compose what a person reads from the words that there are; it holds no full IBAN."""
    return iban.redact(" ".join(str(word) for word in words if word))
