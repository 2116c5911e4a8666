"""Refunds: the money that goes back. Payouts are not told; see the README."""

from __future__ import annotations

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused

from . import const, hal, payloads, snapshots
from .api import Api
from .failures import boundary
from .hal import Document


class Settlement(Api):
    """The refunds of `seam.DebitClient`."""

    def refund(self, order: seam.RefundOrder) -> seam.RefundSnapshot:
        """Give money back by a credit transfer, unless that is there already.

        :raise DebitRefused: for a debit whose money did not come, or went back already.
        """
        if found := self.refund_find(order):
            return found
        with boundary("GET"):
            payment = self._payment(order.debit_ref)
            status = self._explained(payment).status
            if status != seam.COLLECTED:
                raise DebitRefused(f"the debit is “{status}”, not collected", code="not_collected")
            if order.refunded_cents + order.amount_cents > snapshots.cents(payment):
                raise DebitRefused("more than what was debited", code="too_much")
            mandate = self._mandate_of(payment)
        with boundary("POST"):
            body = payloads.refund(order, mandate, payment["reference"])
            return snapshots.refund(self._create("create-payouts", body))

    def refund_find(self, order: seam.RefundOrder) -> seam.RefundSnapshot | None:
        """Look for a refund among all payments of the account, by its reference."""
        with boundary("GET"):
            payment = self._payment_named(payloads.reference(order), "OUT")
            if payment is None:
                return None
            found, wanted = snapshots.money_of(payment), (order.amount_cents, order.currency)
            self._check_same(order.reference, payment["id"], found, wanted)
            return snapshots.refund(payment)

    def refund_fetch(self, ref: str) -> seam.RefundSnapshot:
        """Re-read one refund."""
        with boundary("GET"):
            return snapshots.refund(self._payment(ref))

    def _explained(self, payment: Document) -> seam.DebitSnapshot:
        issues, address = [], hal.href(payment, "get-payment-issues")
        if address and payment["executionStatus"] not in const.WAITING:
            issues = hal.embedded(self._http.get(address), "paymentIssues")
        issues = [self._whole(issue, "dateCreated") for issue in issues]
        return snapshots.debit(payment, self._today(), issues)
