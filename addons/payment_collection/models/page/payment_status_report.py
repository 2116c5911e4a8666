from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page.payment_transaction_page import PAYMENT_STATUSES
from odoo.addons.payment_collection.select_list import select_list


class PaymentStatusReport(models.Model):
    """The facts of payments without bank data: who, how much, when, and why not.

    A view of its own, with rules of its own: whoever may read it can reach neither mandate, nor
    provider, nor account through it.
    """

    _name = "payment.status.report"
    _description = "Payment Status"
    _auto = False
    _order = "id desc"
    _depends = {
        "payment.transaction": [
            "reference",
            "partner_id",
            "rep_id",
            "company_id",
            "installment_id",
            "amount",
            "currency_id",
            "payment_day",
            "debit_expected_date",
            "debit_settled_date",
            "payment_status",
            "payment_follow_up",
            "debit_reason_id",
        ],
        "payment.installment": ["name", "label", "due_date"],
        "payment.return": ["transaction_id", "date"],
    }

    name = fields.Char(string="Number", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Sales Rep", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    installment_id = fields.Many2one("payment.installment", readonly=True)
    label = fields.Char(string="Period", readonly=True)
    due_date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payment_day = fields.Date(string="Asked For", readonly=True)
    expected_date = fields.Date(string="Expected On", readonly=True)
    settled_date = fields.Date(string="Settled On", readonly=True)
    returned_on = fields.Date(string="Came Back On", readonly=True)
    payment_status = fields.Selection(PAYMENT_STATUSES, string="Status", readonly=True)
    payment_follow_up = fields.Selection(
        [("retried", "Presented again"), ("recovered", "Recovered")],
        string="Since Then",
        readonly=True,
    )
    reason_id = fields.Many2one("payment.reason.code", readonly=True)
    reason = fields.Char(string="In Plain Words", related="reason_id.label")

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s FROM payment_transaction t"
            " LEFT JOIN payment_installment i ON i.id = t.installment_id"
            " WHERE t.payment_status IS NOT NULL",
            select_list(self._columns_of_report()),
        )

    @api.model
    def _columns_of_report(self):
        """Hook: return {field: SQL} of `payment_transaction t` and `payment_installment i`.

        No bank data, nothing of the provider: sales reps read this.
        """
        return {
            "id": SQL("t.id"),
            "name": SQL("coalesce(i.name, t.reference)"),
            "partner_id": SQL("t.partner_id"),
            "user_id": SQL("t.rep_id"),
            "company_id": SQL("t.company_id"),
            "installment_id": SQL("t.installment_id"),
            "label": SQL("i.label"),
            "due_date": SQL("i.due_date"),
            "amount": SQL("t.amount"),
            "currency_id": SQL("t.currency_id"),
            "payment_day": SQL("t.payment_day"),
            "expected_date": SQL("t.debit_expected_date"),
            "settled_date": SQL("t.debit_settled_date"),
            "returned_on": SQL(
                "(SELECT max(r.date) FROM payment_return r WHERE r.transaction_id = t.id)"
            ),
            "payment_status": SQL("t.payment_status"),
            "payment_follow_up": SQL("t.payment_follow_up"),
            "reason_id": SQL("t.debit_reason_id"),
        }
