"""What every part of the client stands on: the documents of one merchant account, each read and
checked here."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

from odoo.addons.payment_direct_debit.client import BaseClient
from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.http import TIMEOUTS, Timeouts
from odoo.addons.payment_direct_debit.pure.wire import today_in_paris

from . import const, hal, payloads
from .failures import boundary
from .hal import Document
from .snapshots import IDENTIFIERS, identifier, mandate_reference
from .transport import Transport

COLLECTIONS = {
    "search-payments": "payments",
    "search-payment-issues": "paymentIssues",
    "search-mandates": "mandates",
}


class Api(BaseClient):
    """One app, for one creditor, in one environment.

    What reads a document raises as it likes: the caller stands at a `boundary`.

    :param base_url: scheme, host and port of the API.
    :param creditor: reference of the merchant account, and `entity` of a subsidiary of it.
    :param own_rum: whether mandates get our references.
    :param today: function that gives the day in Paris.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the credentials can not be such.
    """

    provider = const.NAME
    boundary = staticmethod(boundary)

    def __init__(
        self,
        app_name: str,
        app_secret: str,
        creditor: str,
        base_url: str,
        *,
        entity: str = "",
        own_rum: bool = True,
        today: Callable[[], date] = today_in_paris,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        for value in (app_name, app_secret, creditor):
            if not re.fullmatch(r"[!-~]+", value or ""):
                raise ProviderMisconfigured(
                    "The SlimPay app name, app secret or creditor is missing or malformed."
                )
        self._creditor, self._entity = creditor, entity
        self._own_rum, self._today = own_rum, today
        self._http = Transport(base_url, app_name, app_secret, timeouts)

    def _create(self, relation: str, body: Document) -> Document:  # pylint: disable=method-required-super
        """Make something.

        :raise DebitError: unknown where it may have been made.
        """
        with boundary("GET"):
            address = self._http.address(relation)
        with boundary("POST"):
            creditor = payloads.creditor(self._creditor, self._entity)
            return self._http.post(address, {"creditor": creditor, **body})

    def _all(self, relation: str, **query: str) -> list[Document]:
        """Read a collection to its end; all of it, or an error.

        Pages are counted here: the documents' own sample links a page to itself as the next one.
        """
        if self._entity:
            query["entityReference"] = self._entity
        found: dict[str, Document] = {}
        for page in range(const.MAX_PAGES):
            address = self._http.address(
                relation, creditorReference=self._creditor, page=page, size=const.PAGE, **query
            )
            try:
                answer = self._http.get(address)
            except DebitRefused as refusal:
                # A question refused says nothing about what was asked for.
                raise DebitRetryable(f"SlimPay does not list: {refusal}") from refusal
            known = len(found)
            items = hal.embedded(answer, COLLECTIONS[relation])
            found.update((item["id"], item) for item in items)
            if "next" not in answer["_links"] or not items:
                return list(found.values())
            if len(found) == known:
                break
        raise DebitRetryable("SlimPay's list does not end")

    def _whole(self, document: Document, needed: str) -> Document:
        """Return a document of a collection, re-read where SlimPay embedded a part of it only."""
        if needed in document:
            return document
        return self._http.get(document["_links"]["self"]["href"])

    def _payment(self, ref: str) -> Document:
        """One payment, of either direction."""
        address = self._http.address("search-payment-by-id", id=identifier(ref))
        return _named(self._http.get(address), "id", ref)

    def _payment_named(self, reference: str, direction: str) -> Document | None:
        """The payment of a reference of ours, or None when there surely is none.

        :raise DebitOutcomeUnknown: when there are several.
        """
        found = [
            payment
            for candidate in self._all("search-payments", reference=reference)
            if candidate.get("reference", reference) == reference
            for payment in [self._whole(candidate, "direction")]
            if (payment["reference"], payment["direction"]) == (reference, direction)
        ]
        return self._only(found, reference)

    def _mandate_of(self, payment: Document) -> str:
        """The reference of the mandate that a payment uses."""
        return self._http.get(hal.href(payment, "get-mandate"))["reference"]

    def _mandate_named(self, ref: str) -> Document:
        """One mandate, by its reference or its id."""
        name = "id" if IDENTIFIERS.fits(ref) else "reference"
        value = ref if name == "id" else mandate_reference(ref)
        address = self._http.address(
            "get-mandates", creditorReference=self._creditor, **{name: value}
        )
        return self._own(_named(self._http.get(address), name, value))

    def _order(self, ref: str) -> Document:
        """One order, by its reference."""
        address = self._http.address("get-orders", creditorReference=self._creditor, reference=ref)
        return self._own(_named(self._http.get(address), "reference", ref))

    def _merchant(self) -> Document:
        """The creditor itself."""
        address = self._http.address("get-creditors", reference=self._creditor)
        return _named(self._http.get(address), "reference", self._creditor)

    def _own(self, document: Document) -> Document:
        """Return a document of ours.

        :raise DebitRefused: when it says that it is of another creditor.
        """
        address = hal.href(document, "get-creditor")
        if address and hal.last_segment(address) != quote(self._creditor, safe=""):
            raise DebitRefused("this is of another creditor", code="foreign")
        return document

    def _end_by_link(
        self,
        read: Callable[[], Document],
        translate: Callable[[Document], Any],
        action: tuple[str, Document],
        done: str,
    ) -> Any:
        """End something as long as SlimPay offers it.

        :param action: the relation that is followed, and what is posted to it.
        :raise DebitRefused: when SlimPay does not offer it any more.
        """
        relation, body = action

        def snapshot() -> Any:
            with boundary("GET"):
                return translate(read())

        with boundary("GET"):
            document = read()
            address = hal.href(document, relation)
            if address is None:
                return _already(translate(document), done)
        return self._end(lambda: self._http.post(address, body), snapshot, done)


def _named(document: Document, name: str, value: str) -> Document:
    if document[name] != value:
        raise ValueError("not what was asked for")
    return document


def _already(snapshot: Any, done: str) -> Any:
    if snapshot.status == done:
        return snapshot
    raise DebitRefused(f"this is “{snapshot.raw_status}” at SlimPay: too late", code="too_late")
