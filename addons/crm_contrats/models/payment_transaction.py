from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    contract_id = fields.Many2one(
        related="installment_id.contract_id", store=True, index="btree_not_null"
    )
