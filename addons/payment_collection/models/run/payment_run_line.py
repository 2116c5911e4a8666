from odoo import fields, models


class PaymentRunLine(models.Model):
    """What a run decided about one installment; written once, with the decision."""

    _name = "payment.run.line"
    _description = "Collection Run Line"
    _order = "id"
    _rec_name = "installment_id"

    run_id = fields.Many2one(
        "payment.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    installment_id = fields.Many2one(
        "payment.installment", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="installment_id.partner_id")
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="installment_id.currency_id")
    amount = fields.Monetary(readonly=True)
    decision = fields.Selection(
        [
            ("debit", "Debited"),
            ("invoice", "Invoiced only"),
            ("held", "Held"),
            ("cancelled", "Cancelled before it left"),
        ],
        required=True,
        readonly=True,
    )
    hold_reason = fields.Selection(related="installment_id.hold_reason", string="Held Now")
    reason = fields.Char(readonly=True)
    transaction_id = fields.Many2one("payment.transaction", readonly=True, index="btree_not_null")
    debit_status = fields.Selection(related="transaction_id.debit_status")

    _once_uniq = models.UniqueIndex("(run_id, installment_id)")
