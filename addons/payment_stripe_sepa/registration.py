"""Mandates signed elsewhere: customer, payment method and a setup that is accepted offline."""

from __future__ import annotations

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.client import find_since
from odoo.addons.payment_direct_debit.exceptions import DebitRefused

from . import payloads, snapshots
from .failures import boundary
from .mandates import Mandates
from .snapshots import Document, answered, metadata


class Registration(Mandates):
    """The registrations of `seam.DebitClient`."""

    def mandate_register(self, order: seam.MandateRegistration) -> seam.MandateSnapshot:
        """Make the mandate, or get the one that the same key made before.

        Stripe forgets a key after a day: what may have been made is looked for before anything is
        sent again.

        :raise DebitRefused: for a scheme or an account that Stripe does not take, or without the
            address of mail that it wants.
        """
        if order.scheme != "core":
            raise DebitRefused("Stripe collects SEPA Core only", code="scheme")
        if not order.email:
            raise DebitRefused("Stripe wants the debtor's e-mail address", code="email")
        if order.sent_at and (found := self.mandate_register_find(order)):
            return found
        with boundary("POST"):
            intent = self._set_up(order)
            if not intent.get("mandate"):
                text = f"Stripe wants something of the debtor himself ({intent['status']})"
                raise DebitRefused(text, code=intent["status"])
            return snapshots.mandate(intent["mandate"])

    def mandate_register_find(self, order: seam.MandateRegistration) -> seam.MandateSnapshot | None:
        """Look for the registration among all setups made since it left; mandates have no list."""
        query = {
            "created": {"gte": snapshots.stamp(find_since(order))},
            "expand": ["data.mandate.payment_method"],
        }
        with boundary("GET"):
            ours = [
                intent
                for intent in self._all(self._api.setup_intents, query)
                if metadata(intent).get("odoo_registration") == order.idempotency_key
                and intent.get("mandate")
            ]
            found = self._only(ours, order.reference)
            return found and snapshots.mandate(found["mandate"])

    def _set_up(self, order: seam.MandateRegistration) -> Document:
        key = order.idempotency_key

        def once(part: str) -> dict[str, str]:
            return {"idempotency_key": f"{key}-{part}"}

        customer = self._api.customers.create(payloads.customer(order), once("customer")).id
        method = self._api.payment_methods.create(payloads.method(order), once("method")).id
        params = payloads.setup(order, answered(customer), answered(method))
        return self._api.setup_intents.create(params, once("setup")).to_dict()
