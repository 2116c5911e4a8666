from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse

from .payment_alert_kinds import OTHER


class PaymentAlert(models.Model):
    """What people do with alerts: take them over, put them off, mend the cause, close them."""

    _inherit = "payment.alert"

    advice = fields.Char(string="What to Do", compute="_compute_advice")
    age = fields.Char(compute="_compute_age", help="How long it is, or was, open.")
    remedy = fields.Char(compute="_compute_remedy")
    can_open = fields.Boolean(compute="_compute_can_open")
    former_count = fields.Integer(compute="_compute_former_count")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_advice(self):
        kinds = self._alert_kinds()
        for alert in self:
            alert.advice = self.env._(kinds.get(alert.kind, OTHER).advice)

    @api.depends("create_date", "closed_on")
    @api.depends_context("lang")
    def _compute_age(self):
        locale = babel_locale_parse(self.env.lang)
        now = fields.Datetime.now()
        for alert in self:
            since = alert.create_date or now
            alert.age = format_timedelta((alert.closed_on or now) - since, locale=locale)

    @api.depends("kind", "res_model", "state")
    def _compute_remedy(self):
        """Say which button leads on; empty where opening the record is all there is."""
        kinds = self._alert_kinds()
        for alert in self:
            remedies = kinds.get(alert.kind, OTHER).remedies
            alert.remedy = alert.state == "open" and remedies.get(alert.res_model)

    @api.depends("res_model", "res_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_open(self):
        """Nobody is led to a record that he may not read, or that is gone."""
        self.can_open = False
        for model, alerts in self.grouped("res_model").items():
            if model not in self.env:
                continue
            records = self.env[model].browse(alerts.mapped("res_id")).exists()
            readable = set(records._filtered_access("read").ids)
            for alert in alerts:
                alert.can_open = alert.res_id in readable

    def _compute_former_count(self):
        """Count how often the same was raised besides."""
        counts = {}
        for kind, model, res_id, count in self._read_group(
            [
                ("kind", "in", self.mapped("kind")),
                ("res_model", "in", self.mapped("res_model")),
                ("res_id", "in", self.mapped("res_id")),
                ("id", "not in", self.ids),
            ],
            ["kind", "res_model", "res_id"],
            ["__count"],
        ):
            counts[kind, model, res_id] = count
        for alert in self:
            alert.former_count = counts.get((alert.kind, alert.res_model, alert.res_id), 0)

    # === WHO WORKS ON IT === #

    def write(self, vals):
        if "user_id" not in vals:
            return super().write(vals)
        moved = self.filtered(lambda alert: alert.user_id.id != vals["user_id"])
        result = super().write(vals)
        for user, alerts in moved.grouped("user_id").items():
            text = (
                self.env._("Assigned to %(user)s", user=user.name)
                if user
                else self.env._("Assigned to nobody")
            )
            alerts._state_note(text)
        return result

    def action_assign_to_me(self):
        """Take the alerts over."""
        self.write({"user_id": self.env.uid})

    # === PUT OFF === #

    def snooze(self, until, note=""):
        """Put open alerts off; they come back by themselves.

        :param datetime until: naive UTC, or its text; later than now.
        :param str note: why, for the history.
        :raise UserError: for a moment that is past, or alerts that are closed.
        """
        self.check_access("write")
        until = fields.Datetime.to_datetime(until)
        if not until or until <= fields.Datetime.now():
            raise UserError(self.env._("Choose a moment that is still to come."))
        self._check_open()
        moment = format_datetime(self.env, until, dt_format="short")
        self._state_write({"snoozed_until": until})
        text = self.env._("Snoozed until %(moment)s", moment=moment)
        self._state_note(f"{text}: {note}" if note else text)

    def action_wake(self):
        """Look at snoozed alerts now."""
        self.check_access("write")
        asleep = self.filtered("is_snoozed")
        asleep._state_write({"snoozed_until": False})
        asleep._state_note(self.env._("Woken up"))

    def action_snooze(self):
        """Ask until when."""
        return self._action_ask("payment.alert.snooze", self.env._("Snooze Alerts"))

    # === CLOSE === #

    def close(self, comment):
        """Close open alerts.

        :param str comment: what was found and done; no bank data.
        :raise UserError: without a comment, or for alerts that are closed.
        """
        self.check_access("write")
        comment = (comment or "").strip()
        if not comment:
            raise UserError(self.env._("Say what you found or did: the next one will ask."))
        self._check_open()
        values = {
            "closed_by_id": self.env.uid,
            "closed_on": fields.Datetime.now(),
            "close_comment": comment[:1000],
            "snoozed_until": False,
        }
        self._set_state("closed", comment, values=values)

    def action_close(self):
        """Ask for the comment that closes them."""
        return self._action_ask("payment.alert.close", self.env._("Close Alerts"))

    def action_reopen(self):
        """Open again what was closed too early.

        :raise UserError: where the same has been raised anew meanwhile.
        """
        self.check_access("write")
        closed = self.filtered(lambda alert: alert.state == "closed")
        for alert in closed:
            if self._open_about(alert.kind, alert.res_model, [alert.res_id]):
                raise UserError(
                    self.env._(
                        "“%(alert)s” was raised anew meanwhile: go on with that one.",
                        alert=alert.message,
                    )
                )
        empty = {"closed_by_id": False, "closed_on": False, "close_comment": False}
        closed._set_state("open", self.env._("Opened again"), values=empty)

    def _check_open(self):
        if closed := self.filtered(lambda alert: alert.state != "open"):
            raise UserError(
                self.env._("“%(alert)s” is closed already.", alert=closed[0].message),
            )

    def _action_ask(self, model, title):
        """Open a dialog about the open ones among these."""
        alerts = self.filtered(lambda alert: alert.state == "open")
        if not alerts:
            raise UserError(self.env._("These are closed already."))
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_alert_ids": alerts.ids},
        }

    # === MEND === #

    def action_remedy(self):
        """Do, or lead to, what usually mends the cause."""
        self.ensure_one()
        if not self.remedy:
            return self.action_open_record()
        return getattr(self, f"_remedy_{self.remedy}")()

    def action_open_record(self):
        """Open what the alert is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_view_former(self):
        """Show the other alerts of the same cause: what was said when they were closed."""
        self.ensure_one()
        closed = self.env.ref("payment_direct_debit.payment_alert_view_list_closed")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Same Cause"),
            "res_model": "payment.alert",
            "views": [(closed.id, "list"), (False, "form")],
            "domain": [
                ("kind", "=", self.kind),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("id", "!=", self.id),
            ],
        }

    def action_resync(self):
        """Read what the alerts are about at the provider once more, and believe it."""
        about = self.filtered(lambda alert: alert.res_model == "payment.transaction")
        debits = self.env["payment.transaction"].browse(about.mapped("res_id")).exists()
        return debits.action_debit_resync()

    def _record(self):
        return self.env[self.res_model].browse(self.res_id)

    def _remedy_resync(self):
        return self.action_resync()

    def _remedy_replay(self):
        event = self._record()
        event.check_access("read")
        return event.sudo().action_replay()

    def _remedy_resume(self):
        return self._record().action_debit_resume()

    def _remedy_match(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_direct_debit.payment_payout_match_action"
        )
        return {**action, "context": {"default_payout_id": self.res_id}}

    def _remedy_events(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Provider Events"),
            "res_model": "payment.event",
            "views": [(False, "list"), (False, "form")],
            "domain": [("provider_id", "=", self.res_id)],
        }
