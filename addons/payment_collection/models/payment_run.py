import logging
from datetime import datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.payment_collection.models.payment_installment import (
    COLLECTABLE,
    HOLDS_BY_ERROR,
)
from odoo.addons.payment_direct_debit.batch import in_savepoints
from odoo.addons.payment_direct_debit.pure import target_calendar

_logger = logging.getLogger(__name__)

# Advisory locks of PostgreSQL carry two numbers; the second one is the run.
LOCK_CLASS = 33249
# Also what is lost when the process dies: a chunk is prepared again, never sent again.
CHUNK = 100
PARIS = ZoneInfo("Europe/Paris")


class PaymentRun(models.Model):
    """One execution of the collection: what was due, what left, what was held and why."""

    _name = "payment.run"
    _description = "Collection Run"
    _inherit = ["payment.state.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    _state_initial = ("planned",)
    _state_transitions = frozenset(
        {
            ("planned", "running"),
            ("planned", "cancelled"),
            ("running", "done"),
            ("running", "done_with_errors"),
            ("done_with_errors", "running"),
        }
    )

    name = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: self.env["ir.sequence"].next_by_code("payment.run"),
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_until = fields.Date(
        string="Due Up To", required=True, help="Installments due up to this day are collected."
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Running"),
            ("done", "Done"),
            ("done_with_errors", "Done with errors"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        copy=False,
        readonly=True,
    )
    line_ids = fields.One2many("payment.run.line", "run_id", readonly=True)
    transaction_ids = fields.One2many("payment.transaction", "run_id", readonly=True)
    finished_at = fields.Datetime(readonly=True, copy=False)
    debit_count = fields.Integer(compute="_compute_counters")
    debit_amount = fields.Monetary(compute="_compute_counters")
    held_count = fields.Integer(compute="_compute_counters")
    held_amount = fields.Monetary(compute="_compute_counters")
    invoice_count = fields.Integer(string="Invoiced Only", compute="_compute_counters")
    trouble_count = fields.Integer(string="Failed or Unknown", compute="_compute_counters")

    _one_a_day = models.UniqueIndex(
        "(company_id, date) WHERE state != 'cancelled'",
        "There is a run of this company for this day already.",
    )

    @api.depends("line_ids", "transaction_ids.debit_status")
    def _compute_counters(self):
        decided = {
            (run, decision): (count, amount)
            for run, decision, count, amount in self.env["payment.run.line"]._read_group(
                [("run_id", "in", self.ids)],
                ["run_id", "decision"],
                ["__count", "amount:sum"],
            )
        }
        trouble = dict(
            self.env["payment.transaction"]
            .sudo()
            ._read_group(
                [
                    ("run_id", "in", self.ids),
                    ("debit_status", "in", ("draft", "submitting", "unknown", "failed")),
                ],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.debit_count, run.debit_amount = decided.get((run, "debit"), (0, 0.0))
            run.held_count, run.held_amount = decided.get((run, "held"), (0, 0.0))
            run.invoice_count = decided.get((run, "invoice"), (0, 0.0))[0]
            run.trouble_count = trouble.get(run, 0)

    @api.onchange("date")
    def _onchange_date(self):
        if self.date:
            self.date_until = self._default_until(self.company_id, self.date)

    # === EXECUTION === #

    @api.private
    def _execute(self, on=None):
        """Collect what is due; resumes where a former execution ended, however it ended.

        Commits after each chunk. A second process that asks for the same run is turned away.

        :param date on: the engine's date; the run's own by default.
        :return: True when the run is finished, False when another process is at it.
        """
        self.ensure_one()
        on = on or self.date
        if not self._lock():
            return False
        try:
            self.invalidate_recordset()
            if self.state in ("planned", "done_with_errors"):
                self._set_state("running", on=on)
            if self.state != "running":
                return True
            self._commit()
            self._release_mended(self.company_id, on)
            self._send_left_over(on)
            while self._collect_chunk(on):
                pass
            self._finish(on)
        finally:
            self._unlock()
        return True

    @api.model
    def _release_mended(self, company, on):
        """Let go what a guard held and would let pass now; what a person holds stays.

        :param company: whose installments.
        :param date on: the engine's date.
        """
        held = (
            self.env["payment.installment"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "held"),
                    ("hold_reason", "!=", "manual"),
                ]
            )
        )
        held.filtered(lambda i: not i._hold_reason(on, i._requested_date(on)))._release(on)

    def _send_left_over(self, on):
        """Deal first with what a former execution prepared and did not send."""
        debits = self.env["payment.transaction"].sudo()
        debits._debit_resolve_unknown(on, everything=True, domain=[("run_id", "=", self.id)])
        debits.search([("run_id", "=", self.id), ("debit_status", "=", "draft")])._debit_send(on)

    def _collect_chunk(self, on):
        """Decide about the next installments and send those that may leave.

        :return: False when there was nothing left.
        """
        installments = self._next_installments()
        if not installments:
            return False
        dates = {i.id: i._requested_date(on) for i in installments.sudo()}
        held = {i.id: i._hold_reason(on, dates[i.id]) for i in installments.sudo()}
        free = installments.filtered(lambda i: not held[i.id])
        for reason, share in (installments - free).grouped(lambda i: held[i.id]).items():
            share.sudo()._hold(*reason, on)
        ready = free.sudo()._invoice(on)
        debits = self._make_debits(ready, dates, on)
        self._write_lines(installments, debits)
        self._commit()
        debits._debit_send(on)
        return True

    def _next_installments(self):
        """Lock the next chunk of what is due and not decided in this run yet."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT i.id FROM payment_installment i
                    WHERE i.company_id = %s
                      AND (i.state IN %s AND i.due_date <= %s
                           OR i.state = 'unpaid' AND i.retry_on <= %s)
                      AND NOT (i.collection_mode = 'one_off' AND i.state = 'invoiced')
                      AND NOT EXISTS (SELECT 1 FROM payment_run_line l
                                       WHERE l.run_id = %s AND l.installment_id = i.id)
                    ORDER BY i.due_date, i.id LIMIT %s FOR UPDATE OF i SKIP LOCKED""",
                self.company_id.id,
                COLLECTABLE,
                self.date_until,
                self.date,
                self.id,
                CHUNK,
            )
        )
        return (
            self.env["payment.installment"]
            .with_company(self.company_id)
            .browse([row[0] for row in self.env.cr.fetchall()])
        )

    def _make_debits(self, installments, dates, on):
        """Make the debits of installments to be debited; what can not be made is held."""
        made = []
        in_savepoints(
            installments.filtered(lambda i: i.collection_mode == "automatic"),
            lambda batch: made.append(batch._create_debits(self, dates, on)),
            lambda installment, error: installment._hold("invoice_error", str(error)[:300], on),
        )
        return self.env["payment.transaction"].sudo().union(*made)

    def _write_lines(self, installments, debits):
        by_installment = {debit.installment_id.id: debit for debit in debits}
        labels = dict(installments._fields["hold_reason"]._description_selection(self.env))
        values = []
        for installment in installments:
            debit = by_installment.get(installment.id)
            is_held = installment.state == "held"
            values.append(
                {
                    "run_id": self.id,
                    "installment_id": installment.id,
                    "amount": installment.amount,
                    "decision": "debit" if debit else "held" if is_held else "invoice",
                    "reason": is_held
                    and " ".join(
                        filter(None, (labels[installment.hold_reason], installment.hold_detail))
                    ),
                    "transaction_id": debit and debit.id,
                }
            )
        self.env["payment.run.line"].sudo().create(values)

    def _finish(self, on):
        self.invalidate_recordset()
        errors = self.trouble_count or self.line_ids.installment_id.filtered(
            lambda i: i.state == "held" and i.hold_reason in HOLDS_BY_ERROR
        )
        self._set_state(
            "done_with_errors" if errors else "done",
            on=on,
            values={"finished_at": fields.Datetime.now()},
        )
        self._commit()

    def _lock(self):
        self.env.cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", LOCK_CLASS, self.id))
        return self.env.cr.fetchone()[0]

    def _unlock(self):
        self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_CLASS, self.id))

    def _commit(self):
        """Commit a chunk: what is decided is decided, and a killed run goes on from here."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # === ACTIONS AND CRON === #

    def action_start(self):
        """Start the run, or take it up again, in the background."""
        for run in self:
            if run.state not in ("planned", "running", "done_with_errors"):
                raise UserError(self.env._("%(run)s is over.", run=run.name))
        self.filtered(lambda run: run.state != "running")._set_state("running")
        self.env.ref("payment_collection.ir_cron_run")._trigger()

    def action_cancel(self):
        """Cancel a run that has not begun."""
        self._set_state("cancelled", self.env._("Cancelled"))

    @api.model
    def _default_until(self, company, on):
        """Return up to which due date installments have to leave on a day.

        :param company: whose providers' lead times count; the longest one.
        :param date on: the day of the run.
        """
        providers = (
            self.env["payment.provider"]
            .sudo()
            .search([("company_id", "=", company.id), ("state", "in", ("enabled", "test"))])
        )
        leads = [p._debit_profile().lead_days for p in providers if p._debit_profile()]
        if not leads:
            return on
        noon = datetime.combine(on, time(8), PARIS)
        first = target_calendar.earliest_due_date(noon, max(leads), time(12))
        # Days on which nothing settles roll forward to the next one, and leave with it.
        following = target_calendar.add_target_days(first, 1)
        return fields.Date.subtract(following, days=1)

    @api.model
    def _run_of_the_day(self, company, on):
        """Return the run of a company for a day, made where it is missing and needed."""
        until = self._default_until(company, on)
        run = self.search(
            [("company_id", "=", company.id), ("date", "=", on), ("state", "!=", "cancelled")]
        )
        if run:
            return run
        self._release_mended(company, on)
        invoiced_only = Domain("collection_mode", "=", "one_off") & Domain("state", "=", "invoiced")
        due = Domain("state", "in", COLLECTABLE) & Domain("due_date", "<=", until) & ~invoiced_only
        again = Domain("state", "=", "unpaid") & Domain("retry_on", "<=", on)
        if not self.env["payment.installment"].search_count(
            Domain("company_id", "=", company.id) & (due | again), limit=1
        ):
            return run
        return self.create({"company_id": company.id, "date": on, "date_until": until})

    @api.model
    def _cron_run(self, today=None):
        """Go on with runs that did not finish, then make and execute today's; daily and triggered.

        :param date today: the engine's date; the clock's by default.
        """
        today = today or fields.Date.context_today(self)
        for run in self.search([("state", "=", "running")], order="date, id"):
            run.with_company(run.company_id)._execute(max(run.date, today))
        if not target_calendar.is_target_day(today):
            return  # no bank settles; what is due leaves with the last or the next working day
        due = self.env["payment.installment"]._read_group(
            [("state", "in", (*COLLECTABLE, "held", "unpaid"))], ["company_id"]
        )
        for (company,) in due:
            run = self.with_company(company)._run_of_the_day(company, today)
            if run.state == "planned":
                run._execute(today)
