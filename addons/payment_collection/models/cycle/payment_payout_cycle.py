from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import LATEST


class PaymentPayout(models.Model):
    _inherit = "payment.payout"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the money in the payout.

        :param bool is_finance: whether the user sees payments.
        """
        payments = self.env["payment.transaction"].search(
            [("payout_id", "in", self.ids)], limit=LATEST
        )
        return payments.installment_id, payments
