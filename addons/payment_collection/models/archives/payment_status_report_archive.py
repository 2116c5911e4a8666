from odoo import fields, models
from odoo.tools import SQL


class PaymentStatusReport(models.Model):
    """Reps find all payments of their clients here, the old ones behind a filter."""

    _inherit = "payment.status.report"
    _depends = {"payment.transaction": ["payment_archived_on"]}

    archived_on = fields.Date(readonly=True)

    def _columns_of_report(self):
        return {**super()._columns_of_report(), "archived_on": SQL("t.payment_archived_on")}
