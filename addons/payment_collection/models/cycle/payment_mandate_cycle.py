from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import LATEST


class PaymentMandate(models.Model):
    _inherit = "payment.mandate"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) that the mandate is for; finance only reads mandates.

        :param bool is_finance: whether the user sees payments.
        """
        mine = [("mandate_id", "in", self.ids)]
        return (
            self.env["payment.installment"].search(mine, limit=LATEST),
            self.env["payment.transaction"].search(mine, limit=LATEST),
        )
