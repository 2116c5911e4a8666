from odoo import fields, models
from odoo.tools import SQL


class PaymentCollectionReport(models.Model):
    _inherit = "payment.collection.report"
    _depends = {"payment.transaction": ["contract_id"]}

    contract_id = fields.Many2one("crm.contract", readonly=True)

    def _columns_of_dimensions(self):
        return {**super()._columns_of_dimensions(), "contract_id": SQL("t.contract_id")}
