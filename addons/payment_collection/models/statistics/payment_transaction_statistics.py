from collections import Counter

from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column, table_exists

STATISTICS_FIELDS = frozenset({"attempt_number", "main_product_id", "provider_fee"})

# The same three for a database that has payments already: by statement, not by record.
FILL_ATTEMPTS = """
    UPDATE payment_transaction t SET attempt_number = f.number
      FROM (SELECT id, 1 + count(*) FILTER (WHERE debit_status IS DISTINCT FROM 'cancelled')
                             OVER earlier AS number
              FROM payment_transaction
             WHERE installment_id IS NOT NULL
            WINDOW earlier AS (PARTITION BY installment_id ORDER BY id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) f
     WHERE f.id = t.id"""
FILL_PRODUCTS = """
    UPDATE payment_transaction t SET main_product_id = f.product_id
      FROM (SELECT DISTINCT ON (r.transaction_id) r.transaction_id, l.product_id
              FROM account_invoice_transaction_rel r
              JOIN account_move_line l ON l.move_id = r.invoice_id
             WHERE l.display_type = 'product' AND l.product_id IS NOT NULL
             GROUP BY r.transaction_id, l.product_id
             ORDER BY r.transaction_id, sum(l.price_total) DESC, l.product_id) f
     WHERE f.transaction_id = t.id"""
FILL_FEES = """
    UPDATE payment_transaction t SET provider_fee = f.fee
      FROM (SELECT transaction_id,
                   coalesce(nullif(-sum(amount) FILTER (WHERE is_item), 0),
                            sum(amount) FILTER (WHERE NOT is_item)) AS fee
              FROM (SELECT transaction_id, amount, TRUE AS is_item
                      FROM payment_payout_line WHERE kind = 'fee' AND transaction_id IS NOT NULL
                    UNION ALL
                    SELECT transaction_id, fee, FALSE FROM payment_return) every_fee
             GROUP BY transaction_id) f
     WHERE f.transaction_id = t.id AND f.fee != 0"""


class PaymentTransaction(models.Model):
    """What the statistics ask of a payment and would be slow to look up for all of them."""

    _inherit = "payment.transaction"

    attempt_number = fields.Integer(
        compute="_compute_attempt_number",
        store=True,
        aggregator=None,
        help="1 for the first attempt on an installment; what was cancelled before it left is"
        " none. 0 for what pays no installment.",
    )
    main_product_id = fields.Many2one(
        "product.product",
        compute="_compute_main_product_id",
        store=True,
        help="The product with the highest total on the invoices that are paid: one product for"
        " each payment, so that the parts make the whole.",
    )
    payout_line_ids = fields.One2many("payment.payout.line", "transaction_id", readonly=True)
    provider_fee = fields.Float(
        compute="_compute_provider_fee",
        store=True,
        digits=(16, 4),
        help="What the provider has charged for this payment, as its payouts say; until then what"
        " it has said about returns.",
    )

    # The first debit of each client, for the cohorts.
    _statistics_first_idx = models.Index(
        "(company_id, partner_id) INCLUDE (payment_day) WHERE debit_status != 'cancelled'"
    )

    @property
    def _state_guarded(self):
        return super()._state_guarded | STATISTICS_FIELDS

    def _auto_init(self):
        """Fill the columns of a database with many payments by SQL, not record by record."""
        fresh = not column_exists(self.env.cr, self._table, "attempt_number")
        if fresh:
            create_column(self.env.cr, self._table, "attempt_number", "int4")
            create_column(self.env.cr, self._table, "main_product_id", "int4")
            create_column(self.env.cr, self._table, "provider_fee", "numeric")
        result = super()._auto_init()
        if fresh:
            self._statistics_fill()
        return result

    @api.model
    def _statistics_fill(self):
        if column_exists(self.env.cr, self._table, "installment_id"):
            self.env.cr.execute(FILL_ATTEMPTS)
        self.env.cr.execute(FILL_PRODUCTS)
        if table_exists(self.env.cr, "payment_payout_line"):
            self.env.cr.execute(FILL_FEES)

    @api.depends("installment_id")
    def _compute_attempt_number(self):
        siblings = dict(
            self.env["payment.transaction"]._read_group(
                [
                    ("installment_id", "in", self.installment_id.ids),
                    ("debit_status", "!=", "cancelled"),
                ],
                ["installment_id"],
                ["id:array_agg"],
            )
            if self.installment_id
            else ()
        )
        for payment in self:
            earlier = siblings.get(payment.installment_id, ())
            payment.attempt_number = payment.installment_id and 1 + sum(
                sibling < payment.id for sibling in earlier
            )

    @api.depends("invoice_ids")
    def _compute_main_product_id(self):
        for payment in self:
            totals = Counter()
            for line in payment.invoice_ids.invoice_line_ids:
                if line.display_type == "product" and line.product_id:
                    totals[line.product_id.id] += line.price_total
            # The lowest id among equals, as in FILL_PRODUCTS.
            best = min(totals, key=lambda product_id: (-totals[product_id], product_id), default=0)
            payment.main_product_id = best or False

    @api.depends("payout_line_ids.kind", "payout_line_ids.amount", "return_ids.fee")
    def _compute_provider_fee(self):
        for payment in self:
            items = payment.payout_line_ids.filtered(lambda line: line.kind == "fee")
            payment.provider_fee = -sum(items.mapped("amount")) or sum(
                payment.return_ids.mapped("fee")
            )
