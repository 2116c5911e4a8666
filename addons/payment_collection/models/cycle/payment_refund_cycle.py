from odoo import models


class PaymentRefund(models.Model):
    _inherit = "payment.refund"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the cycle of the payment that is given back.

        :param bool is_finance: whether the user sees payments.
        """
        return self.transaction_id._cycle_chain(is_finance)
