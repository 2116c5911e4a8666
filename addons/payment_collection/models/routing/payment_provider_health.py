from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.payment_collection.pure import breaker
from odoo.addons.payment_collection.pure.breaker import Breaker

# The provider gave no usable answer: nobody knows, it was busy, or its door did not open.
UNANSWERED = ("unknown", "draft")


class PaymentProvider(models.Model):
    """The circuit breaker: a provider that does not answer is left alone for a while.

    It works beside the pause: what a person or a wrong set-up has paused stays paused until a
    person resumes it.
    """

    _inherit = "payment.provider"

    debit_health = fields.Selection(
        [("up", "Up"), ("doubtful", "In doubt"), ("down", "Down"), ("probing", "Being tried")],
        string="Health",
        compute="_compute_debit_health",
    )
    debit_failures = fields.Integer(string="Unanswered in a Row", copy=False, readonly=True)
    debit_down_since = fields.Datetime(string="Down Since", copy=False, readonly=True)
    debit_down_reason = fields.Char(string="What It Said", copy=False, readonly=True)
    debit_probe_at = fields.Datetime(string="To Be Tried Again", copy=False, readonly=True)
    debit_probe_pause = fields.Integer(copy=False, readonly=True, help="In seconds.")
    debit_breaker_threshold = fields.Integer(
        string="Down After",
        default=5,
        help="How many debits in a row without an answer it takes to stop sending.",
    )
    debit_breaker_pause = fields.Integer(
        string="Tried Again After (minutes)",
        default=15,
        help="Doubles with each try that fails, up to four hours.",
    )

    _debit_breaker_positive = models.Constraint(
        "CHECK(debit_breaker_threshold > 0 AND debit_breaker_pause > 0)",
        "It takes one debit and one minute at least.",
    )

    @api.depends("debit_failures", "debit_down_since", "debit_probe_at")
    def _compute_debit_health(self):
        now = fields.Datetime.now()
        names = {breaker.OPEN: "down", breaker.HALF_OPEN: "probing"}
        for provider in self:
            calm = "doubtful" if provider.debit_failures else "up"
            provider.debit_health = names.get(provider._breaker().state(now), calm)

    def _breaker(self):
        self.ensure_one()
        return Breaker(
            failures=self.debit_failures,
            opened_at=self.debit_down_since or None,
            retry_at=self.debit_probe_at or None,
            pause=timedelta(seconds=self.debit_probe_pause),
        )

    def _breaker_settings(self):
        self.ensure_one()
        return breaker.Settings(
            threshold=self.debit_breaker_threshold,
            pause=timedelta(minutes=self.debit_breaker_pause),
        )

    # === WHAT THE ENGINE ASKS === #

    def _debit_ready(self):
        now = fields.Datetime.now()
        return super()._debit_ready() and self._breaker().state(now) != breaker.OPEN

    def _debit_allowance(self, wanted):
        allowed = breaker.allowance(
            self._breaker(), wanted, fields.Datetime.now(), self._breaker_settings()
        )
        return min(max(allowed, 1), super()._debit_allowance(wanted))

    # === WHAT THE ENGINE TELLS === #

    def _health_note(self, debits, was_sent):
        """Learn from what became of the debits that were just sent, in their order.

        Called at the beginning of a transaction, so that the lock is taken on a fresh row; where
        another process is at it, its word is enough.

        :param debits: payment.transaction records.
        :param was_sent: function of a debit: whether it was sent in this batch.
        """
        self.ensure_one()
        if not self.sudo().try_lock_for_update(allow_referencing=True):
            return
        provider = self.sudo()
        provider.invalidate_recordset()
        sent = debits.sudo().filtered(was_sent).sorted("id")
        before, settings, now = (
            provider._breaker(),
            provider._breaker_settings(),
            fields.Datetime.now(),
        )
        after = before
        for debit in sent:
            answered = debit.debit_status not in UNANSWERED
            after = breaker.after(after, answered, now, settings)
        if after != before:
            provider._breaker_write(before, after, sent)

    def _breaker_write(self, before, after, sent):
        self.write(
            {
                "debit_failures": after.failures,
                "debit_down_since": after.opened_at,
                "debit_probe_at": after.retry_at,
                "debit_probe_pause": int(after.pause.total_seconds()),
            }
        )
        if after.opened_at:
            self._breaker_opened(after, sent)
        elif before.opened_at:
            self._breaker_closed()

    def _breaker_opened(self, after, sent):
        """Tell a person, and come back when it is time to try again."""
        last = self._health_last_reason(sent)
        self.debit_down_reason = last
        self.env["payment.alert"]._raise_alert(
            "provider_down",
            self,
            self.env._(
                "%(provider)s left %(count)s debits in a row without an answer (%(last)s)."
                " Nothing leaves by it until %(when)s UTC, when one debit tries again. What was"
                " sent is being looked up; the rest goes to other providers that know the mandate,"
                " or is held.",
                provider=self.name,
                count=after.failures,
                last=last,
                when=after.retry_at,
            ),
            severity="high",
        )
        self.env.ref("payment_collection.ir_cron_run")._trigger(at=after.retry_at)

    def _breaker_closed(self):
        self.debit_down_reason = False
        self.env["payment.alert"]._close_alerts("provider_down", self)
        self.env.ref("payment_collection.ir_cron_run")._trigger()

    def _health_last_reason(self, sent):
        """Return what the last unanswered debit says."""
        silent = sent.filtered(lambda debit: debit.debit_status in UNANSWERED)
        note = (
            self.env["payment.history"]
            .sudo()
            .search(
                [("res_model", "=", "payment.transaction"), ("res_id", "in", silent[-1:].ids)],
                order="id desc",
                limit=1,
            )
        )
        return note.reason or self.env._("no answer")

    # === BY HAND === #

    def action_debit_pause(self):
        """Stop debits from leaving by these providers until a person resumes them."""
        self.check_access("write")
        self._debit_pause(self.env._("Paused by %(user)s.", user=self.env.user.name))

    def action_debit_resume(self):
        """Also close the breaker: a person says that the provider is back."""
        result = super().action_debit_resume()
        for provider in self.filtered("debit_failures"):
            nothing_sent = provider.env["payment.transaction"]
            provider._breaker_write(provider._breaker(), Breaker(), nothing_sent)
        self.env.ref("payment_collection.ir_cron_run").sudo()._trigger()
        return result
