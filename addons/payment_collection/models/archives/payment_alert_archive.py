from odoo import api, models

# {model of an alert: the way to its payments}
WAYS = {
    "payment.transaction": "id",
    "payment.installment": "installment_id",
    "payment.refund": "debit_refund_ids",
    "payment.return": "return_ids",
}


class PaymentAlert(models.Model):
    """What a person must look at is not in the archives."""

    _inherit = "payment.alert"

    @api.model_create_multi
    def create(self, vals_list):
        alerts = super().create(vals_list)
        alerts._archive_wake()
        return alerts

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "open":
            self._archive_wake()
        return result

    def _archive_wake(self):
        """Bring back the payments that open alerts are about, or about whose debt they are."""
        payments = self.env["payment.transaction"].sudo()
        about = self.sudo().filtered(lambda alert: alert.state == "open" and alert.res_id)
        for model, alerts in about.grouped("res_model").items():
            if model in WAYS:
                payments.search(
                    [
                        (WAYS[model], "in", alerts.mapped("res_id")),
                        ("payment_archived_on", "!=", False),
                    ]
                )._archive_leave(self.env._("Back from the archives: an alert"))
