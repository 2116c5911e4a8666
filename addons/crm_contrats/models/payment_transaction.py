from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


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

    @api.model
    def _export_columns(self):
        """The contract stands after the client, as on the page."""
        columns = {}
        for name, column in super()._export_columns().items():
            columns[name] = column
            if name == "partner_id":
                columns["contract_id"] = (_lt("Contract"), "text")
        return columns
