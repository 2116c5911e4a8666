from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from odoo.addons.payment_direct_debit import debit_states, seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.models.payment_transaction_sending import MAX_BACKOFF
from odoo.addons.payment_direct_debit.pure import money

# The number of the one sender's advisory lock, beside those of the debits' workers (1 and up).
REFUND_LOCK = -1
BATCH = 500
# How long a sent refund may be silent before it is re-read; notifications are quicker.
SILENCE = timedelta(days=1)
# A provider that forgets keys may also be slow to list what they made.
FIND_DELAY = timedelta(minutes=30)


class PaymentRefund(models.Model):
    """How a refund leaves, exactly once, and how an unknown outcome is found out.

    One sender at a time holds an advisory lock: what it finds in "being sent" was left behind by
    a process that died.
    """

    _inherit = "payment.refund"

    @api.model
    @api.private
    def _send_waiting(self, on=None, everything=False, domain=()):
        """Send what is queued and find out what is unknown; commits before and after each call.

        :param date on: the engine's date; today by default.
        :param bool everything: do not wait for each refund's next check.
        :param domain: restricts which refunds to look at.
        """
        on = on or fields.Date.context_today(self)
        with self.env["payment.transaction"]._debit_lock(REFUND_LOCK) as held:
            if not held:
                return  # the other one is at it
            self._find_orphans(on)
            due = [("state", "in", ("queued", "unknown", "submitted")), *domain]
            if not everything:
                due += ["|", ("next_check", "=", False)]
                due += [("next_check", "<=", fields.Datetime.now())]
            for refund in self.search(due, order="id", limit=BATCH):
                refund._send_one(on)
                self._commit()

    def _commit(self):
        """Commit: money rule 1, the row is on disk before and after the provider hears of it."""
        self.env["payment.transaction"]._debit_commit()

    def _find_orphans(self, on):
        self.search([("state", "=", "submitting")])._set_state(
            "unknown", self.env._("The sending process ended without an answer"), on
        )
        self._commit()

    def _send_one(self, on):
        self.ensure_one()
        if not self.try_lock_for_update():
            return  # somebody is cancelling it
        client = self.provider_id._debit_client_or_pause()
        if client is None or self.state not in ("queued", "unknown", "submitted"):
            return
        if self.state == "submitted":
            self._refresh(on)
        elif self.state == "unknown":
            self._resolve(client, on)
        elif self.provider_id._debit_ready() and not self._another_is_open():
            if problem := self._problem(on):
                self._set_state("failed", problem, on, {"error": problem[:300]})
                return
            sent_at = self.sent_at or fields.Datetime.now()
            values = {"sent_at": sent_at, "tries": self.tries + 1}
            self._set_state("submitting", on=on, values=values)
            self._commit()
            self._apply_answer(self._call(client.refund), on)

    def _another_is_open(self):
        """Tell whether another refund of the debit has an open outcome: until that is known,
        nobody can say how much was refunded before this one."""
        siblings = self.transaction_id.debit_refund_ids - self
        return any(refund.state in ("submitting", "unknown") for refund in siblings)

    def _resolve(self, client, on):
        answer = self._call(client.refund_find)
        if isinstance(answer, DebitRefused):  # of the question, not of the refund
            self._mark_unknown(str(answer), on)
            return
        if answer is None and self.transaction_id.debit_status not in debit_states.MONEY_IN:
            self._give_up(on)
            return
        if answer is None and self._may_be_sent_again():
            self._state_write({"tries": self.tries + 1})
            self._state_note(self.env._("Not found at the provider: sent again, same key"), on)
            self._commit()
            answer = self._call(client.refund)
        if answer is None:
            self._mark_unknown(self.env._("Not found at the provider (yet)"), on)
        else:
            self._apply_answer(answer, on)

    def _give_up(self, on):
        """The debit came back meanwhile: a refund that never arrived must not be sent again."""
        problem = self.env._("The debit came back before the refund was made")
        if self.sent_at < fields.Datetime.now() - FIND_DELAY:
            self._set_state("failed", problem, on, {"error": problem})
        else:
            self._mark_unknown(problem, on)

    def _may_be_sent_again(self):
        if not self.provider_id._debit_ready():
            return False  # a paused provider is asked, but sent nothing
        if self.provider_id._debit_profile().resend_is_safe:
            return True
        return self.sent_at < fields.Datetime.now() - FIND_DELAY

    def _call(self, method):
        """Call the provider once; gives the snapshot, None or the exception."""
        (answer,) = self.provider_id._debit_run([partial(method, self._order_to_send())])
        return answer

    def _order_to_send(self):
        digits = self.currency_id.decimal_places
        before = (self.transaction_id.debit_refund_ids - self).filtered(
            lambda refund: refund.state in ("submitted", "done")
        )
        return seam.RefundOrder(
            reference=self.reference,
            idempotency_key=self.sudo().refund_key,
            debit_ref=self.transaction_id.provider_reference,
            amount_cents=money.to_cents(self.amount, digits),
            refunded_cents=sum(money.to_cents(refund.amount, digits) for refund in before),
            currency=self.currency_id.name,
            metadata={"odoo_ref": self.reference},
            sent_at=self.sent_at,
        )

    # === WHAT BECAME OF IT === #

    def _apply_answer(self, answer, on):
        """Sort what a call brought: a snapshot, or an error by what to do next."""
        if isinstance(answer, DebitRefused):
            text = " ".join(filter(None, (answer.code, str(answer))))
            self._set_state("failed", text, on, {"error": text[:300]})
        elif isinstance(answer, DebitRetryable):
            self._put_back(str(answer), on, answer.after)
        elif isinstance(answer, ProviderMisconfigured):
            self._put_back(str(answer), on, 0)
            self.provider_id._debit_pause(str(answer))
        elif isinstance(answer, Exception):  # money may have moved (money rule 2)
            self._mark_unknown(str(answer) or type(answer).__name__, on)
        else:
            self._apply_snapshot(answer, on)

    def _put_back(self, reason, on, after):
        """Back to the queue; one that is unknown stays so: an earlier call may have arrived."""
        if self.state == "submitting":
            moment = fields.Datetime.now() + timedelta(seconds=after)
            self._set_state("queued", reason, on, {"next_check": moment})
        else:
            self._mark_unknown(reason, on)

    def _mark_unknown(self, reason, on):
        wait = min(timedelta(minutes=2 ** min(self.tries, 10)), MAX_BACKOFF)
        values = {"next_check": fields.Datetime.now() + wait}
        if self.state == "unknown":
            self._state_write(values)
            self._state_note(reason, on)
        else:
            self._set_state("unknown", reason, on, values)

    @api.private
    def _refresh(self, on=None):
        """Re-read the refunds at their providers and apply what they say.

        :param date on: the engine's date; today by default.
        :return: those that could not be read, with the reason: {refund id: text}.
        """
        on = on or fields.Date.context_today(self)
        unread = {}
        for provider, refunds in self.filtered("provider_ref").grouped("provider_id").items():
            client = provider._debit_client_or_pause()
            if client is None:
                unread.update(dict.fromkeys(refunds.ids, provider.debit_paused_reason))
                continue
            calls = [partial(client.refund_fetch, refund.provider_ref) for refund in refunds]
            for refund, answer in zip(refunds, provider._debit_run(calls), strict=True):
                if isinstance(answer, Exception):
                    unread[refund.id] = str(answer) or type(answer).__name__
                else:
                    refund._apply_snapshot(answer, on)
        return unread

    # === CRON === #

    @api.model
    def _cron_send_refunds(self):
        """Send what is queued, find out what is unknown, re-read what is silent."""
        self._send_waiting()
