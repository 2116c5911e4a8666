from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

LEFT = ("sent", "failed", "cancelled")


class PaymentNotice(models.Model):
    """Notices of long ago: who was told when, and of which debits, stays; the text goes."""

    _inherit = "payment.notice"

    content_removed_on = fields.Date(string="Text Removed On", readonly=True, copy=False)

    @property
    def _state_guarded(self):
        return super()._state_guarded | {"content_removed_on"}

    @api.depends("content_removed_on")
    def _compute_preview(self):
        """What was sent is not written anew once it is removed."""
        removed = self.filtered("content_removed_on")
        for notice in removed:
            text = self.env._(
                "Removed on %(day)s: the time for which notices are kept is over.",
                day=format_date(self.env, notice.content_removed_on),
            )
            notice.preview = Markup("<p>%s</p>") % text
        return super(PaymentNotice, self - removed)._compute_preview()

    @api.model
    def _retention_over(self, company, before, today):
        """Return the statement that finds the notices that left, and whose last debit was, before
        a day.

        :param company: whose notices.
        :param date before: the day.
        :param date today: the engine's date.
        """
        return SQL(
            """SELECT n.id FROM payment_notice n
                WHERE n.company_id = %s AND n.content_removed_on IS NULL AND n.state IN %s
                  AND COALESCE(n.sent_on, n.create_date::date) < %s
                  AND NOT EXISTS (SELECT 1 FROM payment_notice_line l
                                   WHERE l.notice_id = n.id AND l.date >= %s)""",
            company.id,
            LEFT,
            before,
            before,
        )

    @api.model
    def _retention_remove(self, ids, today):
        """Remove text, address and account, in the mails that were sent too.

        :param list ids: of the notices.
        :param date today: the engine's date.
        """
        # A mail goes with its message.
        messages = self.env["mail.message"].sudo()
        messages.search([("model", "=", self._name), ("res_id", "in", ids)]).unlink()
        # What was told can not be written by the ORM, for good reason.
        self.env.cr.execute(
            SQL(
                """UPDATE payment_notice
                      SET content = NULL, email = NULL, iban_masked = NULL, account_key = NULL,
                          failure = NULL, mail_id = NULL, content_removed_on = %s
                    WHERE id IN %s""",
                today,
                tuple(ids),
            )
        )
        self.env.invalidate_all(flush=False)
        self.browse(ids)._state_note(
            self.env._("Text removed: the time for which notices are kept is over"), today
        )
