from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from odoo.addons.payment_collection.models.installment.payment_installment import (
    COLLECTABLE,
    HOLDS_BY_ERROR,
)
from odoo.addons.payment_collection.models.installment.payment_installment_guards import PARIS
from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_direct_debit.pure import target_calendar

FORECAST_DAYS = 30
CHUNK = 500
EMPTY = {"forecast_hold_reason": False, "forecast_hold_detail": False, "mend_before": False}


class PaymentInstallment(models.Model):
    """What is held, or will be when its day comes, and the last moment to mend it."""

    _inherit = "payment.installment"

    forecast_hold_reason = fields.Selection(
        selection="_selection_hold_reason", string="Held For", copy=False, readonly=True
    )
    forecast_hold_detail = fields.Char(
        string="Particulars",
        copy=False,
        readonly=True,
        groups="payment_direct_debit.group_payment_user",
    )
    mend_before = fields.Datetime(
        string="Last Moment",
        copy=False,
        readonly=True,
        help="Mended later, the debit can not be made on its day any more.",
    )
    mend_days = fields.Integer(compute="_compute_mend_days")

    _forecast_idx = models.Index("(company_id, due_date) WHERE forecast_hold_reason IS NOT NULL")

    @api.model
    def _selection_hold_reason(self):
        return self._fields["hold_reason"]._description_selection(self.env)

    @api.depends("mend_before")
    def _compute_mend_days(self):
        """Whole days left; negative when it is too late."""
        now = fields.Datetime.now()
        for installment in self:
            left = installment.mend_before and installment.mend_before - now
            installment.mend_days = left.days if left else 0

    # === THE FORECAST === #

    @api.model
    def _cron_forecast_holds(self, today=None):
        """Ask the guards ahead about the next 30 days; nightly.

        :param date today: the engine's date; the clock's by default.
        """
        now = self._engine_now(today)
        today = today or fields.Date.context_today(self)
        # What left, was paid or moved away since is of the past.
        gone = Domain("forecast_hold_reason", "!=", False) & ~self._forecast_domain(today)
        self.search(gone)._state_write(EMPTY)
        for ids in split_every(CHUNK, self.search(self._forecast_domain(today)).ids):
            self.browse(ids)._forecast_holds(today)
            if self.env.context.get("ir_cron_progress_id"):
                # What is looked at stays known when the job is cut short.
                self.env["ir.cron"]._commit_progress(len(ids))
        self._alert_past_last_moment(now)

    @api.model
    def _engine_now(self, today):
        """Return the moment that last moments are compared with (naive UTC).

        :param date today: the engine's date; of another day than the clock's, the morning counts.
        """
        if not today or today == fields.Date.context_today(self):
            return fields.Datetime.now()
        return _naive_utc(datetime.combine(today, time(8), PARIS))

    @api.model
    def _forecast_domain(self, today):
        until = fields.Date.add(today, days=FORECAST_DAYS)
        return Domain("due_date", "<=", until) & (
            Domain("state", "in", (*COLLECTABLE, "held"))
            | (Domain("state", "=", "unpaid") & Domain("retry_on", "!=", False))
        )

    def _forecast_holds(self, today):
        """Write what would hold each installment on the day that it has to leave.

        :param date today: the engine's date.
        """
        days = {i.id: max(today, i._last_submission()[0]) for i in self}
        forecasts = {}
        for day, share in self.grouped(lambda i: days[i.id]).items():
            share = share._routed(day)
            dates = {i.id: i._requested_date(day) for i in share}
            reasons = share._hold_reasons(day, dates, forecast=True)
            for installment in share:
                forecasts[installment.id] = installment._forecast_values(reasons[installment.id])
        for values, share in self.grouped(lambda i: tuple(forecasts[i.id].items())).items():
            if any(any(i[name] != value for name, value in values) for i in share):
                share._state_write(dict(values))
        mended = self.filtered(lambda i: not forecasts[i.id]["forecast_hold_reason"])
        self.env["payment.alert"]._close_alerts("held_past_last_moment", mended)

    def _forecast_values(self, reason):
        """Return the fields of the forecast.

        :param tuple reason: what a guard said, or None; what a person or an error holds stays.
        """
        self.ensure_one()
        if self.state == "held" and (self.hold_reason == "manual" or not reason):
            stays = self.hold_reason == "manual" or self.hold_reason in HOLDS_BY_ERROR
            reason = (self.hold_reason, self.hold_detail) if stays else None
        if not reason:
            return EMPTY
        return {
            "forecast_hold_reason": reason[0],
            "forecast_hold_detail": reason[1] or False,
            "mend_before": self._last_moment(),
        }

    def _last_submission(self):
        """Return the last day, and its cut-off, on which the debit can leave for its day."""
        self.ensure_one()
        due = self.announced_date or self._day_to_debit()
        profile = self._collecting_provider()._debit_profile()
        if not profile:
            return target_calendar.roll_forward(due), time(12)
        return target_calendar.latest_submission_date(due, profile.lead_days), profile.cutoff

    def _last_moment(self):
        """Return until when it can be mended (naive UTC): the cut-off, or the day of the notice."""
        self.ensure_one()
        moment = datetime.combine(*self._last_submission(), PARIS)
        if self._needs_notice() and not self._is_announced():
            debit = target_calendar.roll_forward(self._day_to_debit())
            day = notices.latest_notice_day(debit, self._notice_days())
            moment = min(moment, datetime.combine(day, time(23, 59), PARIS))
        return _naive_utc(moment)

    @api.model
    def _alert_past_last_moment(self, now):
        """Tell a person what can not be debited on its day any more."""
        late = self.search([("forecast_hold_reason", "!=", False), ("mend_before", "<", now)])
        labels = dict(self._selection_hold_reason())
        self.env["payment.alert"]._raise_missing(
            "held_past_last_moment",
            {
                installment: self.env._(
                    "%(installment)s of %(client)s, due %(day)s, is held (%(reason)s) and can not"
                    " be debited on its day any more.",
                    installment=installment.name,
                    client=installment.partner_id.display_name,
                    day=format_date(self.env, installment.due_date),
                    reason=labels[installment.forecast_hold_reason],
                )
                for installment in late
            },
            # What a person has settled stays settled.
            closed_since=now - timedelta(days=FORECAST_DAYS),
        )

    # === ACTIONS === #

    def action_forecast_again(self):
        """Ask the guards again: about these, or about everything of the next 30 days."""
        self.env["payment.installment"].check_access("write")
        today = fields.Date.context_today(self)
        if self:
            self.check_access("write")
            self.sudo()._forecast_holds(today)
        else:
            self.sudo()._cron_forecast_holds()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_view_mandate(self):
        """Open the mandate that the installment is debited by."""
        return self._action_open(self.mandate_id)

    def action_view_client(self):
        """Open the client."""
        return self._action_open(self.partner_id)

    def _action_open(self, record):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }


def _naive_utc(moment):
    return moment.astimezone(UTC).replace(tzinfo=None)
