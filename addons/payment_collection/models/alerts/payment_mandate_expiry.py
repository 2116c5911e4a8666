from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

# So near the end a new signature hardly comes in time: what was put off is worth another look.
URGENT_DAYS = 14
# What is still to be collected by a mandate.
TO_COLLECT = ("planned", "notified", "invoiced", "unpaid", "held", "disputed")


class PaymentMandate(models.Model):
    _inherit = "payment.mandate"

    @api.model
    @api.private
    def _alert_expiring(self, today):
        """Tell a person about mandates that are about to fall asleep while they are still needed.

        :param date today: the engine's date.
        """
        everyone = self.env["res.company"].sudo().search([("mandate_expiry_days", ">", 0)])
        expiring = self.browse()
        for days, companies in everyone.grouped("mandate_expiry_days").items():
            share = self.search(
                [
                    ("state", "=", "active"),
                    ("expires_on", ">", today),
                    ("expires_on", "<=", today + timedelta(days=days)),
                    ("company_id", "in", companies.ids),
                ]
            )._still_needed()
            expiring += share
            urgent = share.filtered(lambda m: (m.expires_on - today).days <= URGENT_DAYS)
            since = fields.Datetime.to_datetime(today) - timedelta(days=days)
            for mandates, severity in ((share - urgent, "normal"), (urgent, "high")):
                messages = {mandate: mandate._expiry_text() for mandate in mandates}
                self.env["payment.alert"]._raise_missing(
                    "mandate_expiring", messages, severity, since
                )
        told = self.env["payment.alert"]._open_about("mandate_expiring", self._name)
        over = self.browse(told.mapped("res_id")) - expiring
        self.env["payment.alert"]._close_alerts("mandate_expiring", over)

    def _still_needed(self):
        """Return those on which something is still to be collected."""
        groups = (
            self.env["payment.installment"]
            .sudo()
            ._read_group(
                [("mandate_id", "in", self.ids), ("state", "in", TO_COLLECT)], ["mandate_id"]
            )
        )
        return self.browse([mandate.id for (mandate,) in groups])

    def _expiry_text(self):
        self.ensure_one()
        return self.env._(
            "Mandate %(rum)s of %(client)s expires on %(day)s: it has not been debited for almost"
            " 36 months, and installments are still planned on it.",
            rum=self.name,
            client=self.partner_id.display_name,
            day=format_date(self.env, self.expires_on),
        )
