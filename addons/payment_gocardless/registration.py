"""Mandates signed elsewhere: customer, bank account and mandate by API, each under a key."""

from __future__ import annotations

from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.client import find_since
from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_direct_debit.pure import wire

from . import payloads
from .failures import KeyUsed, boundary
from .mandates import Mandates
from .snapshots import Document, answered, creditor, metadata


class Registration(Mandates):
    """The registrations of `seam.DebitClient`, for accounts with custom payment pages."""

    def mandate_register(self, order: seam.MandateRegistration) -> seam.MandateSnapshot:
        """Make the mandate, or adopt the one that the same key made before.

        GoCardless does not say how long it remembers a key: what may have been made is looked for
        before anything is sent again.

        :raise DebitRefused: for a scheme or an account that GoCardless does not take.
        """
        if order.scheme != "core":
            raise DebitRefused("GoCardless collects SEPA Core only", code="scheme")
        if order.sent_at and (found := self.mandate_register_find(order)):
            return found
        own_rum = self._may_name_mandates()
        with boundary("POST"):
            key = order.idempotency_key
            customer = self._made(self._api.customers, payloads.customer(order), f"{key}-customer")
            params = payloads.bank_account(order, answered(customer["id"]))
            account = self._made(self._api.customer_bank_accounts, params, f"{key}-account")
            params = payloads.mandate(order, answered(account["id"]), own_rum)
            document = self._made(self._api.mandates, params, f"{key}-mandate")
            if metadata(document).get("odoo_registration") != key:
                ref = document["id"]
                raise DebitOutcomeUnknown(f"the key of {order.reference} made mandate {ref}")
        with boundary("POST"):
            return self._mandate(document)

    def mandate_register_find(self, order: seam.MandateRegistration) -> seam.MandateSnapshot | None:
        """Look for the registration among all mandates made since it left."""
        with boundary("GET"):
            query = {"created_at[gte]": wire.stamp(find_since(order))}
            ours = [
                mandate
                for mandate in self._all(self._api.mandates, query)
                if metadata(mandate).get("odoo_registration") == order.idempotency_key
            ]
            found = self._only(ours, order.reference)
            return found and self._mandate(found)

    def _may_name_mandates(self) -> bool:
        """Whether the account may choose the references of its mandates."""
        with boundary("GET"):
            creditors = self._all(self._api.creditors, {})
            return any(creditor(document).own_rum for document in creditors)

    def _made(self, service: Any, params: payloads.Payload, key: str) -> Document:
        """Make something once for its key."""
        try:
            return service.create(params=params, headers={"Idempotency-Key": key}).attributes
        except KeyUsed as used:
            return service.get(answered(used.ref)).attributes
