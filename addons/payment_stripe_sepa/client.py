"""Stripe as the engine asks it: `seam.DebitClient` over `stripe`, without the ORM."""

from __future__ import annotations

from datetime import date, datetime

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.client import OTHER_TERMS, find_since
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import wire

from . import const, payloads, snapshots
from .failures import Declined, boundary
from .registration import Registration
from .settlement import Settlement
from .snapshots import Document, answered, identifier


class StripeSepaClient(Settlement, Registration):
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
            ahead = order.requested_date - wire.today_in_paris()
            wait = ahead.days - const.MAX_TARGET_DAYS
            if wait > 0:
                raise DebitRetryable(str(refusal), after=wait * 24 * 3600) from refusal
        except DebitOutcomeUnknown as unclear:
            # Perhaps the other form of this request was executed; any third one stays unknown.
            if unclear.code != OTHER_TERMS:
                raise
        return self._create(order, method, customer, None)

    def find(self, order: seam.DebitOrder) -> seam.DebitSnapshot | None:
        """Look for the attempt among all payments of its customer since it left.

        Not by Stripe's search, which lags behind. A refusal proves nothing about the attempt.
        """
        since = snapshots.stamp(find_since(order))
        query = {"created": {"gte": since}, "expand": ["data.latest_charge"]}
        try:
            query |= self._customer_query(order.mandate_ref)
            with boundary("GET"):
                intents = self._all(self._api.payment_intents, query)
            found = self._ours(intents, order.reference)
            return found and self._explained(found)
        except DebitRefused as refusal:
            raise DebitOutcomeUnknown(f"it can not be looked for: {refusal}") from refusal

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with its disputes; one that has failed is closed at Stripe."""
        return self._explained(self._intent(ref))

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment that is not at the bank; one already cancelled is a success."""
        return self._end(
            lambda: self._api.payment_intents.cancel(identifier(ref)),
            lambda: self.fetch(ref),
            seam.CANCELLED,
        )

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
                self._close(answered(intent["id"]))
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
                endpoints.delete(answered(ref))
            return endpoints.create(payloads.webhook_endpoint(url)).secret
