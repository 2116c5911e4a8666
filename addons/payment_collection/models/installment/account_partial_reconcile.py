from odoo import models

SETTLING = {"collected", "paid_out", "returned"}


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Reopen the installments of invoices whose payment is undone by hand."""
        moves = (self.debit_move_id | self.credit_move_id).move_id
        paid = moves.sudo().installment_ids.filtered(lambda i: i.state == "paid")
        result = super().unlink()
        # A debit that comes back tells its own story; this is for everything else.
        by_hand = paid.exists().filtered(
            lambda i: (
                not i._is_settled() and not SETTLING & set(i.transaction_ids.mapped("debit_status"))
            )
        )
        by_hand._set_state("unpaid", self.env._("Payment undone in the books"))
        return result
