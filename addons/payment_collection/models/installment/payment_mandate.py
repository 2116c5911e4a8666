from odoo import models

# What a run may still take up, or a person decide upon; a debit under way keeps its own mandate.
OPEN_STATES = ("planned", "notified", "invoiced", "held", "unpaid", "in_recovery", "disputed")


class PaymentMandate(models.Model):
    _inherit = "payment.mandate"

    def _mandate_replaced(self, successor, on):
        """Override of `payment_direct_debit`: open installments are debited by the successor."""
        result = super()._mandate_replaced(successor, on)
        installments = (
            self.env["payment.installment"]
            .sudo()
            .search([("mandate_id", "in", self.ids), ("state", "in", OPEN_STATES)])
        )
        installments.write({"mandate_id": successor.id})
        return result
