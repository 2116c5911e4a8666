"""Stripe as the engine asks it: `seam.DebitClient` over `stripe`, without the ORM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)

from . import const, payloads, snapshots
from .failures import Declined, boundary
from .settlement import Settlement
from .snapshots import Document, identifier, metadata

# How far back an attempt is looked for, before the moment at which we noted that it left.
FIND_MARGIN = timedelta(days=1)
FIND_WITHOUT_DATE = timedelta(days=30)


class StripeSepaClient(Settlement):
    """One secret key; see `Api` for what it takes.

    A mandate's id is its reference in the seam: it names its payment method, which names its
    customer; a payment needs all three.
    """

    # === DEBITS === #

    def send(self, order: seam.DebitOrder) -> seam.DebitSnapshot:
        """Create the payment, or get the one that the same key made before.

        A target date that is too near is refused before anything is executed; the payment is then
        asked for once more as soon as possible, *with the same key*, which can not make a second
        one. A date too far waits, since without it the debit would be too early.
        """
        method, customer = self._account(order.mandate_ref)
        try:
            return self._create(order, method, customer, order.requested_date)
        except DebitRefused as refusal:
            if refusal.code == const.NOT_ALLOWED and self._lacks_sepa():
                raise ProviderMisconfigured("SEPA debits are not active at Stripe") from refusal
            if refusal.code != const.TOO_EARLY:
                raise
            today = datetime.now(snapshots.PARIS).date()
            wait = (order.requested_date - today).days - const.MAX_TARGET_DAYS
            if wait > 0:
                raise DebitRetryable(str(refusal), after=wait * 24 * 3600) from refusal
        except DebitOutcomeUnknown as unclear:
            # Perhaps the other form of this request was executed; any third one stays unknown.
            if unclear.code != const.KEY_REUSED:
                raise
        return self._create(order, method, customer, None)

    def find(self, order: seam.DebitOrder) -> seam.DebitSnapshot | None:
        """Look for the attempt among all payments of its customer since it left.

        Not by Stripe's search, which lags behind. A refusal proves nothing about the attempt.
        """
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        since = order.sent_at - FIND_MARGIN if order.sent_at else now - FIND_WITHOUT_DATE
        query = {"created": {"gte": snapshots.stamp(since)}, "expand": ["data.latest_charge"]}
        try:
            query |= self._customer_query(order.mandate_ref)
            with boundary("GET"):
                ours = [
                    intent
                    for intent in self._all(self._api.payment_intents, query)
                    if metadata(intent).get("odoo_ref") == order.reference
                ]
            if len(ours) > 1:
                text = f"Stripe holds {len(ours)} payments for {order.reference}"
                raise DebitOutcomeUnknown(text)
            return self._explained(ours[0]) if ours else None
        except DebitRefused as refusal:
            raise DebitOutcomeUnknown(f"it can not be looked for: {refusal}") from refusal

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with its disputes; one that has failed is closed at Stripe."""
        return self._explained(self._intent(ref))

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment that is not at the bank; one already cancelled is a success."""
        cancel = self._api.payment_intents.cancel
        return self._end(cancel, identifier(ref), lambda: self.fetch(ref), seam.CANCELLED)

    def _create(
        self, order: seam.DebitOrder, method: str, customer: str, day: date | None
    ) -> seam.DebitSnapshot:
        try:
            with boundary("POST"):
                intent = self._api.payment_intents.create(
                    payloads.payment(order, method, customer, day),
                    {"idempotency_key": order.idempotency_key},
                )
                return snapshots.debit(intent.to_dict())
        except Declined as declined:
            return self.fetch(declined.ref)

    def _intent(self, ref: str) -> Document:
        with boundary("GET"):
            query = {"expand": ["latest_charge"]}
            return self._api.payment_intents.retrieve(identifier(ref), query).to_dict()

    def _explained(self, intent: Document) -> seam.DebitSnapshot:
        with boundary("GET"):
            if intent["status"] in const.LEFT_OPEN:
                self._close(identifier(intent["id"]))
            disputes = []
            if snapshots.charge(intent).get("disputed"):
                disputes = self._all(self._api.disputes, {"payment_intent": intent["id"]})
            return snapshots.debit(intent, disputes)

    def _close(self, ref: str) -> None:
        """Cancel what has failed, before anybody hears that it has, and tries again.

        :raise DebitRetryable: while it may still be open.
        """
        try:
            with boundary("POST"):
                self._api.payment_intents.cancel(ref)
        except (DebitRefused, DebitOutcomeUnknown) as error:
            if self._intent(ref)["status"] in const.LEFT_OPEN:
                raise DebitRetryable(f"a failed payment is still open: {error}") from error

    def _account(self, mandate_ref: str) -> tuple[str, str]:
        """The payment method and the customer of a mandate.

        :raise DebitRefused: MD01 when the method was detached, which ends the mandate.
        """
        if mandate_ref not in self._accounts:
            with boundary("GET"):
                method = self._mandate(mandate_ref)["payment_method"]
                if not method["customer"]:
                    text = "the mandate's payment method belongs to no customer any more"
                    raise DebitRefused(text, code="MD01")
                self._accounts[mandate_ref] = (method["id"], method["customer"])
        return self._accounts[mandate_ref]

    def _customer_query(self, mandate_ref: str) -> dict[str, str]:
        """What restricts a list to the mandate's customer; nothing where he is not known."""
        try:
            return {"customer": self._account(mandate_ref)[1]}
        except DebitRefused:
            return {}

    def _lacks_sepa(self) -> bool:
        try:
            return not self.account().sepa_active
        except DebitError:
            return False  # the key may not ask: the refusal stands as it is

    # === MANDATES === #

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
            return seam.MandateSession(url=session["url"], session_ref=identifier(session["id"]))

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
            method = identifier(self._mandate(ref)["payment_method"]["id"])
        detach = self._api.payment_methods.detach
        return self._end(detach, method, lambda: self.mandate_fetch(ref), seam.MANDATE_CANCELLED)

    def mandate_document(self, ref: str) -> bytes | None:
        """Return None: Stripe shows a signed mandate to its debtor, as a page, not as a file."""
        return None

    def _mandate(self, ref: str) -> Document:
        query = {"expand": ["payment_method"]}
        return self._api.mandates.retrieve(identifier(ref), query).to_dict()

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

    # === EVENTS AND ACCOUNT === #

    def events_since(self, since: datetime) -> list[seam.IncomingEvent]:
        """Return all events from `since` (naive UTC) on, newest first.

        Stripe lists none older than 30 days.
        """
        with boundary("GET"):
            query = {"created": {"gte": snapshots.stamp(since)}, "types": sorted(const.EVENTS)}
            return [snapshots.incoming(event) for event in self._all(self._api.events, query)]

    def account(self) -> snapshots.Account:
        """Return what Stripe says about the account."""
        with boundary("GET"):
            return snapshots.account(self._api.accounts.retrieve_current().to_dict())

    def webhook_create(self, url: str) -> str:
        """Make the one webhook endpoint for an address, in place of any former one.

        :return: its secret, which Stripe tells this once.
        """
        endpoints = self._api.webhook_endpoints
        with boundary("GET"):
            former = [item["id"] for item in self._all(endpoints, {}) if item["url"] == url]
        with boundary("POST"):
            for ref in former:
                endpoints.delete(identifier(ref))
            return endpoints.create(payloads.webhook_endpoint(url)).secret

    # === PLUMBING === #

    def _end(self, action: Callable, ref: str, read: Callable[[], Any], done: str) -> Any:
        """End something, and believe only what is read afterwards.

        After a refusal or no answer, the resource itself tells whether it has ended.
        """
        try:
            with boundary("POST"):
                action(ref)
        except (DebitRefused, DebitOutcomeUnknown):
            snapshot = read()
            if snapshot.status == done:
                return snapshot
            raise
        return read()
