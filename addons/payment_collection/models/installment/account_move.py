from odoo import fields, models


class NumberMemory:
    """What the last numbers of the journals looked like, while one batch is posted.

    Odoo takes a lock with the first number and counts on by itself from there, but it asks for the
    last number in the journal again before each: only its form is used then, and it is the same.
    """

    def __init__(self):
        self.known = {}


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

    def _get_last_sequence(self, relaxed=False, with_prefix=None):
        memory = self.env.context.get("number_memory")
        mine = isinstance(memory, NumberMemory) and self.is_invoice()
        if not mine or with_prefix is not None:
            return super()._get_last_sequence(relaxed, with_prefix)
        key = (self.journal_id, self.move_type, self.date, relaxed)
        if key not in memory.known:
            memory.known[key] = super()._get_last_sequence(relaxed)
        return memory.known[key]

    def _invoice_paid_hook(self):
        """Settle the installments of invoices paid by other means than a debit under way."""
        result = super()._invoice_paid_hook()
        # What a debit has just paid is settled with the debit, by the day of its money.
        installments = self.sudo().installment_ids.filtered(
            lambda i: (
                i.state != "in_collection"
                or not {"collected", "paid_out"} & set(i.transaction_ids.mapped("debit_status"))
            )
        )
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
