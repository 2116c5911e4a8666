"""Refunds and payouts: the money that goes back, and the money that arrives."""

from __future__ import annotations

from datetime import date, datetime, time

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    ProviderMisconfigured,
)

from . import payloads, snapshots
from .api import Api
from .failures import KeyUsed, boundary
from .snapshots import Document, identifier, links, metadata


class Settlement(Api):
    """The refunds and payouts of `seam.DebitClient`."""

    # === REFUNDS === #

    def refund(self, order: seam.RefundOrder) -> seam.RefundSnapshot:
        """Give money back, or adopt the refund that the same key made before.

        GoCardless compares the total of all refunds of the payment with what we think it is, so
        that neither a second key nor somebody else's refund pays more than was meant.

        :raise DebitRefused: also where the account may not refund; that stops no debits.
        """
        with boundary("POST"):
            try:
                made = self._api.refunds.create(
                    params=payloads.refund(order),
                    headers={"Idempotency-Key": order.idempotency_key},
                )
                return snapshots.refund(made.attributes)
            except KeyUsed as used:
                return self._adopt_refund(order, used.ref)
            except ProviderMisconfigured as error:
                if error.code == "403":
                    raise DebitRefused(str(error), code="refunds_not_enabled") from error
                raise

    def refund_find(self, order: seam.RefundOrder) -> seam.RefundSnapshot | None:
        """Look for the refund among all of its payment."""
        with boundary("GET"):
            query = {"payment": identifier(order.debit_ref)}
            ours = [
                refund
                for refund in self._all(self._api.refunds, query)
                if metadata(refund).get("odoo_ref") == order.reference
            ]
            if len(ours) > 1:
                raise DebitOutcomeUnknown(
                    f"GoCardless holds {len(ours)} refunds for {order.reference}"
                )
            return snapshots.refund(ours[0]) if ours else None

    def refund_fetch(self, ref: str) -> seam.RefundSnapshot:
        """Re-read one refund."""
        with boundary("GET"):
            return snapshots.refund(self._api.refunds.get(identifier(ref)).attributes)

    def _adopt_refund(self, order: seam.RefundOrder, ref: str) -> seam.RefundSnapshot:
        """Take over what the key made before, once it is surely the same refund.

        :raise DebitOutcomeUnknown: in every other case: a refund exists, whatever it is.
        """
        try:
            refund = self._api.refunds.get(identifier(ref)).attributes
            found = _terms(refund)
            wanted = (order.amount_cents, order.currency, order.debit_ref, order.reference)
            if found == wanted:
                return snapshots.refund(refund)
        except DebitError as error:
            raise DebitOutcomeUnknown(
                f"the key of {order.reference} made refund {ref}, which can not be read: {error}"
            ) from error
        raise DebitOutcomeUnknown(
            f"the key of {order.reference} made another refund, {ref}: {found} instead of"
            f" {wanted} (cents, currency, payment, reference); compare both by hand",
            code="idempotency_mismatch",
        )

    # === PAYOUTS === #

    def payouts_since(self, since: date) -> list[seam.PayoutSnapshot]:
        """Return all payouts made from `since` on, newest first."""
        query = {"created_at[gte]": snapshots.stamp(datetime.combine(since, time.min))}
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


def _terms(refund: Document) -> tuple[int, str, str | None, str | None]:
    """What makes a refund the refund it is, in the order of `RefundOrder`'s counterpart."""
    return (
        refund["amount"],
        refund["currency"],
        links(refund).get("payment"),
        metadata(refund).get("odoo_ref"),
    )
