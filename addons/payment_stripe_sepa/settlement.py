"""Refunds and payouts: the money that goes back, and the money that arrives."""

from __future__ import annotations

from datetime import date

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, ProviderMisconfigured

from . import payloads, snapshots
from .api import Api
from .failures import boundary
from .snapshots import identifier


class Settlement(Api):
    """The refunds and payouts of `seam.DebitClient`."""

    # === REFUNDS === #

    def refund(self, order: seam.RefundOrder) -> seam.RefundSnapshot:
        """Give money back, or get the refund that the same key made before.

        :raise DebitRefused: when disputed, given back before or too late; also where the key may
            not refund, which stops no debits.
        """
        try:
            with boundary("POST"):
                key = {"idempotency_key": order.idempotency_key}
                made = self._api.refunds.create(payloads.refund(order), key)
                return snapshots.refund(made.to_dict())
        except ProviderMisconfigured as error:
            if error.code == "403":
                raise DebitRefused(str(error), code="refunds_not_allowed") from error
            raise

    def refund_find(self, order: seam.RefundOrder) -> seam.RefundSnapshot | None:
        """Look for a refund among all of its payment."""
        with boundary("GET"):
            query = {"payment_intent": identifier(order.debit_ref)}
            found = self._ours(self._all(self._api.refunds, query), order.reference)
            return found and snapshots.refund(found)

    def refund_fetch(self, ref: str) -> seam.RefundSnapshot:
        """Re-read one refund."""
        with boundary("GET"):
            return snapshots.refund(self._api.refunds.retrieve(identifier(ref)).to_dict())

    # === PAYOUTS === #

    def payouts_since(self, since: date) -> list[seam.PayoutSnapshot]:
        """Return the automatic payouts made from a day on, newest first; Stripe itemises no
        other."""
        with boundary("GET"):
            query = {"created": {"gte": snapshots.stamp(since)}}
            payouts = self._all(self._api.payouts, query)
            return [snapshots.payout(payout) for payout in payouts if payout["automatic"]]

    def payout_items(self, ref: str) -> list[seam.PayoutItem]:
        """Return what a payout is made of."""
        with boundary("GET"):
            query = {"payout": identifier(ref), "expand": ["data.source"]}
            entries = self._all(self._api.balance_transactions, query)
            return [item for entry in entries for item in snapshots.payout_items(entry)]
