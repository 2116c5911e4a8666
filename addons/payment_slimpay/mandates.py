"""The part of the client about mandates and their signature on the hosted page."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, DebitRetryable

from . import const, hal, payloads, snapshots
from .api import Api
from .failures import boundary
from .hal import Document


class Mandates(Api):
    """The mandates of `seam.DebitClient`."""

    def mandate_start(self, order: seam.MandateOrder) -> seam.MandateSession:
        """Open a hosted page: that of the order begun, or of a new one after an aborted one.

        The reference of an order is used up even when the order failed: the next one gets the
        next number, so that an order whose answer was lost is found under the name it must have.

        The scheme is the account's to offer: SlimPay refuses what it does not.
        """
        stem = payloads.order_stem(order)
        number = payloads.order_number(order.session_ref, stem)
        while document := self._order_or_none(f"{stem}-{number}"):
            if not document["state"].startswith("closed.aborted"):
                break
            number += 1
        name = f"{stem}-{number}"
        document = document or self._order_created(order, name)
        with boundary("GET"):
            # Signed already: the way back is where that is found out.
            signed = document["state"].startswith("closed.completed")
            url = order.return_url if signed else self._page(document)
            return seam.MandateSession(url=url, session_ref=name)

    def mandate_signed(self, session_ref: str) -> seam.MandateSnapshot | None:
        """Return the mandate of a signature, or None while there is none to be used."""
        order = self._order_or_none(session_ref)
        with boundary("GET"):
            if order is None or not order["state"].startswith("closed.completed"):
                return None
            document = self._http.get(hal.href(order, "get-mandate"))
            mandate = self._mandate(self._own(document))
            return None if mandate.status == seam.MANDATE_PENDING else mandate

    def mandate_fetch(self, ref: str) -> seam.MandateSnapshot:
        """Re-read one mandate, by its reference or its id, and its bank account."""
        with boundary("GET"):
            return self._mandate(self._mandate_named(ref))

    def mandate_cancel(self, ref: str) -> seam.MandateSnapshot:
        """Revoke a mandate; one already revoked is a success."""
        return self._end_by_link(
            lambda: self._mandate_named(ref),
            self._mandate,
            ("revoke-mandate", {}),
            seam.MANDATE_CANCELLED,
        )

    def mandate_document(self, ref: str) -> bytes | None:
        """Return the signed mandate as a PDF; None where SlimPay has none."""
        with boundary("GET"):
            mandate = self._mandate_named(ref)
            address = hal.href(mandate, "get-binary-content") or hal.href(mandate, "get-document")
            try:
                content = base64.b64decode(self._http.get(address)["content"]) if address else None
            except DebitRefused as refusal:
                if refusal.code != const.NOT_FOUND:
                    raise
                return None
            if content is not None and not content.startswith(b"%PDF"):
                raise DebitRetryable("SlimPay's document is no PDF")
            return content

    def order(self, ref: str) -> Document:
        """Re-read one order, by its reference.

        :raise DebitRefused: unknown, or of another creditor.
        """
        with boundary("GET"):
            return self._order(ref)

    def _order_or_none(self, name: str) -> Document | None:
        try:
            return self.order(name)
        except DebitRefused as refusal:
            if refusal.code == const.NOT_FOUND:
                return None
            raise

    def _order_created(self, order: seam.MandateOrder, name: str) -> Document:
        try:
            return self._create("create-orders", self._order_body(order, name))
        except DebitRefused as refusal:
            if refusal.code != const.DUPLICATE_ORDER:
                raise
            return self.order(name)  # made by another click meanwhile

    def _order_body(self, order: seam.MandateOrder, name: str) -> Document:
        """The body of the order whose page is to be opened."""
        return payloads.order(order, name, self._own_rum)

    def _page(self, order: Document) -> str:
        """The hosted page of an order, for the debtor's browser."""
        address = hal.href(order, "user-approval") or ""
        host = urlsplit(address)
        known = host.scheme == "https" and f".{host.hostname}".endswith(const.CHECKOUT_DOMAINS)
        if not known and not self._http.is_own(address):
            raise DebitRetryable("SlimPay gave no signature page of its own")
        return address

    def _mandate(self, document: Document) -> seam.MandateSnapshot:
        account, address = {}, hal.href(document, "get-bank-account")
        if address and document["state"] == "active":
            account = self._http.get(address)
        return snapshots.mandate(document, account)
