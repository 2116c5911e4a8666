"""GoCardless as the engine asks it: `seam.DebitClient` over `gocardless_pro`, without the ORM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
)

from . import const, payloads, snapshots
from .documents import Documents
from .failures import KeyUsed, boundary
from .settlement import Settlement
from .snapshots import Document, identifier, links, metadata

# How far back an attempt is looked for, before the moment at which we noted that it left.
FIND_MARGIN = timedelta(days=1)
FIND_WITHOUT_DATE = timedelta(days=30)


class GoCardlessClient(Settlement, Documents):
    """One token in one environment; see `Api` for what it takes."""

    # === DEBITS === #

    def send(self, order: seam.DebitOrder) -> seam.DebitSnapshot:
        """Create the payment, or adopt the one that the same key made before.

        A date that the mandate does not allow any more is answered by a refusal: the payment is
        then asked for once more, for the first date allowed, *with the same key*. Whatever the
        server did with the key before, no second payment can come of it: it makes one, finds the
        one made before, or refuses again (DebitRefused TM01).
        """
        try:
            return self._create(order, order.requested_date)
        except DebitRefused as refusal:
            if refusal.code != const.TOO_EARLY:
                raise
            first = self._first_date(order.mandate_ref)
            if first is None or first <= order.requested_date:
                raise
        return self._create(order, first)

    def find(self, order: seam.DebitOrder) -> seam.DebitSnapshot | None:
        """Look for the attempt among all payments of its mandate since it left."""
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        since = order.sent_at - FIND_MARGIN if order.sent_at else now - FIND_WITHOUT_DATE
        query = {
            "mandate": identifier(order.mandate_ref),
            "created_at[gte]": snapshots.stamp(since),
        }
        with boundary("GET"):
            ours = [
                payment
                for payment in self._all(self._api.payments, query)
                if metadata(payment).get("odoo_ref") == order.reference
            ]
            if len(ours) > 1:
                raise DebitOutcomeUnknown(
                    f"GoCardless holds {len(ours)} payments for {order.reference}"
                )
            return self._explained(ours[0]) if ours else None

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with the reason of its end where it has ended."""
        with boundary("GET"):
            return self._explained(self._api.payments.get(identifier(ref)).attributes)

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment that is not at the bank yet; one already cancelled is a success."""
        return self._end(self._api.payments.cancel, self.fetch, ref, seam.CANCELLED)

    def _create(self, order: seam.DebitOrder, day: date) -> seam.DebitSnapshot:
        with boundary("POST"):
            try:
                payment = self._api.payments.create(
                    params=payloads.payment(order, day),
                    headers={"Idempotency-Key": order.idempotency_key},
                )
                return snapshots.debit(payment.attributes)
            except KeyUsed as used:
                return self._adopt(order, used.ref)

    def _adopt(self, order: seam.DebitOrder, ref: str) -> seam.DebitSnapshot:
        """Take over what the key made before, once it is surely the same debit.

        :raise DebitOutcomeUnknown: in every other case: a payment exists, whatever it is.
        """
        try:
            payment = self._api.payments.get(identifier(ref)).attributes
            found = (
                payment["amount"],
                payment["currency"],
                links(payment).get("mandate"),
                metadata(payment).get("odoo_ref"),
            )
            wanted = (order.amount_cents, order.currency, order.mandate_ref, order.reference)
            if found == wanted:
                return self._explained(payment)
        except DebitError as error:
            raise DebitOutcomeUnknown(
                f"the key of {order.reference} made payment {ref}, which can not be read: {error}"
            ) from error
        raise DebitOutcomeUnknown(
            f"the key of {order.reference} made another payment, {ref}: {found} instead of"
            f" {wanted} (cents, currency, mandate, reference); compare both by hand",
            code="idempotency_mismatch",
        )

    def _first_date(self, mandate_ref: str) -> date | None:
        with boundary("GET"):
            document = self._api.mandates.get(identifier(mandate_ref)).attributes
            day = document.get("next_possible_charge_date")
            return date.fromisoformat(day) if day else None

    def _explained(self, payment: Document) -> seam.DebitSnapshot:
        ended = payment["status"] in const.PAYMENT_ENDS
        return snapshots.debit(payment, self._events("payment", payment["id"]) if ended else ())

    # === MANDATES === #

    def mandate_start(self, order: seam.MandateOrder) -> seam.MandateSession:
        """Open a hosted page, for the signature already begun where it can go on.

        :raise DebitRefused: for a scheme that GoCardless does not offer.
        """
        if order.scheme != "core":
            raise DebitRefused("GoCardless collects SEPA Core only", code="scheme")
        status = self._session_status(order)
        if status in ("fulfilling", "fulfilled"):
            # Signed already: the way back is where that is found out.
            return seam.MandateSession(url=order.return_url, session_ref=order.session_ref)
        with boundary("POST"):
            ref = order.session_ref
            if status not in ("pending", "ready_to_fulfil"):
                params = payloads.billing_request(order)
                ref = identifier(self._api.billing_requests.create(params=params).attributes["id"])
            flow = self._api.billing_request_flows.create(params=payloads.flow(order, ref))
            return seam.MandateSession(
                url=flow.attributes["authorisation_url"], session_ref=identifier(ref)
            )

    def mandate_signed(self, session_ref: str) -> seam.MandateSnapshot | None:
        """Return the mandate of a signature, or None while GoCardless has not made it.

        :raise DebitRefused: when the mandate was made for another reference of ours.
        """
        with boundary("GET"):
            request = self._api.billing_requests.get(identifier(session_ref)).attributes
            ref = links(request).get("mandate_request_mandate")
            if request["status"] != "fulfilled" or not ref:
                return None
            document = self._api.mandates.get(identifier(ref)).attributes
            asked = metadata(request).get("odoo_mandate")
            if not asked or metadata(document).get("odoo_mandate", asked) != asked:
                raise DebitRefused(f"mandate {ref} is not of this signature", code="foreign")
            return self._mandate(document)

    def mandate_fetch(self, ref: str) -> seam.MandateSnapshot:
        """Re-read one mandate and its bank account."""
        with boundary("GET"):
            return self._mandate(self._api.mandates.get(identifier(ref)).attributes)

    def mandate_cancel(self, ref: str) -> seam.MandateSnapshot:
        """Cancel a mandate, and with it every payment that has not left."""
        return self._end(self._api.mandates.cancel, self.mandate_fetch, ref, seam.MANDATE_CANCELLED)

    def _mandate(self, document: Document) -> seam.MandateSnapshot:
        account, ref = {}, links(document).get("customer_bank_account")
        if ref:
            account = self._api.customer_bank_accounts.get(identifier(ref)).attributes
        ended = document["status"] in const.MANDATE_ENDS
        events = self._events("mandate", document["id"]) if ended else ()
        return snapshots.mandate(document, account, events)

    def _session_status(self, order: seam.MandateOrder) -> str:
        """The status of the signature begun before; empty where a new one is needed."""
        if not order.session_ref:
            return ""
        try:
            with boundary("GET"):
                request = self._api.billing_requests.get(identifier(order.session_ref)).attributes
        except DebitRefused:
            return ""  # of another environment or account
        same = metadata(request).get("odoo_mandate") == order.reference
        return request["status"] if same else ""

    # === EVENTS AND ACCOUNT === #

    def events_since(self, since: datetime) -> list[seam.IncomingEvent]:
        """Return all events from `since` (naive UTC) on, newest first.

        GoCardless lists none older than 18 months.
        """
        with boundary("GET"):
            query = {"created_at[gte]": snapshots.stamp(since)}
            return [snapshots.incoming(event) for event in self._all(self._api.events, query)]

    def creditor(self) -> snapshots.Creditor | None:
        """Return the account's creditor, that with a SEPA identifier where there are several."""
        with boundary("GET"):
            creditors = list(map(snapshots.creditor, self._all(self._api.creditors, {})))
        creditors.sort(key=lambda creditor: not creditor.identifier)
        return creditors[0] if creditors else None

    # === PLUMBING === #

    def _end(self, action: Callable, read: Callable, ref: str, done: str) -> Any:
        """Cancel something, and believe only what is read afterwards.

        Actions have no idempotency at GoCardless: after a refusal or no answer, the resource
        itself tells whether it is cancelled.
        """
        try:
            with boundary("POST"):
                action(identifier(ref))
        except (DebitRefused, DebitOutcomeUnknown):
            snapshot = read(ref)
            if snapshot.status == done:
                return snapshot
            raise
        return read(ref)
