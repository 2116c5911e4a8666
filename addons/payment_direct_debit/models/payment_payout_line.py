from decimal import Decimal

from odoo import fields, models


class PaymentPayoutLine(models.Model):
    """One item of a payout, as the provider gives it; fractions of a cent are kept."""

    _name = "payment.payout.line"
    _description = "Provider Payout Item"
    _order = "id"

    payout_id = fields.Many2one(
        "payment.payout", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="payout_id.currency_id")
    kind = fields.Selection(
        [
            ("debit", "Debit"),
            ("return", "Return"),
            ("refund", "Refund"),
            ("fee", "Fee"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    raw_kind = fields.Char(string="Provider's Word", readonly=True)
    ref = fields.Char(string="About", readonly=True)
    cents = fields.Char(readonly=True, help="The exact amount in cents.")
    amount = fields.Float(digits=(16, 4), readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction", string="Debit", readonly=True, index="btree_not_null"
    )
    refund_id = fields.Many2one("payment.refund", readonly=True, index="btree_not_null")

    def _cents(self):
        """Return the exact sum in cents, fractions included."""
        return sum((Decimal(line.cents) for line in self), Decimal())

    def _about_ours(self):
        """Return the items that our own entries on the outstanding account explain.

        A refund that was made elsewhere, such as on the provider's own pages, is in no entry of
        ours, even when its debit is.
        """
        return self.filtered(
            lambda line: (
                (line.kind in ("debit", "return") and line.transaction_id)
                or (line.kind == "refund" and line.refund_id)
            )
        )
