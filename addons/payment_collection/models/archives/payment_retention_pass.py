from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CHUNK = 1000
# {subject: (model, the company's term, its unit)}
SUBJECTS = {
    "event": ("payment.event", "event_retention_months", "months"),
    "mandate": ("payment.mandate", "mandate_retention_years", "years"),
    "notice": ("payment.notice", "notice_retention_years", "years"),
}


class PaymentRetentionPass(models.Model):
    """The trace of a night: what was archived or removed, how much of it, up to which day.

    What is removed is the text of old messages and notices and the bank details of mandates that
    ended long ago; never a row, and nothing that an entry or an invoice rests on.
    """

    _name = "payment.retention.pass"
    _description = "Retention Pass"
    _order = "id desc"
    _rec_name = "subject"

    # What a preview counts up to.
    _PREVIEW_LIMIT = 10_000

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    subject = fields.Selection(
        [
            ("archive", "Payments out of the daily view"),
            ("event", "Messages of providers emptied"),
            ("mandate", "Mandates without bank details"),
            ("notice", "Debit notices emptied"),
        ],
        string="What Was Done",
        required=True,
        readonly=True,
    )
    count = fields.Integer(string="How Many", readonly=True)
    before = fields.Date(string="Older Than", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)

    @api.model
    def _subjects(self):
        """Hook: return {subject: (model, field of the company, 'months' or 'years')}.

        A model that is named here has `_retention_over(company, before, today)`, the statement
        that finds the ids, and `_retention_remove(ids, today)`.
        """
        return SUBJECTS

    @api.model
    def _before(self, subject, term, today):
        """Return the day before which a subject has had its time; None for never."""
        unit = self._subjects()[subject][2]
        return today - relativedelta(**{unit: term}) if term and term > 0 else None

    @api.model
    def _preview(self, subject, company, term, today):
        """Count what a term would remove, up to the limit of previews and one more.

        :param str subject: a key of `_subjects`.
        :param int term: months or years.
        :param date today: the engine's date.
        """
        before = self._before(subject, term, today)
        if not before:
            return 0
        return len(self._found(subject, company, before, today, self._PREVIEW_LIMIT + 1))

    @api.model
    def _found(self, subject, company, before, today, limit):
        self.env.flush_all()
        model = self.env[self._subjects()[subject][0]].sudo()
        over = model._retention_over(company, before, today)
        rows = self.env.execute_query(SQL("%s LIMIT %s", over, limit))
        return [row[0] for row in rows]

    @api.model
    def _cron_retention(self, today=None):
        """Remove what has had its time, company by company; nightly.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        terms = {term for _model, term, _unit in self._subjects().values()}
        wanted = Domain.OR(Domain(term, ">", 0) for term in terms)
        for company in self.env["res.company"].sudo().search(wanted):
            for subject, (_model, term, _unit) in self._subjects().items():
                if before := self._before(subject, company[term], today):
                    self._do_in_chunks(
                        subject,
                        company,
                        before,
                        lambda s=subject, c=company, b=before: self._remove_chunk(s, c, b, today),
                        today,
                    )

    @api.model
    def _remove_chunk(self, subject, company, before, today):
        ids = self._found(subject, company, before, today, CHUNK)
        if ids:
            self.env[self._subjects()[subject][0]].sudo()._retention_remove(ids, today)
        return len(ids)

    @api.model
    def _do_in_chunks(self, subject, company, before, do_chunk, today):
        """Do a pass chunk by chunk, each with its trace: what is done stays done.

        :param str subject: what is done.
        :param company: for which company.
        :param date before: what is older.
        :param do_chunk: function that does one chunk; how many it did, 0 at the end.
        :param date today: the engine's date.
        :return: how many in all.
        """
        in_cron = bool(self.env.context.get("ir_cron_progress_id"))
        trace, total = self.browse(), 0
        while count := do_chunk():
            total += count
            if trace:
                trace.count = total
            else:
                trace = self.sudo().create(
                    {
                        "date": today,
                        "company_id": company.id,
                        "subject": subject,
                        "count": count,
                        "before": before,
                        "user_id": self.env.uid,
                    }
                )
            # Each chunk stands alone: a night that is cut short keeps what it did.
            if in_cron and not self.env["ir.cron"]._commit_progress(count):
                break
        return total
