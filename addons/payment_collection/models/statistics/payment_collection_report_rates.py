from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page.payment_transaction_page import (
    CAME_BACK,
    MONEY_IN,
)

# Rate: (what counts, out of what), as columns of the report. A group's rate is the sum of the one
# over the sum of the other, never the average of rates.
RATES = {
    "collection_rate": ("amount_collected", "amount_decided"),
    "failure_rate": ("failure_count", "outcome_count"),
    "first_success_rate": ("first_success_count", "first_outcome_count"),
    "recovery_rate": ("debt_recovered", "debt_failed"),
    "cost_rate": ("cost", "amount_collected"),
}


class PaymentCollectionReport(models.Model):
    """The rates: how much of what. Fractions of 1; empty where there is nothing to divide by."""

    _inherit = "payment.collection.report"

    amount_decided = fields.Monetary(string="Collected or Still Owed", readonly=True)
    outcome_count = fields.Integer(string="With an Outcome", readonly=True)
    first_success_count = fields.Integer(string="First Attempts Collected", readonly=True)
    first_outcome_count = fields.Integer(string="First Attempts with an Outcome", readonly=True)
    debt_failed = fields.Monetary(string="Debts That Failed", readonly=True)
    debt_recovered = fields.Monetary(string="Debts Recovered", readonly=True)

    collection_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Amount collected, out of what was collected or has failed and is still owed. A debt"
        " counts once; what is on its way is left out.",
    )
    failure_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Attempts that failed or came back, out of those with an outcome, by number.",
    )
    first_success_rate = fields.Float(
        string="First-Attempt Success",
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="First attempts on an installment that brought the money and have not come back, out"
        " of those with an outcome, by number.",
    )
    recovery_rate = fields.Float(
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Of the installments whose first attempt failed or came back, the amount that has"
        " been paid since, by whatever means.",
    )
    cost_rate = fields.Float(
        string="Cost of What Is Collected",
        readonly=True,
        aggregator="avg",
        digits=(16, 4),
        help="Cost out of the amount collected.",
    )
    recovery_days = fields.Float(
        string="Days to Recover",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Days from the one that the first attempt was asked for to the payment of the debt;"
        " of debts whose first attempt failed or came back and that are paid.",
    )

    @api.model
    def _columns_of_measures(self):
        columns = super()._columns_of_measures()
        came_back = SQL("t.payment_status IN %s", CAME_BACK)
        money_in = SQL("t.payment_status IN %s", MONEY_IN)
        outcome = SQL("t.payment_status IN %s", (*CAME_BACK, *MONEY_IN))
        first = SQL("t.attempt_number = 1")
        recovered = SQL("t.payment_follow_up = 'recovered'")

        def one_if(*conditions):
            return SQL("CASE WHEN %s THEN 1 ELSE 0 END", SQL(" AND ").join(conditions))

        def amount_if(*conditions):
            return SQL("CASE WHEN %s THEN t.amount ELSE 0 END", SQL(" AND ").join(conditions))

        columns |= {
            "amount_decided": amount_if(
                SQL("(%s OR (%s AND t.payment_follow_up IS NULL))", money_in, came_back)
            ),
            "outcome_count": one_if(outcome),
            "first_success_count": one_if(first, money_in),
            "first_outcome_count": one_if(first, outcome),
            "debt_failed": amount_if(first, came_back),
            "debt_recovered": amount_if(first, came_back, recovered),
            "recovery_days": SQL(
                "CASE WHEN %s THEN (i.paid_on - t.payment_day)::float8 END",
                SQL(" AND ").join((first, came_back, recovered)),
            ),
        }
        return columns | {
            rate: SQL("(%s)::float8 / nullif(%s, 0)", columns[part], columns[whole])
            for rate, (part, whole) in RATES.items()
        }

    def _read_group_select(self, aggregate_spec, query):
        rate, _colon, aggregator = aggregate_spec.partition(":")
        if rate not in RATES or aggregator != "avg":
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            super(PaymentCollectionReport, self)._read_group_select(f"{name}:sum", query)
            for name in RATES[rate]
        )
        return SQL("(%s)::float8 / nullif(%s, 0)", part, whole)
