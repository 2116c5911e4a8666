from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.payment_direct_debit.pure import target_calendar

# How many debits are compared between two commits.
CHUNK = 200
# What changed so lately is compared even when it seems to be over.
COMPARE_BACK = timedelta(days=60)
# So many TARGET days after its day a debit has settled or failed: a bank has five for its return
# (SDD Core rulebook), and the slowest providers document 14 working days until their last word.
LONG_SILENCE = 14
# An outcome may be unknown for a while; for longer, a person should know.
UNKNOWN_FOR = timedelta(hours=1)
# What a person has closed although it goes on is told again after so long; a last word that is
# late anyway, after a week.
TOLD_AGAIN_AFTER = timedelta(days=1)


class PaymentTransaction(models.Model):
    """Do we know what the provider knows?"""

    _inherit = "payment.transaction"

    debit_compared_on = fields.Date(
        string="Compared On",
        copy=False,
        readonly=True,
        help="When the nightly comparison last read this debit at its provider.",
    )

    @api.model
    def _debit_to_compare(self, today):
        """Return the domain of what the nightly comparison has not read today."""
        fresh = Domain("debit_compared_on", "=", False) | Domain("debit_compared_on", "<", today)
        of_interest = Domain("debit_status", "in", ("submitted", "unknown")) | Domain(
            "last_state_change", ">=", fields.Datetime.to_datetime(today) - COMPARE_BACK
        )
        return (
            Domain("provider_reference", "!=", False)
            & Domain("debit_status", "not in", (False, "draft", "submitting"))
            & Domain("provider_id.state", "in", ("enabled", "test"))
            & Domain("provider_id.debit_paused", "=", False)
            & fresh
            & of_interest
        )

    @api.model
    @api.private
    def _debit_compare(self, today, commit=None):
        """Read everything open and everything changed lately at the providers.

        What the provider knows better is taken over; what contradicts raises an alert (kind
        `drift`). What was learnt here although a notification should have told it is reported
        once for each provider (kind `missed_news`).

        :param date today: the engine's date.
        :param commit: function called with the number done after each chunk; it stops the
            comparison by returning a falsy value. The next call goes on from there.
        :return: the debits that were behind.
        """
        behind = self.browse()
        domain = self._debit_to_compare(today)
        while debits := self.search(domain, order="debit_compared_on, id", limit=CHUNK):
            # First, so that what can not be read is not read again and again.
            debits.debit_compared_on = today
            before = {debit.id: debit.debit_status for debit in debits}
            debits._debit_refresh(today)
            moved = debits.filtered(lambda d, b=before: d.debit_status != b[d.id])
            behind += moved._debit_never_notified()
            if commit and not commit(len(debits)):
                break
        behind._debit_report_missed_news()
        return behind

    def _debit_never_notified(self):
        """Return those of these debits that an event should have told about, and none waits.

        A provider that notifies failures only never tells that money came.
        """
        untold = self.filtered(
            lambda d: (
                d.debit_status == "collected" and not d.provider_id._debit_profile().tells_collected
            )
        )
        waiting = (
            self.env["payment.event"]
            .sudo()
            .search(
                [
                    ("ref", "in", self.mapped("provider_reference")),
                    ("state", "in", ("received", "failed")),
                ]
            )
        )
        told = {(event.provider_id, event.ref) for event in waiting}
        return (self - untold).filtered(lambda d: (d.provider_id, d.provider_reference) not in told)

    def _debit_report_missed_news(self):
        for provider, debits in self.grouped("provider_id").items():
            names = ", ".join(debits[:10].mapped("reference"))
            self.env["payment.alert"]._raise_alert(
                "missed_news",
                provider,
                self.env._(
                    "The nightly comparison found %(count)s debits whose news from %(provider)s"
                    " never came; they are up to date now: %(debits)s. Check the webhook.",
                    count=len(debits),
                    provider=provider.name,
                    debits=names if len(debits) <= 10 else f"{names}…",
                ),
            )

    @api.model
    @api.private
    def _debit_alert_long_unknown(self, now):
        """Tell a person about outcomes that have been unknown for more than an hour.

        :param datetime now: naive UTC.
        """
        unknown = self.search(
            [
                ("debit_status", "=", "unknown"),
                ("debit_sent_at", "<", now - UNKNOWN_FOR),
            ]
        )
        self.env["payment.alert"]._raise_missing(
            "unknown_long",
            {
                debit: self.env._(
                    "Nobody knows what became of debit %(reference)s at %(provider)s. It is looked"
                    " up again and again and never replaced; ask %(provider)s if this lasts.",
                    reference=debit.reference,
                    provider=debit.provider_id.name,
                )
                for debit in unknown
            },
            "high",
            closed_since=now - TOLD_AGAIN_AFTER,
        )
        told = self.env["payment.alert"]._open_about("unknown_long", self._name)
        known = self.browse(told.mapped("res_id")).exists() - unknown
        self.env["payment.alert"]._close_alerts("unknown_long", known)

    @api.model
    @api.private
    def _debit_alert_long_submitted(self, today):
        """Tell a person about debits that a provider has, and says nothing final about.

        :param date today: the engine's date.
        """
        last = target_calendar.add_target_days(today, -LONG_SILENCE)
        silent = self.search(
            [("debit_status", "=", "submitted"), ("debit_expected_date", "<", last)]
        )
        told = self.env["payment.alert"]._open_about("submitted_long", self._name)
        known = self.browse(told.mapped("res_id")).exists()
        self.env["payment.alert"]._raise_missing(
            "submitted_long",
            {
                debit: self.env._(
                    "%(provider)s should have collected debit %(reference)s on %(day)s and has not"
                    " said since what became of it. Ask %(provider)s; it is not replaced by"
                    " another debit as long as the money may still come.",
                    provider=debit.provider_id.name,
                    reference=debit.reference,
                    day=format_date(self.env, debit.debit_expected_date),
                )
                for debit in silent
            },
            "high",
            closed_since=fields.Datetime.to_datetime(today) - 7 * TOLD_AGAIN_AFTER,
        )
        self.env["payment.alert"]._close_alerts("submitted_long", known - silent)

    # === CRONS AND ACTIONS === #

    @api.model
    def _cron_compare(self, today=None):
        """Compare with the providers, every night; goes on where a former night stopped.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        commit = self.env["ir.cron"]._commit_progress
        self._debit_compare(today, commit=commit)

    @api.model
    def _cron_watch(self, now=None):
        """Look for what should have been heard of by now; hourly.

        :param datetime now: naive UTC; the clock's by default.
        """
        now = now or fields.Datetime.now()
        self._debit_alert_long_unknown(now)
        self._debit_alert_long_submitted(now.date())
        self.env["payment.provider"]._debit_watch_silence(now)
        self.env["payment.payout"]._alert_not_arrived(now.date())

    @api.private
    def _debit_resync(self, on=None):
        """Re-read the debits and believe what the providers say.

        :param date on: the engine's date; today by default.
        :raise UserError: naming what could not be read or moved; nothing is changed then.
        """
        # What still contradicts raises its alert anew.
        self.env["payment.alert"]._close_alerts("drift", self)
        if stuck := self._debit_refresh(on, forced=True):
            lines = [f"{debit.reference}: {stuck[debit.id]}" for debit in self if debit.id in stuck]
            raise UserError("\n".join(lines))

    def action_debit_resync(self):
        """Take the provider's word, also where it contradicts what is here.

        :raise UserError: when the two can not be brought together by a step that the books know.
        """
        self.check_access("write")
        self.sudo()._debit_resync()
        return True
