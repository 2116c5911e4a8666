"""Mandates: signed on Stripe's page, re-read, ended."""

from __future__ import annotations

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, ProviderMisconfigured

from . import const, payloads, snapshots
from .api import Api
from .failures import boundary
from .snapshots import Document, answered, identifier, metadata


class Mandates(Api):
    """The mandates of `seam.DebitClient`."""

    def mandate_start(self, order: seam.MandateOrder) -> seam.MandateSession:
        """Open a hosted page; the one opened before, as long as it can be signed on.

        Two open pages could give two mandates. A page lives for a day.

        :raise DebitRefused: for a scheme that Stripe does not offer.
        """
        if order.scheme != "core":
            raise DebitRefused("Stripe collects SEPA Core only", code="scheme")
        session = self._session(order)
        status, customer = session.get("status"), session.get("customer")
        if status == "complete":
            # Signed already: the way back is where that is found out.
            return seam.MandateSession(url=order.return_url, session_ref=order.session_ref)
        if status != "open":
            with boundary("POST"):
                if not customer:
                    customer = self._api.customers.create(payloads.customer(order)).id
                params = payloads.session(order, customer)
                session = self._api.checkout.sessions.create(params).to_dict()
                if const.METHOD not in session["payment_method_types"]:
                    raise ProviderMisconfigured("SEPA debits are not active at Stripe")
        with boundary("POST"):
            return seam.MandateSession(url=session["url"], session_ref=answered(session["id"]))

    def mandate_signed(self, session_ref: str) -> seam.MandateSnapshot | None:
        """Return the mandate of a signature, or None while Stripe has not made it.

        :raise DebitRefused: when the mandate was made for another reference of ours.
        """
        with boundary("GET"):
            query = {"expand": ["setup_intent.mandate.payment_method"]}
            session = self._api.checkout.sessions.retrieve(identifier(session_ref), query).to_dict()
            intent = session.get("setup_intent") or {}
            if session["status"] != "complete" or not intent.get("mandate"):
                return None
            asked = metadata(session).get("odoo_mandate")
            if not asked or metadata(intent).get("odoo_mandate") != asked:
                text = f"mandate {intent['mandate']['id']} is not of this signature"
                raise DebitRefused(text, code="foreign")
            return snapshots.mandate(intent["mandate"])

    def mandate_fetch(self, ref: str) -> seam.MandateSnapshot:
        """Re-read one mandate and its bank account."""
        with boundary("GET"):
            return snapshots.mandate(self._mandate(ref))

    def mandate_cancel(self, ref: str) -> seam.MandateSnapshot:
        """Detach the mandate's payment method, which ends the mandate; payments stay."""
        with boundary("GET"):
            method = answered(self._mandate(ref)["payment_method"]["id"])
        return self._end(
            lambda: self._api.payment_methods.detach(method),
            lambda: self.mandate_fetch(ref),
            seam.MANDATE_CANCELLED,
        )

    def mandate_document(self, ref: str) -> bytes | None:
        """Return None: Stripe shows a signed mandate to its debtor, as a page, not as a file."""
        return None

    def _session(self, order: seam.MandateOrder) -> Document:
        """The page opened before for this signature; empty where there is none of ours."""
        if not order.session_ref:
            return {}
        try:
            with boundary("GET"):
                ref = identifier(order.session_ref)
                session = self._api.checkout.sessions.retrieve(ref).to_dict()
        except DebitRefused:
            return {}  # of another environment or account
        return session if metadata(session).get("odoo_mandate") == order.reference else {}
