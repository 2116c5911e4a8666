from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column, table_exists

from odoo.addons.payment_direct_debit import debit_states

PAYMENT_STATUSES = [
    ("draft", "To send"),
    ("submitting", "Being sent"),
    ("unknown", "Outcome unknown"),
    ("submitted", "In flight"),
    ("collected", "Collected"),
    ("paid_out", "Paid out"),
    ("failed", "Failed"),
    ("returned", "Returned"),
    ("cancelled", "Cancelled"),
]
IN_FLIGHT = debit_states.OPEN
MONEY_IN = debit_states.MONEY_IN
CAME_BACK = ("failed", "returned")

# The rows of the page, as its indexes know them: what is in the archives is in none of them, so
# that the page stays as quick as the years in it are few.
DAILY = "WHERE payment_status IS NOT NULL AND payment_archived_on IS NULL"

# What a client has begun at a provider and never finished is no payment.
ONLINE_STATUSES = {
    "pending": "submitted",
    "authorized": "submitted",
    "done": "collected",
    "error": "failed",
}
# The money's way back, and the check of a card, are other things than a payment.
NO_PAYMENT = ("validation", "refund")

PAGE_FIELDS = frozenset(
    {"payment_status", "payment_follow_up", "payment_day", "payment_due_day", "rep_id"}
)


def follow_up(which):
    """Return the statement that notes on failed attempts what became of the debt.

    :param SQL which: condition on installments `i`.
    """
    return SQL(
        """UPDATE payment_transaction t SET payment_follow_up = f.now
             FROM (SELECT t.id, CASE
                          WHEN t.debit_status NOT IN %(came_back)s THEN NULL
                          WHEN i.state = 'paid' THEN 'recovered'
                          WHEN EXISTS (SELECT 1 FROM payment_transaction later
                                        WHERE later.installment_id = i.id
                                          AND later.id > t.id
                                          AND later.debit_status != 'cancelled')
                          THEN 'retried' END AS now
                     FROM payment_transaction t
                     JOIN payment_installment i ON i.id = t.installment_id
                    WHERE %(which)s) f
            WHERE f.id = t.id AND t.payment_follow_up IS DISTINCT FROM f.now
        RETURNING t.id""",
        came_back=CAME_BACK,
        which=which,
    )


class PaymentTransaction(models.Model):
    """One row of the Payments page: stored columns only, whatever brings the money."""

    _inherit = "payment.transaction"

    payment_status = fields.Selection(
        PAYMENT_STATUSES,
        compute="_compute_payment_status",
        store=True,
        group_expand="_group_expand_payment_status",
        help="The same words for debits and for what clients pay online; empty for what is no"
        " payment of a client.",
    )
    payment_follow_up = fields.Selection(
        [("retried", "Presented again"), ("recovered", "Recovered")],
        string="Since Then",
        readonly=True,
        copy=False,
        help="What became of a debt after this payment failed or came back.",
    )
    payment_day = fields.Date(
        string="Asked For",
        compute="_compute_payment_day",
        store=True,
        help="The day that the debit is asked for, or that the client paid on.",
    )
    payment_due_day = fields.Selection(
        [(f"{day:02}", str(day)) for day in range(1, 32)],
        string="Due Day",
        compute="_compute_payment_due_day",
        store=True,
        help="The day of the month on which the installment is due.",
    )
    rep_id = fields.Many2one(
        "res.users",
        string="Sales Rep",
        compute="_compute_rep_id",
        store=True,
        help="Who looks after what the client pays for.",
    )

    # The figures of the page and its groups are read from the index alone.
    _page_figures_idx = models.Index(
        f"(company_id, payment_status, payment_follow_up) INCLUDE (amount, currency_id) {DAILY}"
    )
    _page_status_idx = models.Index(f"(payment_status, id) {DAILY}")
    _page_day_idx = models.Index(
        f"(payment_day, payment_status) INCLUDE (amount, company_id) {DAILY}"
    )
    # Without it these groups and panels read the whole table, archives included.
    _page_groups_idx = models.Index(
        "(company_id) INCLUDE (provider_id, debit_reason_id, payment_due_day, payment_status,"
        f" amount) {DAILY}"
    )
    _page_rep_idx = models.Index(f"(rep_id, company_id) INCLUDE (amount) {DAILY}")
    _page_partner_idx = models.Index(f"(partner_id, company_id) INCLUDE (amount) {DAILY}")

    @property
    def _state_guarded(self):
        return super()._state_guarded | PAGE_FIELDS

    def _auto_init(self):
        """Fill the columns of a database with many payments by SQL, not record by record."""
        fresh = not column_exists(self.env.cr, self._table, "payment_status")
        if fresh:
            create_column(self.env.cr, self._table, "payment_status", "varchar")
            create_column(self.env.cr, self._table, "payment_day", "date")
            create_column(self.env.cr, self._table, "payment_due_day", "varchar")
            create_column(self.env.cr, self._table, "rep_id", "int4")
        result = super()._auto_init()
        if fresh:
            self._page_fill()
        return result

    @api.model
    def _page_fill(self):
        whens = (
            SQL("WHEN state = %s THEN %s", state, status)
            for state, status in ONLINE_STATUSES.items()
        )
        self.env.cr.execute(
            SQL(
                """UPDATE payment_transaction t
                      SET payment_status = CASE
                              WHEN debit_status IS NOT NULL THEN debit_status
                              WHEN operation IN %s OR source_transaction_id IS NOT NULL THEN NULL
                              %s END,
                          payment_day = coalesce(debit_requested_date, t.create_date::date),
                          rep_id = p.user_id
                     FROM res_partner p WHERE p.id = t.partner_id""",
                NO_PAYMENT,
                SQL(" ").join(whens),
            )
        )
        if table_exists(self.env.cr, "payment_installment"):
            self.env.cr.execute(
                """UPDATE payment_transaction t
                      SET payment_due_day = to_char(i.due_date, 'DD')
                     FROM payment_installment i WHERE i.id = t.installment_id"""
            )
            self.env.cr.execute(follow_up(SQL("TRUE")))

    @api.depends("debit_status", "state", "operation", "source_transaction_id")
    def _compute_payment_status(self):
        for payment in self:
            status = payment.debit_status
            if not status and not (
                payment.operation in NO_PAYMENT or payment.source_transaction_id
            ):
                status = ONLINE_STATUSES.get(payment.state)
            payment.payment_status = status

    @api.depends("debit_requested_date")
    def _compute_payment_day(self):
        for payment in self:
            payment.payment_day = payment.debit_requested_date or fields.Date.context_today(
                payment, payment.create_date or None
            )

    @api.depends("installment_id.due_date")
    def _compute_payment_due_day(self):
        for payment in self:
            due = payment.installment_id.due_date
            payment.payment_due_day = f"{due.day:02}" if due else False

    @api.depends("partner_id.user_id")
    def _compute_rep_id(self):
        for payment in self:
            payment.rep_id = payment.partner_id.user_id

    @api.model
    def _group_expand_payment_status(self, statuses, domain):
        """Return the statuses that there are, in the order that money takes."""
        return [status for status, _label in PAYMENT_STATUSES if status in statuses]

    # === WHAT BECAME OF IT === #

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments.installment_id.filtered("attempt_count")._follow_up_attempts()
        return payments

    def _debit_after(self, status, on):
        result = super()._debit_after(status, on)
        # A first attempt that goes well has nothing before it.
        if status in ("cancelled", *CAME_BACK):
            self.installment_id._follow_up_attempts()
        elif status == "submitted":
            self.filtered("payment_follow_up").installment_id._follow_up_attempts()
        return result

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the cycle of this payment.

        :param bool is_finance: whether the user sees the whole chain, or this payment only.
        """
        if not is_finance:
            return self.env["payment.installment"], self.env["payment.status.report"]
        return self.installment_id, (self | self.installment_id.transaction_ids).sorted("id")
