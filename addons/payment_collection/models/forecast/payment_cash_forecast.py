from odoo import api, fields, models

BUCKETS = [("week", "Week"), ("30", "30 days"), ("60", "60 days"), ("90", "90 days")]


class PaymentCashForecast(models.Model):
    """What was expected on a day to come in within other days, and what came.

    Written by the night only. A week is Monday to Sunday and forecast before it begins; the 30, 60
    and 90 days begin on the day after the forecast. Amounts are of the company's currency.
    """

    _name = "payment.cash.forecast"
    _description = "Cash Forecast"
    _order = "date_from desc, made_on desc, bucket, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    made_on = fields.Date(required=True, readonly=True, help="What was known on that day counts.")
    is_backtest = fields.Boolean(
        string="Looked Back",
        readonly=True,
        help="Worked out later, from nothing but what was known on that day.",
    )
    bucket = fields.Selection(BUCKETS, string="Covers", required=True, readonly=True)
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_until = fields.Date(string="Until", required=True, readonly=True)
    due_from = fields.Date(
        readonly=True, help="Money of installments due from this day on usually comes from then on."
    )
    due_until = fields.Date(readonly=True)
    expected = fields.Monetary(readonly=True)
    low = fields.Monetary(readonly=True, help="Less than this comes in one case of ten.")
    high = fields.Monetary(readonly=True, help="More than this comes in one case of ten.")
    due = fields.Monetary(
        readonly=True, help="Owed by contract in these days, as known when it was forecast."
    )
    deviation = fields.Monetary(
        string="Deviation of Single Debits",
        readonly=True,
        aggregator=None,
        help="How far chance alone takes it, were no month good or bad for all at once.",
    )
    actual = fields.Monetary(
        string="Came In", readonly=True, help="Net of what came back; until today."
    )
    is_known = fields.Boolean(string="Days Are Over", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="Expected less what came in, once the days are over."
    )
    error = fields.Float(
        string="Off By",
        readonly=True,
        aggregator="avg",
        help="The difference, as a share of what came in, whatever its direction.",
    )
    is_shown = fields.Boolean(
        string="Latest",
        readonly=True,
        help="The last forecast of these days that was made before they began.",
    )

    _forecast_uniq = models.UniqueIndex("(company_id, made_on, bucket, date_from)")
    _shown_idx = models.Index("(company_id, bucket, date_from) WHERE is_shown")

    @api.depends("bucket", "date_from", "made_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        words = dict(self._fields["bucket"]._description_selection(self.env))
        for row in self:
            row.display_name = self.env._(
                "%(bucket)s from %(day)s",
                bucket=words.get(row.bucket, ""),
                day=row.date_from and fields.Date.to_string(row.date_from) or "",
            )
