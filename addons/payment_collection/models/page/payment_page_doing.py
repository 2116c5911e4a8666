from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.pure import target_calendar


class PaymentTransaction(models.Model):
    """What the actions of the page do; what goes wrong with one payment stops no other.

    Each method gets `tell`, a function of (payment, exception), and a note of the user.
    """

    _inherit = "payment.transaction"

    def action_page_retry(self):
        """Show what collecting again would do to each of these payments."""
        return self._page_preview("retry")

    def action_page_hold(self):
        """Show what holding back would do to each of these payments."""
        return self._page_preview("hold")

    def action_page_release(self):
        """Show what releasing would do to each of these payments."""
        return self._page_preview("release")

    def action_page_resync(self):
        """Show what believing the provider would do to each of these payments."""
        return self._page_preview("resync")

    def action_page_link(self):
        """Show what a payment link would do to each of these payments."""
        return self._page_preview("link")

    def action_page_refund(self):
        """Show what a refund would do to each of these payments."""
        return self._page_preview("refund")

    def _page_preview(self, action):
        self.check_access("read")
        return self.env["payment.page.action"]._open_for(self, action)

    def _page_do_retry(self, tell, note):
        """Have the installments collected again, today where a run still can."""
        today = fields.Date.context_today(self)
        in_savepoints(self, lambda batch: batch.installment_id._retry(today), tell)
        if not self or not target_calendar.is_target_day(today):
            return
        over = self.env["payment.run"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("date", "=", today),
                ("state", "in", ("done", "done_with_errors")),
            ]
        )
        # The run of the day goes on with what it has not decided yet.
        over._set_state("running", self.env._("Retries asked for on the Payments page"))
        self.env.ref("payment_collection.ir_cron_run").sudo()._trigger()

    def _page_do_hold(self, tell, note):
        """Hold the installments until somebody releases them."""
        in_savepoints(self, lambda batch: batch.installment_id.action_hold(), tell)

    def _page_do_release(self, tell, note):
        """Release the installments."""
        in_savepoints(self, lambda batch: batch.installment_id.action_release(), tell)

    def _page_do_resync(self, tell, note):
        """Ask the providers, and believe them."""
        self.env["payment.alert"]._close_alerts("drift", self)
        unread = self.sudo()._debit_refresh(forced=True)
        for payment in self.filtered(lambda p: p.id in unread):
            tell(payment, UserError(unread[payment.id]))

    def _page_do_link(self, tell, note):
        """Mail the clients the page on which the invoice is paid."""
        in_savepoints(self, lambda batch: batch._page_send_links(), tell)

    def _page_send_links(self):
        installments = self.installment_id
        template = self.env.ref("payment_collection.mail_template_link").sudo()
        template.send_mail_batch(
            installments.ids, email_layout_xmlid="mail.mail_notification_light"
        )
        installments._state_note(self.env._("Payment link sent to the client"))

    def _page_do_refund(self, tell, note):
        """Give back what is left of each debit."""
        in_savepoints(self, lambda batch: batch._page_refund(note), tell)

    def _page_refund(self, note):
        # The preview has asked for the manager's word where it is needed.
        is_manager = self.env.user.has_group("payment_direct_debit.group_payment_manager")
        refunds = self.env["payment.refund"].create(
            [
                {
                    "transaction_id": payment.id,
                    "amount": payment._debit_refundable(),
                    "note": note,
                    "confirm_within_8_weeks": is_manager,
                }
                for payment in self
            ]
        )
        refunds.action_send()
