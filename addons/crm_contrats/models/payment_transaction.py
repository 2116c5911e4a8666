from odoo import api, fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    contract_id = fields.Many2one(
        related="installment_id.contract_id", store=True, index="btree_not_null"
    )

    @api.depends("contract_id.user_id")
    def _compute_rep_id(self):
        """The rep of the contract goes before that of the client."""
        result = super()._compute_rep_id()
        for payment in self:
            if rep := payment.contract_id.user_id:
                payment.rep_id = rep
        return result
