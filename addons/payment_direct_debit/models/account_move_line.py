from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    debit_transaction_id = fields.Many2one(
        "payment.transaction",
        string="Direct Debit",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        # The client reads the lines of his invoices in the portal.
        groups="account.group_account_invoice,account.group_account_readonly",
    )
