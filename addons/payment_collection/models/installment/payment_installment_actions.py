from odoo import fields, models
from odoo.exceptions import UserError


class PaymentInstallment(models.Model):
    """What a person does with an installment."""

    _inherit = "payment.installment"

    def action_hold(self):
        """Hold by hand; a run leaves these alone until they are released."""
        self._hold("manual", self.env.user.name)

    def action_release(self):
        """Release what was held by hand or by a guard."""
        self.check_access("write")
        self._release()

    def action_retry(self):
        """Let the next run collect unpaid installments again, by a new attempt."""
        self.check_access("write")
        for installment in self:
            if installment.state != "unpaid":
                raise UserError(
                    self.env._(
                        "%(installment)s is not unpaid: there is nothing to collect again.",
                        installment=installment.display_name,
                    )
                )
        self._retry(fields.Date.context_today(self))

    def _retry(self, on):
        """Take unpaid installments up again.

        :param date on: from which day on.
        """
        self.retry_on = on
        self._state_note(self.env._("To be collected again"), on)

    def action_view_transactions(self):
        """Open the debits of the installments."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_direct_debit.payment_transaction_action_debits"
        )
        return {**action, "domain": [("installment_id", "in", self.ids)]}

    def action_view_invoice(self):
        """Open the invoice of the installment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.invoice_id.id,
            "view_mode": "form",
        }
