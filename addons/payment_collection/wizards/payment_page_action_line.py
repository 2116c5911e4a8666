from odoo import fields, models


class PaymentPageActionLine(models.TransientModel):
    """One payment in the preview of an action: what happens to it, or why nothing does."""

    _name = "payment.page.action.line"
    _description = "Action on Payments, Line"
    _order = "is_left_out, id"

    wizard_id = fields.Many2one("payment.page.action", required=True, ondelete="cascade")
    transaction_id = fields.Many2one("payment.transaction", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="transaction_id.partner_id")
    amount = fields.Monetary(related="transaction_id.amount")
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    payment_status = fields.Selection(related="transaction_id.payment_status")
    is_left_out = fields.Boolean(string="Left Out")
    effect = fields.Char(string="What Happens")
