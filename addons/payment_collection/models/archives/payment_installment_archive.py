from odoo import models

from odoo.addons.payment_collection.models.archives.payment_transaction_archiving import DEBT_OVER


class PaymentInstallment(models.Model):
    """A debt that lives again brings all its payments back to the daily view."""

    _inherit = "payment.installment"

    def _set_state(self, state, reason="", on=None, values=None):
        over = self.browse()
        if state not in DEBT_OVER:
            over = self.filtered(lambda i: i.state in DEBT_OVER)
        moved = super()._set_state(state, reason, on, values)
        if alive := over & moved:
            payments = self.env["payment.transaction"].sudo()
            payments.search(
                [("installment_id", "in", alive.ids), ("payment_archived_on", "!=", False)]
            )._archive_leave(self.env._("Back from the archives: the debt is open again"))
        return moved
