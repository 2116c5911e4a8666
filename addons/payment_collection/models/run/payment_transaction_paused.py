from odoo import api, models


class PaymentTransaction(models.Model):
    """Nothing of a paused run leaves, whoever sends."""

    _inherit = "payment.transaction"

    @api.private
    def _debit_send(self, on=None):
        free = self.filtered(lambda debit: debit.sudo().run_id.state != "paused")
        return super(PaymentTransaction, free)._debit_send(on)
