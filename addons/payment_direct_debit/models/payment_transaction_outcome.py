import logging
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.payment_direct_debit import debit_states, seam
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.pure import money

_logger = logging.getLogger(__name__)

# How many overdue debits are read again between two commits.
POLL_CHUNK = 200


class PaymentTransaction(models.Model):
    """What a provider says about debits, and what follows from it."""

    _inherit = "payment.transaction"

    def _debit_apply(self, answers, on=None, forced=False):
        """Apply the provider's answers to the debits of this recordset.

        Debits on the same way are moved together; one that can not be moved stops no other.

        :param dict answers: {transaction id: `seam.DebitSnapshot` or exception}.
        :param date on: the engine's date; today by default.
        :param bool forced: a person has decided that the provider is right.
        :return: the debits that could not be moved, with the reason: {transaction id: text}.
        """
        on = on or fields.Date.context_today(self)
        ways, stuck = {}, {}
        for debit in self:
            answer = answers[debit.id]
            if isinstance(answer, Exception):
                debit._debit_answer_error(answer, on)
            elif debit._debit_answer_is_ours(answer):
                way = debit_states.path(debit.debit_status or "", answer.status, forced)
                ways.setdefault(way, self.browse())
                ways[way] += debit
        for way, debits in ways.items():
            if way is None:
                debits._debit_alert_contradictions(answers)
            else:
                in_savepoints(
                    debits,
                    lambda batch, way=way: batch._debit_walk(way, answers, on),
                    lambda debit, error: stuck.update(
                        {debit.id: debit._debit_alert_not_applied(error)}
                    ),
                )
        return stuck

    def _debit_walk(self, way, answers, on):
        for debit in self:
            debit._state_write(debit._debit_snapshot_values(answers[debit.id], way, on))
        for status in way:
            self._debit_move(status, answers, on)
        dates = {}
        for debit in self:
            if date := debit.debit_expected_date or debit.debit_requested_date:
                dates[debit.mandate_id.id] = max(date, dates.get(debit.mandate_id.id, date))
        self.mandate_id.filtered(lambda mandate: mandate.id in dates)._touch_debit_dates(dates)

    def _debit_snapshot_values(self, snapshot, way, on):
        values = {
            "provider_reference": snapshot.ref,
            "debit_raw_status": snapshot.raw_status,
            "debit_will_retry": snapshot.will_retry,
        }
        if snapshot.charge_date:
            values["debit_expected_date"] = snapshot.charge_date
        if "collected" in way:
            values["debit_settled_date"] = snapshot.charge_date or self.debit_expected_date or on
        if snapshot.reason_code or snapshot.cause:
            reason = self.env["payment.reason.code"]._from_code(snapshot.reason_code or "UNKNOWN")
            values["debit_reason_id"] = reason.id
            values["debit_reason_raw"] = " ".join(
                filter(None, (snapshot.reason_code, snapshot.cause))
            )
        elif way and self.debit_reason_raw:  # what went wrong before is in the history
            values.update(debit_reason_id=False, debit_reason_raw=False)
        known = self._convert_to_write({name: self[name] for name in values})
        return {name: value for name, value in values.items() if known[name] != value}

    def _debit_move(self, status, answers, on):
        """Move all debits one step, with everything that belongs to the step."""
        for reason, debits in self.grouped(lambda debit: debit.debit_reason_raw or "").items():
            shown = reason if status in ("failed", "returned") else ""
            debits._set_state(status, shown, on)
        engine = self._state_writer()
        if status == "submitted":
            engine._set_pending(extra_allowed_states=("error", "done", "cancel"))
        elif status == "collected":
            engine._set_done()
            self._debit_book_collection()
        elif status == "failed":
            for message, debits in engine.grouped(lambda d: d._debit_reason_text()).items():
                debits._set_error(message)
            self._debit_record_returns("reject", answers, on)
        elif status == "cancelled":
            engine._set_canceled()
        elif status == "returned":
            self._debit_record_returns("return", answers, on)._book()
        self._debit_after(status, on)

    def _debit_after(self, status, on):
        """Hook: the debits have just moved to `status`, all effects of this addon done.

        May be called for many debits at once; what it raises undoes the move.

        :param str status: the new `debit_status`.
        :param date on: the engine's date.
        """

    def _debit_reason_text(self):
        self.ensure_one()
        return self.debit_reason_id.label or self.debit_reason_raw or self.env._("Refused")

    def _debit_fail(self, reason, on, code=""):
        """End a debit that never reached the bank."""
        self.ensure_one()
        snapshot = seam.DebitSnapshot(
            ref="", status=seam.FAILED, raw_status="", amount_cents=0, currency=""
        )
        self._state_write(
            {
                "debit_reason_id": self.env["payment.reason.code"]._from_code(code or "UNKNOWN").id,
                "debit_reason_raw": " ".join(filter(None, (code, reason)))[:300],
            }
        )
        self._debit_move("failed", {self.id: snapshot}, on)

    # === WHAT A PERSON MUST SEE === #

    def _debit_answer_is_ours(self, snapshot):
        """Check amount, currency and status before anything is believed (rules 6 and 10.1)."""
        self.ensure_one()
        cents = money.to_cents(self.amount, self.currency_id.decimal_places)
        if snapshot.amount_cents != cents or snapshot.currency != self.currency_id.name:
            self._debit_alert(
                "amount_mismatch",
                self.env._(
                    "%(provider)s says %(theirs)s cents %(currency)s for debit %(reference)s of"
                    " %(ours)s cents. Nothing was changed: compare both before you go on.",
                    provider=self.provider_id.name,
                    theirs=snapshot.amount_cents,
                    currency=snapshot.currency,
                    reference=self.reference,
                    ours=cents,
                ),
            )
            if self.debit_status == "submitting":
                self._debit_mark_unknown(self.env._("Another amount at the provider"), None)
            return False
        if snapshot.status == seam.UNMAPPED:
            self._state_write({"debit_raw_status": snapshot.raw_status})
            if self.debit_status == "submitting":
                self._debit_mark_unknown(snapshot.raw_status, None)
            self._debit_alert(
                "unknown_status",
                self.env._(
                    "%(provider)s gave debit %(reference)s the status “%(status)s”, which is not"
                    " known here; nothing was changed.",
                    provider=self.provider_id.name,
                    reference=self.reference,
                    status=snapshot.raw_status,
                ),
            )
            return False
        return True

    def _debit_alert_contradictions(self, answers):
        for debit in self:
            debit._debit_alert(
                "drift",
                self.env._(
                    "Debit %(reference)s is “%(ours)s” here and “%(theirs)s” at %(provider)s.",
                    reference=debit.reference,
                    ours=debit.debit_status,
                    theirs=answers[debit.id].raw_status,
                    provider=debit.provider_id.name,
                ),
            )

    def _debit_alert_not_applied(self, error):
        """Tell a person, and return the reason as text."""
        self._debit_alert(
            "not_applied",
            self.env._(
                "What %(provider)s says about debit %(reference)s could not be applied: %(error)s",
                provider=self.provider_id.name,
                reference=self.reference,
                error=error,
            ),
        )
        return str(error) or type(error).__name__

    def _debit_alert(self, kind, message):
        self.ensure_one()
        self.env["payment.alert"]._raise_alert(kind, self, message, severity="high")

    # === RE-READING === #

    @api.private
    def _debit_refresh(self, on=None, forced=False):
        """Re-read the debits at their providers and apply what they say.

        :param date on: the engine's date; today by default.
        :param bool forced: see `_debit_apply`.
        :return: the debits that could not be read or moved, with the reason:
            {transaction id: text}.
        """
        unread = {}
        for provider, debits in self.filtered("provider_reference").grouped("provider_id").items():
            client = provider._debit_client_or_pause()
            if client is None:
                unread.update(dict.fromkeys(debits.ids, provider.debit_paused_reason))
                continue
            calls = [partial(client.fetch, debit.provider_reference) for debit in debits]
            answers = dict(zip(debits.ids, provider._debit_run(calls), strict=True))
            failed = debits.filtered(lambda d, a=answers: isinstance(a[d.id], Exception))
            unread.update({debit.id: str(answers[debit.id]) for debit in failed})
            unread.update((debits - failed)._debit_apply(answers, on, forced))
        return unread

    def action_debit_refresh(self):
        """Ask the provider again; for the button."""
        self.check_access("read")
        self.sudo()._debit_refresh()
        return True

    def action_debit_cancel(self):
        """Cancel debits that have not left, or that the provider can still stop."""
        self.check_access("write")
        for debit in self.sudo():
            if debit.debit_status == "draft":
                debit._set_state("cancelled", self.env._("Cancelled before it left"))
                debit._state_writer()._set_canceled()
                debit._debit_after("cancelled", fields.Date.context_today(self))
                continue
            if debit.debit_status != "submitted":
                raise UserError(debit._state_refusal("cancelled"))
            try:
                answer = debit.provider_id._debit_client().cancel(debit.provider_reference)
            except DebitError as error:
                raise error.as_user_error(self.env, debit) from error
            debit._debit_apply({debit.id: answer})
        return True

    @api.model
    def _cron_poll_debits(self, today=None):
        """Re-read debits that should have been heard of by now; daily.

        Some providers notify failures only: that the money came is learnt here.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        silent = self.search(
            [("debit_status", "=", "submitted"), ("debit_expected_date", "<", today)],
            order="debit_expected_date, id",
        )
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        left = len(silent)
        for ids in split_every(POLL_CHUNK, silent.ids):
            self.browse(ids)._debit_refresh(today)
            left -= len(ids)
            # What was learnt stays learnt when the job is cut short.
            if in_cron and not self.env["ir.cron"]._commit_progress(len(ids), remaining=left):
                break
