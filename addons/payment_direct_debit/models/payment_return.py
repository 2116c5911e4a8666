from odoo import api, fields, models


class PaymentReturn(models.Model):
    """An R-transaction: a debit refused before settlement, or undone after."""

    _name = "payment.return"
    _description = "Bank Return"
    _order = "date desc, id desc"

    transaction_id = fields.Many2one(
        "payment.transaction", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="transaction_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="transaction_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="transaction_id.currency_id", store=True)
    amount = fields.Monetary(readonly=True)
    fee = fields.Monetary(readonly=True, help="What the provider charges for the return.")
    kind = fields.Selection(
        [
            ("reject", "Reject (before settlement)"),
            ("return", "Return (by the bank)"),
            ("refund", "Refund (asked by the client)"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(required=True, readonly=True, index=True)
    reason_id = fields.Many2one("payment.reason.code", readonly=True)
    reason_raw = fields.Char(string="Provider's Reason", readonly=True)
    category = fields.Selection(related="reason_id.category", store=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True, index="btree_not_null")
    refundable_until = fields.Date(related="transaction_id.debit_refundable_until")

    @api.depends("transaction_id", "reason_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.transaction_id.reference} {record.reason_id.name or ''}"

    def _book(self):
        """Enter the returns: one entry for each provider and day; the invoices are open again."""
        for day, returns in self.filtered(lambda r: not r.move_id).grouped("date").items():
            for debits in returns.transaction_id._debit_accounting_groups(lambda d, day=day: day):
                entry = debits._debit_entry(day, sign=1)
                returns.filtered(lambda r, d=debits: r.transaction_id in d).move_id = entry
                debits._debit_reopen(entry)
