import logging
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.models.payment_alert import FINANCE

_logger = logging.getLogger(__name__)

WORST = 10
HIGH = "3"
KEEP_DAYS = 90


class PaymentAlertDigest(models.Model):
    """What one person was mailed about alerts on one day; a day has one at most, whatever fails.

    The row and its mail are written in one transaction; the queue of mails sends it once.
    """

    _name = "payment.alert.digest"
    _description = "Alert Digest"
    _order = "id desc"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    date = fields.Date(required=True, readonly=True)
    open_count = fields.Integer(readonly=True)
    new_count = fields.Integer(readonly=True)
    mine_count = fields.Integer(readonly=True)
    groups = fields.Json(readonly=True, help="[[severity, kind, open, new]], the worst first.")
    worst = fields.Json(readonly=True, help="Ids of the worst alerts, the oldest first.")

    _once_a_day = models.UniqueIndex("(user_id, date)")

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for digest in self:
            digest.display_name = self.env._(
                "Alerts of %(day)s", day=format_date(self.env, digest.date)
            )

    @api.model
    def _cron_digest(self, today=None):
        """Mail finance what is new or severe; daily, on working days.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        if today.weekday() < 5:
            in_savepoints(
                self._readers(today),
                lambda users: self._mail(users, today),
                lambda user, error: _logger.warning(
                    "No digest of alerts for user %s: %s", user.id, error
                ),
            )

    @api.model
    def _readers(self, today):
        """Return the users who want a mail and have not had today's, or this week's."""
        users = self.env["res.users"].search(
            [
                ("payment_alert_digest", "in", ("daily", "weekly")),
                ("all_group_ids", "in", self.env.ref(FINANCE).ids),
                ("share", "=", False),
                ("email", "!=", False),
            ]
        )
        monday = today - timedelta(days=today.weekday())
        had = self.search([("user_id", "in", users.ids), ("date", ">=", monday)])
        had = had.filtered(lambda d: d.date == today or d.user_id.payment_alert_digest == "weekly")
        return users - had.user_id

    @api.model
    def _mail(self, users, today):
        """Make the digests of some users and queue their mails, all or nothing."""
        alerts = (
            self.env["payment.alert"]
            .sudo()
            .search_fetch(
                [("state", "=", "open"), ("is_snoozed", "=", False)],
                ["severity", "kind", "company_id", "create_date", "user_id"],
                order="severity desc, create_date, id",
            )
        )
        last = dict(
            self._read_group([("user_id", "in", users.ids)], ["user_id"], ["create_date:max"])
        )
        digests = self.create(
            [
                values
                for user in users
                if (values := self._digest_values(user, alerts, last.get(user), today))
            ]
        )
        if digests:
            template = self.env.ref("payment_collection.mail_template_alert_digest")
            template.send_mail_batch(digests.ids, email_layout_xmlid="mail.mail_notification_light")

    @api.model
    def _digest_values(self, user, alerts, last, today):
        """Return the values of a digest; None when there is nothing worth a mail.

        :param alerts: all that are open and not snoozed, the worst and oldest first.
        :param datetime last: when the user had his last mail, naive UTC, or None.
        """
        companies = user.company_ids
        seen = alerts.filtered(lambda a: not a.company_id or a.company_id in companies)
        new = seen.filtered(lambda a: not last or a.create_date > last)
        if not new and not any(alert.severity == HIGH for alert in seen):
            return None
        counts = Counter((alert.severity, alert.kind) for alert in seen)
        fresh = Counter((alert.severity, alert.kind) for alert in new)
        order = sorted(counts, key=lambda group: (-int(group[0]), -counts[group], group[1]))
        return {
            "user_id": user.id,
            "date": today,
            "open_count": len(seen),
            "new_count": len(new),
            "mine_count": len(seen.filtered(lambda a: a.user_id == user)),
            "groups": [[*group, counts[group], fresh[group]] for group in order],
            "worst": seen[:WORST].ids,
        }

    # === WHAT THE MAIL SHOWS, IN THE LANGUAGE OF ITS READER === #

    def _shown_groups(self):
        """Return [(severity, [(kind, open, new)])], in words."""
        self.ensure_one()
        alerts = self.env["payment.alert"]
        severities, kinds = (
            dict(alerts._fields[name]._description_selection(self.env))
            for name in ("severity", "kind")
        )
        shown = {}
        for severity, kind, count, new in self.groups:
            shown.setdefault(severities[severity], []).append((kinds[kind], count, new))
        return list(shown.items())

    def _shown_worst(self):
        """Return the worst alerts as dicts; the free text of an alert stays in the database."""
        self.ensure_one()
        alerts = self.env["payment.alert"].sudo().browse(self.worst).exists()
        kinds = dict(alerts._fields["kind"]._description_selection(self.env))
        base = self.user_id.get_base_url()
        return [
            {
                "kind": kinds[alert.kind],
                "about": alert.partner_id.display_name or alert.about,
                "since": alert.create_date,
                "is_high": alert.severity == HIGH,
                "url": f"{base}/odoo/payment-alerts/{alert.id}",
            }
            for alert in alerts
        ]

    def _list_url(self):
        return f"{self.user_id.get_base_url()}/odoo/payment-alerts"

    @api.autovacuum
    def _gc_digests(self):
        """Forget what was mailed long ago; the last one of a user says what is new to him."""
        newest = self._read_group([], ["user_id"], ["id:max"])
        self.search(
            [
                ("date", "<", fields.Date.subtract(fields.Date.today(), days=KEEP_DAYS)),
                ("id", "not in", [digest_id for _user, digest_id in newest]),
            ]
        ).unlink()
