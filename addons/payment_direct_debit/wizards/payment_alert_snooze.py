from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

MORNING = time(8)


class PaymentAlertSnooze(models.TransientModel):
    """Put alerts off until a morning, or any moment."""

    _name = "payment.alert.snooze"
    _description = "Snooze Alerts"

    alert_ids = fields.Many2many("payment.alert", string="Alerts", required=True)
    preset = fields.Selection(
        [
            ("tomorrow", "Tomorrow"),
            ("week", "Next week"),
            ("month", "In a month"),
            ("other", "Another moment"),
        ],
        string="Until",
        required=True,
        default="tomorrow",
    )
    until = fields.Datetime(
        string="Back On", compute="_compute_until", store=True, readonly=False, required=True
    )
    note = fields.Char(string="Why")

    @api.depends("preset")
    def _compute_until(self):
        """Mornings at eight, where the user is; next week begins on Monday."""
        today = fields.Date.context_today(self)
        days = {
            "tomorrow": today + timedelta(days=1),
            "week": today + timedelta(days=7 - today.weekday()),
            "month": fields.Date.add(today, months=1),
        }
        for wizard in self:
            if wizard.preset in days:
                morning = self.env.tz.localize(datetime.combine(days[wizard.preset], MORNING))
                wizard.until = morning.astimezone(pytz.utc).replace(tzinfo=None)
            else:
                wizard.until = wizard.until

    def action_snooze(self):
        """Put them off.

        :raise UserError: for a moment that is past, or when somebody has closed one meanwhile.
        """
        self.ensure_one()
        self.alert_ids.snooze(self.until, self.note or "")
        return {"type": "ir.actions.act_window_close"}
