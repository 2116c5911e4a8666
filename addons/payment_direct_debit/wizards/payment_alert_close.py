from odoo import fields, models


class PaymentAlertClose(models.TransientModel):
    """Close alerts, one or many, with one comment."""

    _name = "payment.alert.close"
    _description = "Close Alerts"

    alert_ids = fields.Many2many("payment.alert", string="Alerts", required=True)
    comment = fields.Text(required=True, help="What you found and did; no bank data.")

    def action_close(self):
        """Close them.

        :raise UserError: without a comment, or when somebody else was quicker.
        """
        self.ensure_one()
        self.alert_ids.close(self.comment)
        return {"type": "ir.actions.act_window_close"}
