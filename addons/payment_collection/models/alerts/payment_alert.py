from odoo import api, fields, models

from .payment_alert_kinds import KINDS


class PaymentAlert(models.Model):
    _inherit = "payment.alert"

    kind = fields.Selection(
        selection_add=[
            ("notice_failed", "Notice did not arrive"),
            ("notice_server", "Notices can not be sent"),
            ("held_past_last_moment", "Held past the last moment"),
            ("payer_worse", "Payer got worse"),
            ("dunning_stuck", "Dunning step not taken"),
            ("no_policy", "No retry policy fits"),
            ("provider_down", "Provider does not answer"),
            ("failure_peak", "More failures than usual"),
            ("mandate_expiring", "Mandate about to expire"),
        ],
        ondelete={kind: "cascade" for kind in KINDS},
    )

    @api.model
    @api.private
    def _alert_kinds(self):
        return {**super()._alert_kinds(), **KINDS}

    @api.model
    def _cron_look(self, today=None):
        """Look for what nobody notifies: failures that pile up, mandates that fall asleep; daily.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        self._look_for_failure_peaks(today)
        self.env["payment.mandate"]._alert_expiring(today)

    def _remedy_failed_payments(self):
        """Show what failed lately, by reason."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_page_action"
        )
        company = self.company_id
        of_whom = (
            ("provider_id", "=", self.res_id)
            if self.res_model == "payment.provider"
            else ("company_id", "=", company.id)
        )
        since = fields.Date.subtract(self.last_seen_on, days=company.failure_peak_days)
        return {
            **action,
            "domain": [
                ("payment_status", "in", ("failed", "returned")),
                ("payment_day", ">=", since.date()),
                of_whom,
            ],
            "context": {"search_default_group_reason": 1},
        }
