from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import LATEST


class PaymentPayout(models.Model):
    _inherit = "payment.payout"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the money in the payout, returns included.

        :param bool is_finance: whether the user sees payments.
        """
        payments = self.env["payment.transaction"]
        if not self:
            return payments.installment_id, payments
        items = self.env["payment.payout.line"].search_fetch(
            [("payout_id", "in", self.ids), ("transaction_id", "!=", False)],
            ["transaction_id"],
            limit=LATEST,
        )
        payments = payments.search([("payout_id", "in", self.ids)], limit=LATEST)
        payments |= items.transaction_id
        return payments.installment_id, payments
