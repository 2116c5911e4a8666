from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page.payment_transaction_page import (
    CAME_BACK,
    MONEY_IN,
)
from odoo.addons.payment_collection.pure import cohorts

COLUMNS = 13  # the first month, and the year after it
MOST_COHORTS = 36


class PaymentCohortReport(models.Model):
    """One row for each payment of a client who is debited, by the month of his first debit."""

    _name = "payment.cohort.report"
    _description = "Payment Cohorts"
    _auto = False
    _order = "cohort_month desc, months_since, id"
    _depends = {
        "payment.transaction": [
            "company_id",
            "currency_id",
            "partner_id",
            "provider_id",
            "payment_day",
            "payment_status",
            "payment_follow_up",
            "debit_status",
            "amount",
        ]
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Clients", readonly=True, aggregator="count_distinct"
    )
    paying_partner_id = fields.Many2one(
        "res.partner",
        string="Clients Paying",
        readonly=True,
        aggregator="count_distinct",
        help="Clients from whom something was collected and has not come back.",
    )
    provider_id = fields.Many2one("payment.provider", readonly=True)
    payment_day = fields.Date(string="Asked For", readonly=True)
    cohort_month = fields.Date(
        string="First Debit", readonly=True, help="Month of the client's first debit."
    )
    months_since = fields.Integer(
        readonly=True,
        aggregator=None,
        help="0 is the month of the first debit.",
    )
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    amount_decided = fields.Monetary(string="Collected or Still Owed", readonly=True)
    collection_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Amount collected, out of what was collected or has failed and is still owed.",
    )

    @property
    def _table_query(self):
        money_in = SQL("t.payment_status IN %s", MONEY_IN)
        collected = SQL("CASE WHEN %s THEN t.amount ELSE 0 END", money_in)
        decided = SQL(
            "CASE WHEN %s OR (t.payment_status IN %s AND t.payment_follow_up IS NULL)"
            " THEN t.amount ELSE 0 END",
            money_in,
            CAME_BACK,
        )
        return SQL(
            """SELECT t.id, t.company_id, t.currency_id, t.partner_id, t.provider_id, t.payment_day,
                      CASE WHEN %(money_in)s THEN t.partner_id END AS paying_partner_id,
                      first.month AS cohort_month,
                      (12 * date_part('year', t.payment_day) + date_part('month', t.payment_day)
                       - first.number)::int AS months_since,
                      %(collected)s AS amount_collected,
                      %(decided)s AS amount_decided,
                      (%(collected)s)::float8 / nullif(%(decided)s, 0) AS collection_rate
                 FROM payment_transaction t
                 JOIN (SELECT company_id, partner_id,
                              date_trunc('month', min(payment_day)::timestamp)::date AS month,
                              12 * date_part('year', min(payment_day))
                              + date_part('month', min(payment_day)) AS number
                         FROM payment_transaction
                        WHERE debit_status != 'cancelled'
                        GROUP BY company_id, partner_id) first
                   ON first.company_id = t.company_id AND first.partner_id = t.partner_id
                WHERE t.payment_status != 'cancelled' AND t.payment_day >= first.month""",
            money_in=money_in,
            collected=collected,
            decided=decided,
        )

    def _read_group_select(self, aggregate_spec, query):
        """Weigh the rate by the amounts: never an average of rates."""
        if aggregate_spec != "collection_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "(%s)::float8 / nullif(%s, 0)",
            super()._read_group_select("amount_collected:sum", query),
            super()._read_group_select("amount_decided:sum", query),
        )

    @api.model
    @api.readonly
    def get_cohort_table(self, count=12, today=None):
        """Return the table of the latest cohorts, under the user's rights.

        :param int count: how many months of first debits; 36 at most.
        :param str today: ISO date, the clock's by default.
        :return: {"rows": as of `cohorts.table`, "averages": as of `cohorts.averages`,
            "columns": months, "currency_id": of the company}. Amounts of other currencies are left
            out.
        """
        today = fields.Date.to_date(today) or fields.Date.context_today(self)
        first = today.replace(day=1) - relativedelta(months=min(max(count, 1), MOST_COHORTS) - 1)
        currency = self.env.company.currency_id
        domain = Domain("cohort_month", ">=", first) & Domain("cohort_month", "<=", today)
        # Whoever is in a cohort was debited in its first month.
        sizes = dict(
            self._read_group(
                domain & Domain("months_since", "=", 0),
                ["cohort_month:month"],
                ["partner_id:count_distinct"],
            )
        )
        facts = self._read_group(
            domain & Domain("months_since", "<", COLUMNS) & Domain("currency_id", "=", currency.id),
            ["cohort_month:month", "months_since"],
            ["paying_partner_id:count_distinct", "amount_collected:sum", "collection_rate:avg"],
        )
        facts = [(*fact, None if rate is False else rate) for *fact, rate in facts]
        rows = cohorts.table(sizes, facts, today, COLUMNS)
        columns = max((len(row["cells"]) for row in rows), default=0)
        return {
            "rows": rows,
            "averages": cohorts.averages(rows, columns),
            "columns": columns,
            "currency_id": currency.id,
        }
