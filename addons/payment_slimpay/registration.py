"""Mandates signed elsewhere, imported one by one; and another account under the same mandate."""

from __future__ import annotations

from urllib.parse import unquote

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused

from . import const, hal, payloads
from .failures import boundary
from .hal import Document
from .mandates import Mandates


class Registration(Mandates):
    """The registrations and account changes of `seam.DebitClient`."""

    def mandate_register(self, order: seam.MandateRegistration) -> seam.MandateSnapshot:
        """Import the mandate, unless the same order has done so already.

        SlimPay has no idempotency keys: a reference (RUM) exists once for a creditor, and the
        subscriber, named after the key, tells whose it is.

        :raise DebitRefused: for what SlimPay does not take, or a reference that is taken.
        """
        body = payloads.registration(order)
        if found := self.mandate_register_find(order):
            return found
        try:
            document = self._create("create-mandates", body)
        except DebitRefused:
            # Another click may have been quicker.
            if found := self.mandate_register_find(order):
                return found
            raise
        with boundary("POST"):
            return self._mandate(self._own(document))

    def mandate_register_find(self, order: seam.MandateRegistration) -> seam.MandateSnapshot | None:
        """Look for the mandate by its reference.

        :raise DebitRefused: the reference is that of a mandate which this order did not make.
        """
        with boundary("GET"):
            try:
                document = self._mandate_named(order.reference)
            except DebitRefused as refusal:
                if refusal.code == const.NOT_FOUND:
                    return None
                raise
            if self._subscriber_of(document) != payloads.registration_name(order):
                text = f"SlimPay holds another mandate with the reference {order.reference}"
                raise DebitRefused(text, code="taken")
            return self._mandate(document)

    def mandate_change_account(self, ref: str, iban: str) -> seam.MandateSnapshot:
        """Debit another account of the debtor from now on, under the same mandate.

        The account is set, not added to: after no answer, the same call may be made again.

        :raise DebitRefused: a mandate that can not be changed, or an account that is none.
        """
        with boundary("GET"):
            address = hal.href(self._mandate_named(ref), "update-bank-account")
        if address is None:
            raise DebitRefused("SlimPay does not let this mandate be changed", code="too_late")
        with boundary("POST"):
            self._http.post(address, {"iban": iban})
        return self.mandate_fetch(ref)

    def _order_body(self, order: seam.MandateOrder, name: str) -> Document:
        """Override: the page on which a mandate gets another account is an order too."""
        if not order.amends:
            return super()._order_body(order, name)
        with boundary("GET"):
            subscriber = self._subscriber_of(self._mandate_named(order.amends))
        return payloads.amendment(order, name, subscriber)

    def _subscriber_of(self, mandate: Document) -> str:
        """Whose mandate it is, in the words of whoever made it."""
        return unquote(hal.last_segment(hal.href(mandate, "get-subscriber")))
