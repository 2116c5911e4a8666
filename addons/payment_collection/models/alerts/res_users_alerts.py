from odoo import api, fields, models

from odoo.addons.payment_direct_debit.models.payment_alert import FINANCE

FREQUENCIES = [("off", "Never"), ("daily", "Every day"), ("weekly", "Every week")]


class ResUsers(models.Model):
    _inherit = "res.users"

    payment_alert_digest = fields.Selection(
        FREQUENCIES,
        string="Alerts by Mail",
        default="daily",
        required=True,
        help="A mail for those of finance, on working days, when there is something new or"
        " something severe is still open.",
    )

    sees_payment_alerts = fields.Boolean(compute="_compute_sees_payment_alerts")

    @api.depends("group_ids")
    def _compute_sees_payment_alerts(self):
        for user in self:
            user.sees_payment_alerts = user.has_group(FINANCE)

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "payment_alert_digest", "sees_payment_alerts"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "payment_alert_digest"]
