from odoo import api, fields, models
from odoo.exceptions import UserError

# How far from the arrival date a person may look for the line.
AROUND_DAYS = 60


class PaymentPayoutMatch(models.TransientModel):
    """Match one payout with a line of the bank statement that nobody else could choose."""

    _name = "payment.payout.match"
    _description = "Match a Payout by Hand"

    payout_id = fields.Many2one("payment.payout", required=True, readonly=True)
    amount = fields.Monetary(related="payout_id.amount")
    currency_id = fields.Many2one(related="payout_id.currency_id")
    candidate_ids = fields.Many2many(
        "account.bank.statement.line", compute="_compute_candidate_ids"
    )
    line_id = fields.Many2one(
        "account.bank.statement.line",
        string="Bank Statement Line",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
    )

    @api.depends("payout_id")
    def _compute_candidate_ids(self):
        """Offer the open lines of the same amount and currency around the arrival date."""
        for wizard in self:
            payout = wizard.payout_id
            day = payout.arrival_date or payout.move_id.date
            lines = self.env["account.bank.statement.line"].search(
                [
                    ("company_id", "=", payout.company_id.id),
                    ("is_reconciled", "=", False),
                    ("amount", "=", payout.amount),
                    ("date", ">=", fields.Date.subtract(day, days=AROUND_DAYS)),
                    ("date", "<=", fields.Date.add(day, days=AROUND_DAYS)),
                ]
            )
            wizard.candidate_ids = lines.filtered(
                lambda line, payout=payout: line.currency_id == payout.currency_id
            )

    def action_match(self):
        """Match the chosen line.

        :raise UserError: when the payout is not waiting for the bank, or the line does not fit.
        """
        self.ensure_one()
        payout = self.payout_id
        payout.check_access("read")
        if payout.state != "booked":
            raise UserError(
                self.env._("Payout %(payout)s does not wait for the bank.", payout=payout.ref)
            )
        if self.line_id not in self.candidate_ids:
            raise UserError(
                self.env._(
                    "The line “%(line)s” is not an open one of %(amount)s.",
                    line=self.line_id.payment_ref,
                    amount=payout.currency_id.format(payout.amount),
                )
            )
        payout.sudo()._match(self.line_id.sudo(), fields.Date.context_today(self))
        return {"type": "ir.actions.act_window_close"}
