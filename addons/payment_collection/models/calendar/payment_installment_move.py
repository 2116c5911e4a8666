from dataclasses import dataclass, replace
from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_date

from odoo.addons.payment_collection.models.installment.payment_installment_guards import (
    PARIS,
)
from odoo.addons.payment_collection.pure import debit_moves

MOVABLE = ("planned", "notified", "invoiced", "held")


@dataclass(frozen=True)
class MoveEffect:
    """What moving an installment to a day would do, in words for a person.

    :param refusal: why it is not allowed and what to do; empty where it is.
    :param timing: pure.debit_moves.Timing.
    :param cutoff: local time of the last submission day.
    :param notice: what becomes of telling the client.
    :param invoice: what becomes of the invoice.
    :param warnings: what a person should know; it is allowed all the same.
    """

    refusal: str = ""
    timing: debit_moves.Timing | None = None
    cutoff: time | None = None
    notice: str = ""
    invoice: str = ""
    warnings: tuple[str, ...] = ()


class PaymentInstallment(models.Model):
    """Moving a debit that has not left to another day, with its consequences known before.

    The due date moves, and everything follows it as it follows any other: notice, run, forecast.
    `moved_from` keeps the day of the schedule, so that nobody plans it back.
    """

    _inherit = "payment.installment"

    moved_from = fields.Date(
        string="Day in the Schedule",
        copy=False,
        readonly=True,
        help="The due date before a person moved the debit to another day.",
    )

    @property
    def _state_guarded(self):
        return super()._state_guarded | {"moved_from"}

    # === WHAT IT WOULD DO === #

    def _move_effects(self, day, now=None):
        """Return {installment id: MoveEffect} of moving these to a day; changes nothing.

        :param date day: the new due date.
        :param datetime now: aware moment of the engine; the clock's by default.
        """
        now = now or self._move_now()
        runs = {company: self._move_runs(company, now.date()) for company in self.company_id}
        effects, channels = {}, {}
        for row in self:
            refusal = row._move_state_refusal() or row._move_day_refusal(day, now)
            run_lead_days, run_is_over = runs[row.company_id]
            channels[row.id] = channel = row._move_channel(run_lead_days)
            timing = debit_moves.timing(day, now, channel, run_is_over)
            if not refusal and timing.problem:
                refusal = row._move_timing_refusal(timing, channel)
            effects[row.id] = MoveEffect(refusal=refusal, timing=timing, cutoff=channel.cutoff)
        free = self.filtered(lambda row: not effects[row.id].refusal)
        timings = {row.id: effects[row.id].timing for row in free}
        warnings = free._move_warnings(day, timings, channels)
        for row in free:
            effects[row.id] = replace(
                effects[row.id],
                notice=row._move_notice_text(timings[row.id], channels[row.id]),
                invoice=row._move_invoice_text(timings[row.id]),
                warnings=tuple(warnings[row.id]),
            )
        return effects

    def _move_now(self):
        return datetime.now(PARIS)

    def _move_runs(self, company, today):
        """Return (lead days, is over): how far a company's runs reach, and if today's has been.

        A run takes for all providers, by the longest of their lead times.
        """
        providers = self.env["payment.provider"].sudo()
        found = providers.search(
            [("company_id", "=", company.id), ("state", "in", ("enabled", "test"))]
        )
        profiles = [provider._debit_profile() for provider in found]
        over = self.env["payment.run"].search_count(
            [
                ("company_id", "=", company.id),
                ("date", "=", today),
                ("state", "in", ("done", "done_with_errors", "stopped")),
            ],
            limit=1,
        )
        return max((profile.lead_days for profile in profiles if profile), default=0), bool(over)

    def _move_channel(self, run_lead_days):
        """Return what the way of this debit asks for, as `pure.debit_moves.Channel`."""
        self.ensure_one()
        profile = self._collecting_provider()._debit_profile()
        return debit_moves.Channel(
            lead_days=profile.lead_days if profile else 0,
            cutoff=profile.cutoff if profile else time(12),
            notice_days=self._notice_days() if self._needs_notice() else 0,
            run_lead_days=run_lead_days,
        )

    # === WHAT IS NOT ALLOWED === #

    def _move_state_refusal(self):
        """Return why an installment in this state stays on its day; empty where it may move."""
        self.ensure_one()
        closed = {
            "paid": self.env._("It is paid: there is nothing left to debit."),
            "cancelled": self.env._("It is cancelled: nothing is going to be debited."),
            "written_off": self.env._("It is written off: nothing is going to be debited."),
            "disputed": self.env._(
                "The client disputes it: settle the dispute before anything is debited again."
            ),
            "in_recovery": self.env._(
                "It was handed over to recovery: nothing is debited any more."
            ),
        }
        if self.state in closed:
            return closed[self.state]
        if self.collection_mode == "one_off":
            return self.env._("The client pays it by himself: there is no debit to move.")
        live = self._live_debits()
        if self.state == "in_collection" or live:
            return self.env._(
                "Its debit of %(day)s is under way. Cancel that debit if it can still be"
                " cancelled, or wait for what becomes of it.",
                day=format_date(self.env, live[:1].debit_requested_date or self.due_date),
            )
        tried = self.sudo().transaction_ids.filtered(lambda d: d.debit_status != "cancelled")
        if self.state == "unpaid" or tried:
            return self.env._(
                "It was presented and came back: its dunning decides when it is presented again."
                " Use “Collect again”, or change the dunning."
            )
        return ""

    def _move_day_refusal(self, day, now):
        if day == self.due_date:
            return self.env._("It is due on that day already: choose another one.")
        if day < now.date():
            return self.env._(
                "%(day)s is in the past: choose a day from now on.",
                day=format_date(self.env, day),
            )
        return ""

    def _move_timing_refusal(self, timing, channel):
        names = {
            "day": format_date(self.env, timing.presented),
            "first": format_date(self.env, timing.first_possible),
        }
        if timing.problem == debit_moves.TOO_SOON:
            return self.env._(
                "%(provider)s wants a debit %(lead)s working days before, until %(cutoff)s: it can"
                " not be presented on %(day)s any more. The first day possible is %(first)s.",
                provider=self._collecting_provider().name,
                lead=channel.lead_days,
                cutoff=channel.cutoff.strftime("%H:%M"),
                **names,
            )
        return self.env._(
            "The client must be told %(days)s days before the debit: too late for %(day)s. The"
            " first day possible is %(first)s.",
            days=channel.notice_days,
            **names,
        )

    # === DOING IT === #

    def _move_to(self, day, reason="", now=None):
        """Move these to another day; all or nothing.

        :param date day: the new due date.
        :param str reason: why, for the history.
        :param datetime now: aware moment of the engine; the clock's by default.
        :raise UserError: one of them may not move, or a run is taking it at this moment.
        """
        self.check_access("write")
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._(
                    "A collection run, or somebody else, is at work on these installments at this"
                    " moment. Try again in a minute."
                )
            ) from error
        self.invalidate_recordset()
        now = now or self._move_now()
        effects = self._move_effects(day, now)
        refused = self.filtered(lambda i: effects[i.id].refusal)
        if refused:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(installment)s can not be moved to %(day)s. %(why)s",
                        installment=row.display_name,
                        day=format_date(self.env, day),
                        why=effects[row.id].refusal,
                    )
                    for row in refused
                )
            )
        self._move_write(day, reason, now.date())
        if any(effects[i.id].timing.announce_by for i in self):
            self.env.ref("payment_collection.ir_cron_notices").sudo()._trigger()

    def _move_write(self, day, reason, on):
        for due, share in self.grouped("due_date").items():
            text = self.env._(
                "Moved from %(before)s to %(after)s",
                before=format_date(self.env, due),
                after=format_date(self.env, day),
            )
            share._state_note(": ".join(filter(None, (text, reason))), on)
            for scheduled, rows in share.grouped(lambda i: i.moved_from or i.due_date).items():
                rows._state_write({"due_date": day, "moved_from": scheduled != day and scheduled})
