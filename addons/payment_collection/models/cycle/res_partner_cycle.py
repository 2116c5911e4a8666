from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import LATEST


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the latest cycles of the client.

        :param bool is_finance: whether the user sees payments, or the report only.
        """
        mine = [("partner_id", "child_of", self.ids)]
        installments = self.env["payment.installment"]
        if installments.has_access("read"):
            installments = installments.search(mine, limit=LATEST)
        payments = self.env["payment.transaction" if is_finance else "payment.status.report"]
        if not payments.has_access("read"):
            return installments, payments
        return installments, payments.search([*mine, ("payment_status", "!=", False)], limit=LATEST)
