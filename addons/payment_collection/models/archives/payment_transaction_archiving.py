from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

CHUNK = 5000
# How a payment can have ended. Money that came back, or never came, counts only once the debt is
# over too: see `_archive_over`.
ENDED = ("collected", "paid_out", "failed", "returned", "cancelled")
DEBT_OVER = ("paid", "cancelled", "written_off")
REFUND_OPEN = ("draft", "queued", "submitting", "unknown", "submitted")

# Nothing that a person or the engine still works at: `t` is the payment, `i` its installment.
AT_REST = SQL(
    """NOT (COALESCE(t.debit_will_retry, FALSE) AND t.payment_status IN ('failed', 'returned'))
       AND NOT EXISTS (SELECT 1 FROM payment_dunning d
                        WHERE d.installment_id = t.installment_id AND d.is_open)
       AND NOT EXISTS (SELECT 1 FROM payment_refund r
                        WHERE r.transaction_id = t.id AND r.state IN %(refund_open)s)
       AND NOT EXISTS (SELECT 1 FROM payment_transaction back
                        WHERE back.source_transaction_id = t.id
                          AND back.state IN ('draft', 'pending', 'authorized'))
       AND NOT EXISTS (SELECT 1 FROM payment_alert a
                        WHERE a.state = 'open' AND a.res_model = 'payment.transaction'
                          AND a.res_id = t.id)
       AND NOT EXISTS (SELECT 1 FROM payment_alert a
                        WHERE a.state = 'open' AND a.res_model = 'payment.installment'
                          AND a.res_id = t.installment_id)
       AND NOT EXISTS (SELECT 1 FROM payment_alert a JOIN payment_refund r ON r.id = a.res_id
                        WHERE a.state = 'open' AND a.res_model = 'payment.refund'
                          AND r.transaction_id = t.id)""",
    refund_open=REFUND_OPEN,
)


class PaymentTransaction(models.Model):
    """Which payments are over, and the night that takes them out of the daily view."""

    _inherit = "payment.transaction"

    @api.model
    def _archive_before(self, months, today):
        """Return the day before which payments are old enough; None for never.

        :param int months: the company's limit; 0 is never.
        :param date today: the engine's date.
        """
        return today - relativedelta(months=months) if months and months > 0 else None

    @api.model
    def _archive_over(self, company, before, today):
        """Return the statement that finds the payments that are over.

        Over: at an end that nothing can undo any more (the clocks of the debtor have run out),
        nothing owed, nothing under way, no alert open. What a client failed to pay online counts
        as owed while its invoice is.

        :param company: whose payments.
        :param date before: asked for, and come back from the archives, before that day.
        :param date today: the engine's date.
        """
        return SQL(
            """SELECT t.id FROM payment_transaction t
                 LEFT JOIN payment_installment i ON i.id = t.installment_id
                WHERE t.payment_status IS NOT NULL AND t.payment_archived_on IS NULL
                  AND t.company_id = %(company)s
                  AND t.payment_status IN %(ended)s
                  AND t.payment_day < %(before)s
                  AND (t.payment_back_on IS NULL OR t.payment_back_on < %(before)s)
                  AND (t.debit_refundable_until IS NULL OR t.debit_refundable_until < %(today)s)
                  AND (t.debit_contestable_until IS NULL OR t.debit_contestable_until < %(today)s)
                  AND (i.id IS NULL OR i.state IN %(debt_over)s)
                  AND (i.id IS NOT NULL OR t.payment_status NOT IN ('failed', 'returned')
                       OR NOT EXISTS (SELECT 1 FROM account_invoice_transaction_rel rel
                                        JOIN account_move m ON m.id = rel.invoice_id
                                       WHERE rel.transaction_id = t.id AND m.state = 'posted'
                                         AND m.payment_state IN ('not_paid', 'partial')))
                  AND %(at_rest)s""",
            company=company.id,
            ended=ENDED,
            before=before,
            today=today,
            debt_over=DEBT_OVER,
            at_rest=AT_REST,
        )

    @api.model
    def _archive_count(self, company, before, today):
        """Count what the next night would archive, up to the limit of previews and one more."""
        limit = self.env["payment.retention.pass"]._PREVIEW_LIMIT + 1
        self.env.flush_all()
        over = self._archive_over(company, before, today)
        return self.env.execute_query(
            SQL("SELECT count(*) FROM (%s LIMIT %s) over_now", over, limit)
        )[0][0]

    @api.model
    def _archive_chunk(self, company, before, today):
        """Archive up to a chunk of what is over, in one statement; how many.

        What somebody works at in this moment is left for the next night.
        """
        self.env.flush_all()
        over = self._archive_over(company, before, today)
        rows = self.env.execute_query(
            SQL(
                """WITH over_now AS (%s LIMIT %s FOR UPDATE OF t SKIP LOCKED)
                   UPDATE payment_transaction t
                      SET payment_archived_on = %s,
                          payment_archive_year = to_char(t.payment_day, 'YYYY')
                     FROM over_now WHERE over_now.id = t.id RETURNING t.id""",
                over,
                CHUNK,
                today,
            )
        )
        changed = self.browse([row[0] for row in rows])
        changed.invalidate_recordset(["payment_archived_on", "payment_archive_year"], flush=False)
        return len(changed)

    @api.model
    def _cron_archive(self, today=None):
        """Take what is over and old out of the daily view, company by company; nightly.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        passes = self.env["payment.retention.pass"]
        for company in self.env["res.company"].sudo().search([("archive_after_months", ">", 0)]):
            before = self._archive_before(company.archive_after_months, today)
            if before:
                passes._do_in_chunks(
                    "archive",
                    company,
                    before,
                    lambda c=company, b=before: self._archive_chunk(c, b, today),
                    today,
                )
