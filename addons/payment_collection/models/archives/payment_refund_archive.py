from odoo import api, models


class PaymentRefund(models.Model):
    """Money that goes back, or whose way back fails, brings the payment back to the daily view."""

    _inherit = "payment.refund"

    @api.model_create_multi
    def create(self, vals_list):
        refunds = super().create(vals_list)
        refunds._archive_wake()
        return refunds

    def _set_state(self, state, reason="", on=None, values=None):
        moved = super()._set_state(state, reason, on, values)
        moved._archive_wake()
        return moved

    def _archive_wake(self):
        self.sudo().transaction_id._archive_leave(self.env._("Back from the archives: a refund"))
