from datetime import date

from odoo import models
from odoo.tools import format_date

from odoo.addons.payment_collection.models.calendar.payment_installment_move import MOVABLE
from odoo.addons.payment_collection.models.installment.payment_installment_guards import GUARDS
from odoo.addons.payment_collection.pure import debit_calendar, debit_moves


class PaymentInstallment(models.Model):
    """What follows from moving a debit, in words for a person."""

    _inherit = "payment.installment"

    def _move_notice_text(self, timing, channel):
        """Say what becomes of the notice: any other day is another announcement."""
        if not channel.notice_days:
            profile = self._collecting_provider()._debit_profile()
            if profile and profile.prenotifies:
                return self.env._("The provider tells the client by itself.")
            return self.env._("The client is not told before a debit (setting of the company).")
        by = format_date(self.env, timing.announce_by)
        if self.announced_date:
            text = self.env._(
                "The client was told %(announced)s: this does not hold any more. He is told the"
                " new day by %(by)s.",
                announced=format_date(self.env, self.announced_date),
                by=by,
            )
        else:
            text = self.env._("The client was not told yet; he is by %(by)s.", by=by)
        return " ".join(filter(None, (text, self._move_notice_help())))

    def _move_notice_help(self):
        """Say what the new notice needs from a person, if anything."""
        mandate = self.sudo().mandate_id
        if not mandate._notice_email():
            return self.env._("He has no e-mail address: add one, or write him a letter.")
        if mandate._has_failed_notice():
            return self.env._("His last notice came back: correct his address.")
        if self.sudo().company_id.notice_sending != "automatic":
            return self.env._("Somebody has to send the draft.")
        return ""

    def _move_invoice_text(self, timing):
        if self.invoice_id:
            return self.env._(
                "Invoice %(invoice)s was made already: it keeps its date and its due date.",
                invoice=self.invoice_id.name,
            )
        return self.env._(
            "It is made and dated on %(day)s, by the run; the period billed stays the same.",
            day=format_date(self.env, timing.run_day),
        )

    def _move_warnings(self, day, timings, channels):
        """Return {installment id: texts that a person should know before}.

        :param date day: the new due date.
        :param dict timings: {installment id: pure.debit_moves.Timing}.
        :param dict channels: {installment id: pure.debit_moves.Channel}.
        """
        holds = self._move_hold_warnings(timings)
        crowded = self._move_same_day_warnings(timings)
        return {
            row.id: list(
                filter(
                    None,
                    (
                        *row._origin_move_warnings(day),
                        row._move_month_warning(timings[row.id], channels[row.id].run_lead_days),
                        holds.get(row.id),
                        crowded.get(row.id),
                    ),
                )
            )
            for row in self
        }

    def _origin_move_warnings(self, day):
        """Hook: return what the move means for what the debt comes from, as texts.

        :param date day: the new due date.
        """
        return []

    def _move_month_warning(self, timing, run_lead_days):
        """The month of the invoice is the month of its VAT and of the turnover."""
        if self.invoice_id:
            return ""
        before = debit_moves.run_day(self.due_date, run_lead_days, date.min)
        if (before.year, before.month) == (timing.run_day.year, timing.run_day.month):
            return ""
        return self.env._(
            "The invoice, its VAT and the turnover move from %(before)s to %(after)s.",
            before=format_date(self.env, before, date_format="MMMM y"),
            after=format_date(self.env, timing.run_day, date_format="MMMM y"),
        )

    def _move_hold_warnings(self, timings):
        """Ask the guards, but for the notice: the one that was sent falls with the move."""
        labels = dict(self._fields["hold_reason"]._description_selection(self.env))
        texts = {
            row.id: self.env._(
                "It is held (%(reason)s), and stays so on its new day until that is mended.",
                reason=labels[row.hold_reason],
            )
            for row in self
            if row.state == "held"
        }
        guards = [guard for guard in GUARDS if guard.method != "_guard_notice"]
        free = self.filtered(lambda row: row.state != "held")
        for run_day, share in free.grouped(lambda row: timings[row.id].run_day).items():
            dates = {row.id: timings[row.id].presented for row in share}
            reasons = share._hold_reasons(run_day, dates, forecast=True, guards=guards)
            for id_, (key, detail) in ((i, found) for i, found in reasons.items() if found):
                texts[id_] = self.env._(
                    "It would be held on that day: %(reason)s.",
                    reason=" ".join(filter(None, (labels[key], detail))),
                )
        return texts

    def _move_same_day_warnings(self, timings):
        """Tell whose account is debited twice on one day."""
        texts = {}
        for presented, share in self.grouped(lambda row: timings[row.id].presented).items():
            since, until = debit_calendar.wanted_between(presented, presented, None)
            others = self.sudo()._read_group(
                [
                    ("id", "not in", share.ids),
                    ("mandate_id", "in", share.sudo().mandate_id.ids),
                    ("state", "in", MOVABLE),
                    ("due_date", ">=", since),
                    ("due_date", "<=", until),
                ],
                ["mandate_id"],
            )
            twice = share.filtered(lambda row, m=others: (row.sudo().mandate_id,) in m)
            text = self.env._(
                "Another debit of this client is presented on %(day)s.",
                day=format_date(self.env, presented),
            )
            texts.update(dict.fromkeys(twice.ids, text))
        return texts
