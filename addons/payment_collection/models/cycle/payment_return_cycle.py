from odoo import models


class PaymentReturn(models.Model):
    _inherit = "payment.return"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the cycle of the payment that came back.

        :param bool is_finance: whether the user sees payments.
        """
        return self.transaction_id._cycle_chain(is_finance)
