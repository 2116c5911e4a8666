"""What the clients of all providers do alike; `seam.DebitClient` says what each must answer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import Any

from . import seam
from .exceptions import DebitOutcomeUnknown, DebitRefused, DebitRetryable
from .pure.wire import metadata

# Another debit or refund than the one that we asked for stands under our key or name.
OTHER_TERMS = "idempotency_mismatch"
# How far back an attempt is looked for, before the moment at which we noted that it left.
FIND_MARGIN = timedelta(days=1)
FIND_WITHOUT_DATE = timedelta(days=30)


def find_since(order: seam.DebitOrder) -> datetime:
    """Return from when on (naive UTC) an attempt may be found at the provider."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return order.sent_at - FIND_MARGIN if order.sent_at else now - FIND_WITHOUT_DATE


class BaseClient:
    """Looks up, adopts and ends things, the same way at every provider."""

    provider: str  # its name, for messages
    boundary: Callable[[str], AbstractContextManager]  # of the provider's `failures.py`

    def _end(self, action: Callable[[], Any], read: Callable[[], Any], done: str) -> Any:
        """Cancel or end something, and believe only what is read afterwards.

        After a refusal or no answer, the thing itself tells whether it has ended.

        :param action: asks the provider to end it.
        :param read: returns its snapshot.
        :param done: the status of the snapshot once it has ended.
        """
        try:
            with self.boundary("POST"):
                action()
        except (DebitRefused, DebitOutcomeUnknown):
            snapshot = read()
            if snapshot.status == done:
                return snapshot
            raise
        return read()

    def _only(self, found: list[Any], reference: str) -> Any:
        """Return the one thing that was found under a reference of ours, or None.

        :raise DebitOutcomeUnknown: when there are several, which a person must look at.
        """
        if len(found) > 1:
            raise DebitOutcomeUnknown(f"{self.provider} holds {len(found)} of {reference}")
        return found[0] if found else None

    def _ours(self, documents: list[dict[str, Any]], reference: str) -> dict[str, Any] | None:
        """Return the one document that carries our reference in its metadata, or None."""
        ours = [item for item in documents if metadata(item).get("odoo_ref") == reference]
        return self._only(ours, reference)

    def _check_same(self, reference: str, ref: str, found: tuple, wanted: tuple) -> None:
        """Let only that be adopted which is surely what we asked for.

        :param ref: what the provider calls it.
        :param found: its amount in cents, currency and so on; `wanted` are those of the order.
        :raise DebitOutcomeUnknown: something exists under our key or name, whatever it is.
        """
        if found != wanted:
            raise DebitOutcomeUnknown(
                f"{self.provider} holds another payment or refund, {ref}, under the name or key of"
                f" {reference}: {found} instead of {wanted}; compare both by hand",
                code=OTHER_TERMS,
            )

    def _read_to_the_end(self, page: Callable[[str | None], tuple[list, str | None]]) -> list:
        """Read a list of pages; all of it, or an error.

        :param page: returns the items after a cursor (None: the first ones) and the next cursor.
        """
        items: list = []
        cursors: set[str] = set()
        cursor: str | None = None
        while True:
            more, cursor = page(cursor)
            items += more
            if not cursor:
                return items
            if cursor in cursors:
                raise DebitRetryable(f"{self.provider}'s list runs in a circle")
            cursors.add(cursor)
