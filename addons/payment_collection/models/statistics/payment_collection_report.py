from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page.payment_transaction_page import (
    CAME_BACK,
    IN_FLIGHT,
    MONEY_IN,
    PAYMENT_STATUSES,
)
from odoo.addons.payment_collection.select_list import select_list

# Lower bounds of the brackets of amounts, in the currency of the payment.
BRACKETS = (0, 20, 50, 100, 200, 500, 1000)
# What has not left costs nothing.
NOT_LEFT = ("draft", "submitting", "cancelled")


class PaymentCollectionReport(models.Model):
    """One row for each payment of the Payments page, with what finance asks about it.

    The amounts add up to the figures above the Payments page (`get_payment_figures`) for the same
    payments. Each payment is one row, whatever it is grouped by: the parts make the whole.
    The columns come from `payment_transaction` itself. What is joined is joined by its primary key,
    so that PostgreSQL leaves out the tables that a question does not need.
    """

    _name = "payment.collection.report"
    _description = "Payment Statistics"
    _auto = False
    _order = "id desc"
    _depends = {
        "payment.transaction": [
            "reference",
            "company_id",
            "currency_id",
            "provider_id",
            "payment_method_id",
            "payment_status",
            "payment_follow_up",
            "payment_day",
            "debit_status",
            "debit_reason_id",
            "partner_id",
            "rep_id",
            "mandate_id",
            "installment_id",
            "amount",
            "attempt_number",
            "main_product_id",
            "provider_fee",
        ],
        "payment.mandate": ["bank_name", "bic", "scheme"],
        "payment.reason.code": ["category"],
        "payment.provider": ["debit_cost_fixed", "debit_cost_percent", "debit_cost_failure"],
        "payment.installment": ["paid_on"],
    }

    name = fields.Char(string="Number", readonly=True)
    transaction_id = fields.Many2one("payment.transaction", string="Payment", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    provider_id = fields.Many2one("payment.provider", readonly=True)
    payment_method_id = fields.Many2one("payment.method", readonly=True)
    payment_status = fields.Selection(PAYMENT_STATUSES, string="Status", readonly=True)
    outcome = fields.Selection(
        [
            ("collected", "Collected"),
            ("in_flight", "In flight"),
            ("failed", "Failed"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        readonly=True,
        help="The status in fewer words.",
    )
    payment_follow_up = fields.Selection(
        [("retried", "Presented again"), ("recovered", "Recovered")],
        string="Since Then",
        readonly=True,
    )
    reason_id = fields.Many2one("payment.reason.code", readonly=True)
    reason_kind = fields.Selection(
        selection=lambda self: self.env["payment.reason.code"]._fields["category"].selection,
        string="Kind of Reason",
        readonly=True,
    )
    bank = fields.Char(
        readonly=True,
        help="The debtor's bank by its name, else by the first four letters of its BIC; empty"
        " where the provider tells neither.",
    )
    scheme = fields.Selection(
        [("core", "SEPA Core"), ("b2b", "SEPA B2B")], string="SEPA Scheme", readonly=True
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Sales Rep", readonly=True)
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        help="The product with the highest total on the invoices that are paid.",
    )
    payment_day = fields.Date(string="Asked For", readonly=True)
    day_of_month = fields.Selection(
        [(f"{day:02}", str(day)) for day in range(1, 32)], string="Day of the Month", readonly=True
    )
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        readonly=True,
    )
    attempt = fields.Selection(
        [("first", "First attempt"), ("second", "Second attempt"), ("later", "Later attempts")],
        readonly=True,
        help="Of an installment; empty for what pays none.",
    )
    amount_bracket = fields.Selection(
        [
            ("0", "Below 20"),
            ("20", "20 to 50"),
            ("50", "50 to 100"),
            ("100", "100 to 200"),
            ("200", "200 to 500"),
            ("500", "500 to 1,000"),
            ("1000", "1,000 and more"),
        ],
        readonly=True,
    )

    amount = fields.Monetary(readonly=True)
    amount_due = fields.Monetary(
        string="Due",
        readonly=True,
        help="In flight, collected, or failed and still owed: each debt once.",
    )
    amount_in_flight = fields.Monetary(string="In Flight", readonly=True)
    amount_collected = fields.Monetary(string="Collected", readonly=True)
    amount_failed = fields.Monetary(string="Failed", readonly=True)
    amount_returned = fields.Monetary(string="Returned", readonly=True)
    amount_recovered = fields.Monetary(string="Recovered", readonly=True)
    amount_owed = fields.Monetary(string="Still Owed", readonly=True)
    failure_count = fields.Integer(string="Failures", readonly=True)
    cost = fields.Monetary(
        readonly=True,
        help="What the provider has charged for the payment; as long as it has not said,"
        " what its price list says.",
    )
    fee = fields.Monetary(
        string="Fees Charged", readonly=True, help="What the provider has charged for the payment."
    )

    @property
    def _table_query(self):
        """The view; left joins by primary key only, which vanish when nothing asks for them."""
        return SQL(
            "SELECT %s FROM payment_transaction t"
            " LEFT JOIN payment_mandate m ON m.id = t.mandate_id"
            " LEFT JOIN payment_reason_code r ON r.id = t.debit_reason_id"
            " LEFT JOIN payment_provider p ON p.id = t.provider_id"
            " LEFT JOIN payment_installment i ON i.id = t.installment_id"
            " WHERE t.payment_status IS NOT NULL",
            select_list(self._columns_of_report()),
        )

    @api.model
    def _columns_of_report(self):
        """Hook: return {field: SQL} of `payment_transaction t` and the tables joined to it.

        A column that an addon adds must not multiply rows: no one-to-many.
        """
        return {**self._columns_of_dimensions(), **self._columns_of_measures()}

    @api.model
    def _columns_of_dimensions(self):
        return {
            "id": SQL("t.id"),
            "transaction_id": SQL("t.id"),
            "name": SQL("t.reference"),
            "company_id": SQL("t.company_id"),
            "currency_id": SQL("t.currency_id"),
            "provider_id": SQL("t.provider_id"),
            "payment_method_id": SQL("t.payment_method_id"),
            "payment_status": SQL("t.payment_status"),
            "outcome": SQL(
                "CASE WHEN t.payment_status IN %s THEN 'collected' WHEN t.payment_status IN %s"
                " THEN 'in_flight' ELSE t.payment_status END",
                MONEY_IN,
                IN_FLIGHT,
            ),
            "payment_follow_up": SQL("t.payment_follow_up"),
            "reason_id": SQL("t.debit_reason_id"),
            "reason_kind": SQL("r.category"),
            "bank": SQL(
                "coalesce(nullif(upper(btrim(m.bank_name)), ''), nullif(left(m.bic, 4), ''))"
            ),
            "scheme": SQL("m.scheme"),
            "partner_id": SQL("t.partner_id"),
            "user_id": SQL("t.rep_id"),
            "product_id": SQL("t.main_product_id"),
            "payment_day": SQL("t.payment_day"),
            "day_of_month": SQL("to_char(t.payment_day, 'DD')"),
            "weekday": SQL("to_char(t.payment_day, 'ID')"),
            "attempt": SQL(
                "CASE WHEN t.attempt_number = 1 THEN 'first' WHEN t.attempt_number = 2"
                " THEN 'second' WHEN t.attempt_number > 2 THEN 'later' END"
            ),
            "amount_bracket": SQL(
                "CASE %s END",
                SQL(" ").join(
                    SQL("WHEN t.amount >= %s THEN %s", bound, str(bound))
                    for bound in reversed(BRACKETS)
                ),
            ),
        }

    @api.model
    def _columns_of_measures(self):
        def part(condition):
            return SQL("CASE WHEN %s THEN t.amount ELSE 0 END", condition)

        came_back = SQL("t.payment_status IN %s", CAME_BACK)
        owed = SQL("(%s AND t.payment_follow_up IS NULL)", came_back)
        money_in = SQL("t.payment_status IN %s", MONEY_IN)
        in_flight = SQL("t.payment_status IN %s", IN_FLIGHT)
        charged = SQL("coalesce(t.provider_fee, 0)")
        return {
            "amount": SQL("t.amount"),
            "amount_due": part(SQL("(%s OR %s OR %s)", in_flight, money_in, owed)),
            "amount_in_flight": part(in_flight),
            "amount_collected": part(money_in),
            "amount_failed": part(SQL("t.payment_status = 'failed'")),
            "amount_returned": part(SQL("t.payment_status = 'returned'")),
            "amount_recovered": part(SQL("t.payment_follow_up = 'recovered'")),
            "amount_owed": part(owed),
            "failure_count": SQL("CASE WHEN %s THEN 1 ELSE 0 END", came_back),
            "fee": charged,
            "cost": SQL(
                "CASE WHEN %(charged)s != 0 THEN %(charged)s"
                " WHEN t.debit_status NOT IN %(not_left)s THEN p.debit_cost_fixed"
                " + t.amount * p.debit_cost_percent / 100"
                " + CASE WHEN %(came_back)s THEN p.debit_cost_failure ELSE 0 END ELSE 0 END",
                charged=charged,
                not_left=NOT_LEFT,
                came_back=came_back,
            ),
        }

    def action_open_payment(self):
        """Open the payment of a row, on the form of the Payments page."""
        self.ensure_one()
        form = self.env.ref("payment_direct_debit.payment_transaction_view_form_debit")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "payment.transaction",
            "res_id": self.transaction_id.id,
            "views": [(form.id, "form")],
        }
