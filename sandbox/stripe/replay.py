"""Idempotency keys: the stored answer of the first request is given again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import invalid, key_in_use, key_reused

MAX_LENGTH = 255


@dataclass(slots=True)
class Answer:
    """What a key stands for; ``status`` is None while the request is being executed."""

    fingerprint: tuple
    at: datetime
    status: int | None = None
    text: str = ""
    request: str = ""


class Replay:
    """Answers by key (https://docs.stripe.com/api/idempotent_requests)."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}

    def find(self, key: str, fingerprint: tuple, now: datetime, hours: int) -> Answer | None:
        """The stored answer of ``key``, if it is younger than ``hours``.

        ApiError 409 while the first request is being executed, 400 when it was another one.
        """
        if len(key) > MAX_LENGTH:
            raise invalid(f"Idempotency keys can be up to {MAX_LENGTH} characters.")
        known = self._answers.get(key)
        if known is None or now - known.at >= timedelta(hours=hours):
            return None
        if known.status is None:
            raise key_in_use(key)
        if known.fingerprint != fingerprint:
            raise key_reused(key)
        return known

    def start(self, key: str, fingerprint: tuple, now: datetime) -> None:
        """The request with ``key`` is being executed."""
        self._answers[key] = Answer(fingerprint, now)

    def forget(self, key: str) -> None:
        """Nothing was executed: the key stays free."""
        self._answers.pop(key, None)

    def store(self, key: str, status: int, text: str, request: str) -> None:
        """Keep the answer of the request with ``key``."""
        known = self._answers[key]
        known.status, known.text, known.request = status, text, request
