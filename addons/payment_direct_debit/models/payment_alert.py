from odoo import api, fields, models


class PaymentAlert(models.Model):
    """Something a person must look at. One open alert for one cause and one record."""

    _name = "payment.alert"
    _description = "Payment Alert"
    _order = "severity desc, id desc"

    kind = fields.Selection(
        [
            ("unknown_status", "Status not known here"),
            ("amount_mismatch", "Amount differs at the provider"),
            ("drift", "Status differs at the provider"),
            ("not_applied", "Message could not be applied"),
            ("overpaid", "Collected, but nothing was owed"),
            ("provider_paused", "Provider paused"),
            ("two_attempts", "Second live attempt"),
            ("payout_mismatch", "Payout to look at"),
            ("unmatched", "Not ours"),
            ("paid_twice", "Client paid twice"),
            ("refund_failed", "Refund failed"),
            ("missed_news", "News that never came"),
            ("unknown_long", "Outcome unknown for long"),
            ("submitted_long", "No word about a debit for long"),
            ("webhook_silent", "Notifications have gone silent"),
            ("payout_missing", "Payout not on the bank statement"),
        ],
        required=True,
        readonly=True,
    )
    severity = fields.Selection(
        [("1", "Low"), ("2", "Normal"), ("3", "High")], required=True, default="2", readonly=True
    )
    message = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], default="open", required=True, readonly=True
    )
    times = fields.Integer(string="Times Seen", default=1, readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    closed_by_id = fields.Many2one("res.users", readonly=True)
    closed_on = fields.Datetime(readonly=True)

    _open_uniq = models.UniqueIndex("(kind, res_model, res_id) WHERE state = 'open'")

    @api.model
    @api.private
    def _raise_alert(self, kind, record, message, severity="normal"):
        """Tell a person; the same cause on the same record counts up instead of repeating.

        :param str kind: one of the kinds above.
        :param record: what it is about.
        :param str message: what happened and what to do; no bank data.
        :param str severity: 'low', 'normal' or 'high'.
        :return: the alert.
        """
        alerts = self.sudo()
        same = alerts.search(
            [
                ("kind", "=", kind),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        if same:
            same.write({"times": same.times + 1, "message": message[:1000]})
            return same
        return alerts.create(
            {
                "kind": kind,
                "severity": {"low": "1", "normal": "2", "high": "3"}[severity],
                "message": message[:1000],
                "res_model": record._name,
                "res_id": record.id,
                "company_id": record.company_id.id if "company_id" in record._fields else False,
            }
        )

    @api.model
    @api.private
    def _close_alerts(self, kind, records):
        """Close the open alerts of a kind whose cause is gone."""
        self._open_about(kind, records._name, records.ids).action_close()

    @api.model
    @api.private
    def _open_about(self, kind, model, ids=None):
        """Return the open alerts of a kind.

        :param str model: what they are about.
        :param list ids: of which records; of any by default.
        """
        about = [("kind", "=", kind), ("res_model", "=", model), ("state", "=", "open")]
        if ids is not None:
            about.append(("res_id", "in", ids))
        return self.sudo().search(about)

    def action_close(self):
        """Close: somebody has looked at it."""
        self.write(
            {
                "state": "closed",
                "closed_by_id": self.env.uid,
                "closed_on": fields.Datetime.now(),
            }
        )

    def action_resync(self):
        """Read what the alerts are about at the provider once more, and believe it."""
        about = self.filtered(lambda alert: alert.res_model == "payment.transaction")
        debits = self.env["payment.transaction"].browse(about.mapped("res_id")).exists()
        return debits.action_debit_resync()

    def action_open_record(self):
        """Open what the alert is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
