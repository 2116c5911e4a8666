from odoo import fields, models
from odoo.tools import SQL


class PaymentStatusReport(models.Model):
    _inherit = "payment.status.report"
    _depends = {"payment.transaction": ["contract_id"]}

    contract_id = fields.Many2one("crm.contract", readonly=True)

    def _columns_of_report(self):
        return {**super()._columns_of_report(), "contract_id": SQL("t.contract_id")}
