from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.payment_collection.models.installment.payment_installment import COLLECTABLE
from odoo.addons.payment_collection.models.installment.payment_installment_guards import GUARDS
from odoo.addons.payment_collection.models.notices.payment_installment_notices import NOTICE_HOLDS
from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.pure import target_calendar

# A notice leaves so long before its last moment; there is time to mend an address.
AHEAD_DAYS = 14
# How much of a schedule one notice announces.
HORIZON = relativedelta(months=12)
CHUNK = 200
UNSENT = ("draft", "ready")


class PaymentNotice(models.Model):
    """Which debits have to be announced now, and the drafts that do it."""

    _inherit = "payment.notice"

    @api.model
    def _cron_notices(self, today=None):
        """Make the notices that are due and send those that may leave; daily and triggered.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        self.sudo().search([("state", "=", "sending")])._settle_mails(today)
        companies = self.env["res.company"].search([("prenotification_required", "=", True)])
        for company in companies:
            makers = self.sudo().with_company(company)
            mandates = makers._mandates_to_tell(company, today)
            for ids in split_every(CHUNK, mandates.ids):
                in_savepoints(
                    mandates.browse(ids),
                    lambda batch, company=company: batch._announce(company, today),
                    lambda mandate, error: mandate._state_note(
                        self.env._("Not announced: %(error)s", error=str(error)[:300]), today
                    ),
                )
                self._commit_in_cron(len(ids))
        self.sudo().search([("state", "=", "ready")])._send(today)

    def _commit_in_cron(self, processed):
        if self.env.context.get("ir_cron_progress_id"):
            # What is made and sent is kept when the job is cut short; it goes on from there.
            self.env["ir.cron"]._commit_progress(processed)

    @api.model
    def _to_announce_domain(self, company):
        """Return the domain of what is not announced and is to be debited."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("collection_mode", "=", "automatic")
            & Domain("mandate_id", "!=", False)
            & (
                Domain("state", "in", COLLECTABLE)
                | (Domain("state", "=", "unpaid") & Domain("retry_on", "!=", False))
                | (Domain("state", "=", "held") & Domain("hold_reason", "!=", "manual"))
            )
            & (
                Domain("notice_line_id", "=", False)
                | (Domain("state", "=", "held") & Domain("hold_reason", "in", NOTICE_HOLDS))
            )
        )

    @api.model
    def _mandates_to_tell(self, company, today):
        """Return the mandates with a debit whose notice should leave now, and unsent notices."""
        until = fields.Date.add(today, days=notices.MAX_NOTICE_DAYS + AHEAD_DAYS)
        soon = self.env["payment.installment"].search(
            self._to_announce_domain(company) & Domain("due_date", "<=", until)
        )
        urgent = soon.filtered(
            lambda i: (
                notices.is_urgent(i._day_to_debit(), today, i._notice_days(), AHEAD_DAYS)
                and self._is_ours_to_tell(i)
            )
        )
        unsent = self.search([("company_id", "=", company.id), ("state", "in", UNSENT)])
        return (urgent.mandate_id | unsent.mandate_id).filtered(
            lambda mandate: not mandate._has_failed_notice()
        )

    def _make_drafts(self, mandates, today):
        """Bring the unsent notices of mandates up to date; made where missing and needed.

        :param mandates: payment.mandate records of one company.
        :param date today: the engine's date.
        :return: the drafts, each with at least one line.
        """
        installments = self._announceable(mandates, today)
        by_mandate = notices.grouped(
            installments, key=lambda i: i.mandate_id.id, day=lambda i: i.due_date
        )
        unsent = self.search([("mandate_id", "in", mandates.ids), ("state", "in", UNSENT)])
        held = {notice.mandate_id.id: notice for notice in unsent}
        unsent.line_ids.unlink()
        over = unsent.filtered(lambda notice: notice.mandate_id.id not in by_mandate)
        over._set_state("cancelled", self.env._("Nothing to announce any more"), today)
        for mandate in mandates.filtered(lambda m: m.id in held and m.id in by_mandate):
            held[mandate.id]._state_write(mandate._notice_values())
        missing = mandates.filtered(lambda m: m.id in by_mandate and m.id not in held)
        made = self._state_writer().create([mandate._notice_values() for mandate in missing])
        found = (made.with_env(self.env) | unsent) - over
        self._add_lines(found, by_mandate, today)
        return found.filtered(lambda notice: notice.state == "draft")

    def _announceable(self, mandates, today):
        """Return what the notices of mandates announce: all that is known of a year."""
        company = mandates.company_id
        domain = (
            self._to_announce_domain(company)
            & Domain("mandate_id", "in", mandates.ids)
            & Domain("due_date", "<=", today + HORIZON)
        )
        found = self.env["payment.installment"].search(domain)
        dates = {i.id: i._requested_date(today) for i in found}
        untold = found.filtered(
            lambda i: self._is_ours_to_tell(i) and i._notice_hold_reason(dates[i.id])
        )
        silenced = untold._hold_reasons(today, dates, guards=[g for g in GUARDS if g.silences])
        return untold.filtered(lambda i: not silenced[i.id])

    @api.model
    def _is_ours_to_tell(self, installment):
        """Tell whether we announce; a run may have wanted a notice for a provider of its choice."""
        return installment._needs_notice() or installment.hold_reason in NOTICE_HOLDS

    @api.model
    def _add_lines(self, found, by_mandate, today):
        told = self.env["payment.notice.line"].search(
            [
                ("installment_id", "in", [i.id for share in by_mandate.values() for i in share]),
                ("notice_id.sent_on", "!=", False),
            ]
        )
        lines = self.env["payment.notice.line"].create(
            [
                {"notice_id": notice.id, **installment._notice_line_values(today)}
                for notice in found
                for installment in by_mandate[notice.mandate_id.id]
            ]
        )
        for notice, share in lines.grouped("notice_id").items():
            last_moments = [
                notices.latest_notice_day(
                    target_calendar.roll_forward(line.due_date), line.notice_days
                )
                for line in share
                if not line.is_retry
            ]
            notice.leave_before = max(min(last_moments, default=today), today)
            notice.replaces = bool(told.installment_id & share.installment_id)
