from odoo import api, fields, models
from odoo.exceptions import UserError

# Advisory locks of PostgreSQL carry two numbers; the second one is the run.
LOCK_CLASS = 33249
# Also what is lost when the process dies: a chunk is prepared again, never sent again.
CHUNK = 250


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
            ("running", "paused"),
            ("running", "stopped"),
            ("paused", "running"),
            ("paused", "stopped"),
            ("done_with_errors", "stopped"),
            ("done", "running"),  # what it held may leave after all: a provider is back
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
            ("paused", "Paused"),
            ("done", "Done"),
            ("done_with_errors", "Done with errors"),
            ("stopped", "Stopped"),
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
        "(company_id, date) WHERE state NOT IN ('cancelled', 'stopped')",
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

    # === ACTIONS === #

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
