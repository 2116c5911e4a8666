"""Refunds and payouts: the money that goes back, and the money that arrives."""

from __future__ import annotations

from datetime import date, datetime, time

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, ProviderMisconfigured
from odoo.addons.payment_direct_debit.pure import wire

from . import payloads, snapshots
from .api import Api
from .failures import KeyUsed, boundary
from .snapshots import identifier


class Settlement(Api):
    """The refunds and payouts of `seam.DebitClient`."""

    # === REFUNDS === #

    def refund(self, order: seam.RefundOrder) -> seam.RefundSnapshot:
        """Give money back, or adopt the refund that the same key made before.

        GoCardless compares the total of all refunds of the payment with what we think it is, so
        that neither a second key nor somebody else's refund pays more than was meant.

        :raise DebitRefused: also where the account may not refund; that stops no debits.
        """
        refunds = self._api.refunds
        with boundary("POST"):
            try:
                made = refunds.create(
                    params=payloads.refund(order),
                    headers={"Idempotency-Key": order.idempotency_key},
                )
                return snapshots.refund(made.attributes)
            except KeyUsed as used:
                about = ("payment", order.debit_ref)
                return self._adopt(order, (refunds, used.ref), about, snapshots.refund)
            except ProviderMisconfigured as error:
                if error.code == "403":
                    raise DebitRefused(str(error), code="refunds_not_enabled") from error
                raise

    def refund_find(self, order: seam.RefundOrder) -> seam.RefundSnapshot | None:
        """Look for the refund among all of its payment."""
        with boundary("GET"):
            query = {"payment": identifier(order.debit_ref)}
            found = self._ours(self._all(self._api.refunds, query), order.reference)
            return found and snapshots.refund(found)

    def refund_fetch(self, ref: str) -> seam.RefundSnapshot:
        """Re-read one refund."""
        with boundary("GET"):
            return snapshots.refund(self._api.refunds.get(identifier(ref)).attributes)

    # === PAYOUTS === #

    def payouts_since(self, since: date) -> list[seam.PayoutSnapshot]:
        """Return all payouts made from `since` on, newest first."""
        query = {"created_at[gte]": wire.stamp(datetime.combine(since, time.min))}
        with boundary("GET"):
            return [snapshots.payout(payout) for payout in self._all(self._api.payouts, query)]

    def payout_items(self, ref: str) -> list[seam.PayoutItem]:
        """Return what one payout is made of; fees with their VAT.

        :raise DebitRefused: for a payout of more than six months ago, whose items GoCardless has
            archived (code ``payout_items_data_archived``).
        """
        with boundary("GET"):
            items = self._all(self._api.payout_items, {"payout": identifier(ref)})
            return [snapshots.payout_item(item) for item in items]
