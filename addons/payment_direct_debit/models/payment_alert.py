from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .payment_alert_kinds import CATEGORIES, GONE, KINDS, OTHER

SEVERITIES = {"low": "1", "normal": "2", "high": "3"}
FINANCE = "payment_direct_debit.group_payment_user"


class PaymentAlert(models.Model):
    """Something a person must look at. One open alert for one cause and one record.

    What comes back after it was closed is a new alert: the former one and its comment stay.
    """

    _name = "payment.alert"
    _description = "Payment Alert"
    _inherit = ["payment.state.mixin"]
    _order = "severity desc, id desc"
    _rec_name = "message"

    _state_initial = ("open",)
    _state_transitions = frozenset({("open", "closed"), ("closed", "open")})
    # All but who works on it.
    _state_guarded = frozenset(
        {
            "kind",
            "severity",
            "message",
            "times",
            "res_model",
            "res_id",
            "partner_id",
            "company_id",
            "last_seen_on",
            "snoozed_until",
            "closed_by_id",
            "closed_on",
            "close_comment",
        }
    )

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
    category = fields.Selection(CATEGORIES, compute="_compute_category", store=True)
    severity = fields.Selection(
        [("1", "Low"), ("2", "Normal"), ("3", "High")],
        required=True,
        default="2",
        readonly=True,
        group_expand="_group_expand_severity",
    )
    message = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], default="open", required=True, readonly=True
    )
    times = fields.Integer(string="Times Seen", default=1, readonly=True)
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    about = fields.Char(compute="_compute_about")
    partner_id = fields.Many2one(
        "res.partner", string="Client", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    create_date = fields.Datetime(string="First Seen", readonly=True)
    last_seen_on = fields.Datetime(
        string="Last Seen", default=fields.Datetime.now, readonly=True, copy=False
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assigned To",
        index="btree_not_null",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref(FINANCE).ids),
            ("share", "=", False),
        ],
        copy=False,
    )
    snoozed_until = fields.Datetime(readonly=True, copy=False)
    is_snoozed = fields.Boolean(compute="_compute_is_snoozed", search="_search_is_snoozed")
    standing = fields.Selection(
        [("open", "Open"), ("snoozed", "Snoozed"), ("closed", "Closed")],
        string="Status",
        compute="_compute_is_snoozed",
    )
    closed_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, help="Empty: the system, because the cause is gone."
    )
    closed_on = fields.Datetime(readonly=True, copy=False)
    close_comment = fields.Char(string="Comment", readonly=True, copy=False)

    _open_uniq = models.UniqueIndex("(kind, res_model, res_id) WHERE state = 'open'")
    _open_idx = models.Index("(severity DESC, id DESC) WHERE state = 'open'")
    _about_idx = models.Index("(res_model, res_id, kind)")

    @api.model
    @api.private
    def _alert_kinds(self):
        """Return {kind: `Kind`}; an addon that adds kinds adds what to do about them."""
        return KINDS

    @api.depends("kind")
    def _compute_category(self):
        kinds = self._alert_kinds()
        for alert in self:
            alert.category = kinds.get(alert.kind, OTHER).category

    @api.depends("res_model", "res_id")
    def _compute_about(self):
        """Name what the alerts are about; also for those who may not open it."""
        gone = self.env._("Deleted")
        for model, alerts in self.grouped("res_model").items():
            names = {}
            if model in self.env:
                records = self.env[model].sudo().browse(alerts.mapped("res_id")).exists()
                names = {record.id: record.display_name for record in records}
            for alert in alerts:
                name, client = names.get(alert.res_id, gone), alert.partner_id.display_name
                alert.about = f"{client} · {name}" if client and client not in name else name

    @api.depends("state", "snoozed_until")
    def _compute_is_snoozed(self):
        now = fields.Datetime.now()
        for alert in self:
            is_open = alert.state == "open"
            alert.is_snoozed = is_open and bool(alert.snoozed_until and alert.snoozed_until > now)
            alert.standing = "snoozed" if alert.is_snoozed else alert.state

    @api.model
    def _search_is_snoozed(self, operator, value):
        """A snoozed alert comes back by the clock alone."""
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        snoozed = Domain("state", "=", "open") & Domain("snoozed_until", ">", now)
        awake = (
            Domain("state", "!=", "open")
            | Domain("snoozed_until", "=", False)
            | Domain("snoozed_until", "<=", now)
        )
        domains = {True: snoozed, False: awake}
        return Domain.OR(domains[wanted] for wanted in {bool(v) for v in value})

    @api.model
    def _group_expand_severity(self, values, domain):
        return ["3", "2", "1"]

    @api.constrains("user_id", "company_id")
    def _check_user_may_work_on_it(self):
        for alert in self.filtered("user_id"):
            user = alert.user_id.sudo()
            foreign = alert.company_id and alert.company_id not in user.company_ids
            if foreign or not user.has_group(FINANCE):
                raise ValidationError(
                    self.env._(
                        "%(user)s does not see this alert: choose somebody of finance.",
                        user=user.name,
                    )
                )

    # === RAISED BY THE ENGINE === #

    @api.model
    @api.private
    def _raise_alert(self, kind, record, message, severity="normal"):
        """Tell a person; the same cause on the same record counts up instead of repeating.

        :param str kind: one of the kinds above.
        :param record: what it is about.
        :param str message: what happened and what to do; no bank data.
        :param str severity: 'low', 'normal' or 'high'; a snoozed alert that gets worse wakes up.
        :return: the alert.
        """
        same = self._open_about(kind, record._name, record.ids)
        if same:
            same._seen_again({record: message}, severity)
            same._state_write({"times": same.times + 1})
            return same
        return self._raise_new(kind, {record: message}, severity)

    @api.model
    @api.private
    def _raise_missing(self, kind, messages, severity="normal", closed_since=None):
        """Raise alerts on many records at once; those open already are seen again, not counted up.

        :param str kind: one of the kinds.
        :param dict messages: {record: what happened and what to do}, records of one model.
        :param str severity: 'low', 'normal' or 'high'.
        :param datetime closed_since: what a person has closed since then (naive UTC) is not raised
            again; by default everything is.
        """
        if not messages:
            return
        records = next(iter(messages)).union(*messages)
        known = self._open_about(kind, records._name, records.ids)
        known._seen_again(messages, severity)
        left_out = set(known.mapped("res_id"))
        if closed_since:
            settled = Domain("closed_on", ">=", closed_since) & Domain("closed_by_id", "!=", False)
            about = self._about(kind, records._name, records.ids)
            left_out.update(self.sudo().search(about & settled).mapped("res_id"))
        new = {r: message for r, message in messages.items() if r.id not in left_out}
        self._raise_new(kind, new, severity)

    @api.model
    def _raise_new(self, kind, messages, severity):
        return (
            self.sudo()
            ._state_writer()
            .create(
                [
                    {
                        "kind": kind,
                        "severity": SEVERITIES[severity],
                        "message": message[:1000],
                        "res_model": record._name,
                        "res_id": record.id,
                        "company_id": self._alert_company(record).id,
                        "partner_id": self._alert_partner(record).id,
                    }
                    for record, message in messages.items()
                ]
            )
            .with_env(self.sudo().env)
        )

    def _seen_again(self, messages, severity):
        """Note that the causes are still there; who sleeps on what gets worse is woken.

        :param dict messages: {record: newest message}.
        :param str severity: as the engine sees it now; an alert never gets less severe.
        """
        level = SEVERITIES[severity]
        worse = self.filtered(lambda alert: alert.severity < level)
        now = fields.Datetime.now()
        newest = {record.id: message[:1000] for record, message in messages.items()}
        for alert in self:
            alert._state_write({"message": newest[alert.res_id], "last_seen_on": now})
        if worse:
            worse._state_write({"severity": level, "snoozed_until": False})
            worse._state_note(self.env._("It got worse"))

    @api.model
    def _alert_company(self, record):
        """Return the company that an alert is of; none where all of them have the cause."""
        if record._name == "res.company":
            return record
        return record.company_id if "company_id" in record._fields else record.env["res.company"]

    @api.model
    def _alert_partner(self, record):
        if record._name == "res.partner":
            return record
        return record.partner_id if "partner_id" in record._fields else record.env["res.partner"]

    @api.model
    @api.private
    def _close_alerts(self, kind, records):
        """Close the open alerts of a kind whose cause is gone: nobody has to look at them."""
        alerts = self._open_about(kind, records._name, records.ids)
        gone = self.env._(self._alert_kinds().get(kind, OTHER).gone or GONE)
        values = {"closed_on": fields.Datetime.now(), "snoozed_until": False}
        alerts._set_state("closed", gone, values=values)

    @api.model
    @api.private
    def _open_about(self, kind, model, ids=None):
        """Return the open alerts of a kind.

        :param str model: what they are about.
        :param list ids: of which records; of any by default.
        """
        return self.sudo().search(self._about(kind, model, ids) & Domain("state", "=", "open"))

    @api.model
    def _about(self, kind, model, ids=None):
        about = Domain("kind", "=", kind) & Domain("res_model", "=", model)
        return about if ids is None else about & Domain("res_id", "in", ids)
