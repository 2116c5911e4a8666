from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    installment_ids = fields.One2many("payment.installment", "invoice_id", readonly=True)
    installment_count = fields.Integer(
        compute="_compute_installment_count", groups="payment_direct_debit.group_payment_user"
    )

    def _compute_installment_count(self):
        counts = dict(
            self.env["payment.installment"]._read_group(
                [("invoice_id", "in", self.ids)], ["invoice_id"], ["__count"]
            )
        )
        for move in self:
            move.installment_count = counts.get(move, 0)

    def _invoice_paid_hook(self):
        """Settle the installments of invoices paid by other means than a debit under way."""
        result = super()._invoice_paid_hook()
        installments = self.sudo().installment_ids.filtered(lambda i: i.state != "in_collection")
        installments._settle(fields.Date.context_today(self))
        return result

    def action_view_installments(self):
        """Open the installments that this invoice belongs to."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_installment_action"
        )
        action["domain"] = [("invoice_id", "in", self.ids)]
        if len(self.installment_ids) == 1:
            action.update(res_id=self.installment_ids.id, views=[(False, "form")])
        return action
