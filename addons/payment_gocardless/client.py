"""GoCardless as the engine asks it: `seam.DebitClient` over `gocardless_pro`, without the ORM."""

from __future__ import annotations

from datetime import date, datetime

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.client import find_since
from odoo.addons.payment_direct_debit.exceptions import DebitRefused
from odoo.addons.payment_direct_debit.pure import wire

from . import const, payloads, snapshots
from .failures import KeyUsed, boundary
from .registration import Registration
from .settlement import Settlement
from .snapshots import Document, identifier


class GoCardlessClient(Settlement, Registration):
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
        query = {
            "mandate": identifier(order.mandate_ref),
            "created_at[gte]": wire.stamp(find_since(order)),
        }
        with boundary("GET"):
            found = self._ours(self._all(self._api.payments, query), order.reference)
            return found and self._explained(found)

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with the reason of its end where it has ended."""
        with boundary("GET"):
            return self._explained(self._api.payments.get(identifier(ref)).attributes)

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment that is not at the bank yet; one already cancelled is a success."""
        return self._end(
            lambda: self._api.payments.cancel(identifier(ref)),
            lambda: self.fetch(ref),
            seam.CANCELLED,
        )

    def _create(self, order: seam.DebitOrder, day: date) -> seam.DebitSnapshot:
        payments = self._api.payments
        with boundary("POST"):
            try:
                made = payments.create(
                    params=payloads.payment(order, day),
                    headers={"Idempotency-Key": order.idempotency_key},
                )
                return snapshots.debit(made.attributes)
            except KeyUsed as used:
                about = ("mandate", order.mandate_ref)
                return self._adopt(order, (payments, used.ref), about, self._explained)

    def _first_date(self, mandate_ref: str) -> date | None:
        with boundary("GET"):
            document = self._api.mandates.get(identifier(mandate_ref)).attributes
            day = document.get("next_possible_charge_date")
            return date.fromisoformat(day) if day else None

    def _explained(self, payment: Document) -> seam.DebitSnapshot:
        ended = payment["status"] in const.PAYMENT_ENDS
        return snapshots.debit(payment, self._events("payment", payment["id"]) if ended else ())

    # === EVENTS AND ACCOUNT === #

    def events_since(self, since: datetime) -> list[seam.IncomingEvent]:
        """Return all events from `since` (naive UTC) on, newest first.

        GoCardless lists none older than 18 months.
        """
        with boundary("GET"):
            query = {"created_at[gte]": wire.stamp(since)}
            return [snapshots.incoming(event) for event in self._all(self._api.events, query)]

    def account(self) -> snapshots.Creditor | None:
        """Return the account's creditor, that with a SEPA identifier where there are several."""
        with boundary("GET"):
            creditors = list(map(snapshots.creditor, self._all(self._api.creditors, {})))
        creditors.sort(key=lambda creditor: not creditor.identifier)
        return creditors[0] if creditors else None
