"""What one merchant account holds at SlimPay, as documents: each is read and checked here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
)

from . import const, hal, payloads
from .failures import boundary
from .hal import Document
from .snapshots import UUID, identifier, mandate_reference
from .transport import Transport

COLLECTIONS = {
    "search-payments": "payments",
    "search-payment-issues": "paymentIssues",
    "search-mandates": "mandates",
}


class Account:
    """The documents of one creditor (and entity); safe to share between threads.

    What reads raises as it likes: the caller stands at a `boundary`.
    """

    def __init__(self, http: Transport, creditor: str, entity: str) -> None:
        self.http, self.creditor, self.entity = http, creditor, entity

    def create(self, relation: str, body: Document) -> Document:  # pylint: disable=method-required-super
        """Make something.

        :raise DebitError: unknown where it may have been made.
        """
        with boundary("GET"):
            address = self.http.address(relation)
        with boundary("POST"):
            creditor = payloads.creditor(self.creditor, self.entity)
            return self.http.post(address, {"creditor": creditor, **body})

    def all(self, relation: str, **query: str) -> list[Document]:
        """Read a collection to its end; all of it, or an error.

        Pages are counted here: the documents' own sample links a page to itself as the next one.
        """
        if self.entity:
            query["entityReference"] = self.entity
        found: dict[str, Document] = {}
        for page in range(const.MAX_PAGES):
            address = self.http.address(
                relation, creditorReference=self.creditor, page=page, size=const.PAGE, **query
            )
            try:
                answer = self.http.get(address)
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

    def whole(self, document: Document, needed: str) -> Document:
        """Return a document of a collection, re-read where SlimPay embedded a part of it only."""
        return document if needed in document else self.http.get(document["_links"]["self"]["href"])

    def payment(self, ref: str) -> Document:
        """One payment, of either direction."""
        address = self.http.address("search-payment-by-id", id=identifier(ref))
        return _named(self.http.get(address), "id", ref)

    def payment_named(self, reference: str, direction: str) -> Document | None:
        """The payment of a reference of ours, or None when there surely is none.

        :raise DebitOutcomeUnknown: when there are several.
        """
        found = [
            payment
            for candidate in self.all("search-payments", reference=reference)
            if candidate.get("reference", reference) == reference
            for payment in [self.whole(candidate, "direction")]
            if (payment["reference"], payment["direction"]) == (reference, direction)
        ]
        if len(found) > 1:
            raise DebitOutcomeUnknown(f"SlimPay holds {len(found)} payments named {reference}")
        return found[0] if found else None

    def mandate_of(self, payment: Document) -> str:
        """The reference of the mandate that a payment uses."""
        return self.http.get(hal.href(payment, "get-mandate"))["reference"]

    def mandate(self, ref: str) -> Document:
        """One mandate, by its reference or its id."""
        name = "id" if UUID.fullmatch(ref or "") else "reference"
        value = ref if name == "id" else mandate_reference(ref)
        address = self.http.address(
            "get-mandates", creditorReference=self.creditor, **{name: value}
        )
        return self.own(_named(self.http.get(address), name, value))

    def order(self, ref: str) -> Document:
        """One order, by its reference."""
        address = self.http.address("get-orders", creditorReference=self.creditor, reference=ref)
        return self.own(_named(self.http.get(address), "reference", ref))

    def merchant(self) -> Document:
        """The creditor itself."""
        address = self.http.address("get-creditors", reference=self.creditor)
        return _named(self.http.get(address), "reference", self.creditor)

    def own(self, document: Document) -> Document:
        """Return a document of ours.

        :raise DebitRefused: when it says that it is of another creditor.
        """
        address = hal.href(document, "get-creditor")
        if address and hal.last_segment(address) != quote(self.creditor, safe=""):
            raise DebitRefused("this is of another creditor", code="foreign")
        return document

    def end(
        self,
        read: Callable[[], Document],
        translate: Callable[[Document], Any],
        action: tuple[str, Document],
        done: str,
    ) -> Any:
        """End something as long as SlimPay offers it, and believe only what is read afterwards.

        :param action: the relation that is followed, and what is posted to it.
        """
        relation, body = action
        with boundary("GET"):
            document = read()
            address = hal.href(document, relation)
            if address is None:
                return _already(translate(document), done)
        try:
            with boundary("POST"):
                self.http.post(address, body)
        except (DebitRefused, DebitOutcomeUnknown):
            with boundary("GET"):
                snapshot = translate(read())
            if snapshot.status == done:
                return snapshot
            raise
        with boundary("GET"):
            return translate(read())


def _named(document: Document, name: str, value: str) -> Document:
    if document[name] != value:
        raise ValueError("not what was asked for")
    return document


def _already(snapshot: Any, done: str) -> Any:
    if snapshot.status == done:
        return snapshot
    raise DebitRefused(f"this is “{snapshot.raw_status}” at SlimPay: too late", code="too_late")
