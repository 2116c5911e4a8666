from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.payment_direct_debit.pure import target_calendar

PROGRESS = "payment_run.progress"


class PaymentRun(models.Model):
    """How far a run has come, told to whoever looks at it, and its name for people."""

    _name = "payment.run"
    _inherit = ["payment.run", "bus.listener.mixin"]

    _state_guarded = frozenset({"to_do_count", "to_do_amount", "finished_at"})

    to_do_count = fields.Integer(
        string="To Do", readonly=True, copy=False, help="What was due as the run began."
    )
    to_do_amount = fields.Monetary(readonly=True, copy=False)
    decided_count = fields.Integer(string="Decided", compute="_compute_decided")
    decided_amount = fields.Monetary(compute="_compute_decided")
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_decided")
    debit_date = fields.Date(
        compute="_compute_debit_date", help="The day that most debits of this run are asked for."
    )

    @api.depends("line_ids.decision")
    def _compute_decided(self):
        lines = self.env["payment.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "decision"], ["__count", "amount:sum"]
        )
        for run in self:
            mine = [line for line in lines if line[0] == run]
            run.decided_count = sum(count for *_key, count, _amount in mine)
            run.decided_amount = sum(amount for *_key, amount in mine)
            run.cancelled_count = sum(c for _run, key, c, _a in mine if key == "cancelled")

    @api.depends("date", "date_until")
    def _compute_debit_date(self):
        """The last bank day up to which installments are due: what is due later rolls on."""
        for run in self:
            day = run.date_until or run.date
            while day and not target_calendar.is_target_day(day):
                day = fields.Date.subtract(day, days=1)
            run.debit_date = day

    @api.depends("name", "debit_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for run in self:
            day = run.debit_date and format_date(self.env, run.debit_date, date_format="d MMMM y")
            title = day and self.env._("Debits of %(day)s", day=day)
            run.display_name = " · ".join(filter(None, (title, run.name)))

    # === PROGRESS === #

    def get_progress(self):
        """Return how far the runs have come, as they are stored; for their form.

        :return: a list of dicts, in order; amounts in units of the currency.
        """
        self.check_access("read")
        return [run._progress() for run in self]

    def _progress(self):
        self.ensure_one()
        return {
            "id": self.id,
            "state": self.state,
            "total": self.to_do_count,
            "total_amount": self.to_do_amount,
            "done": self.decided_count,
            "done_amount": self.decided_amount,
            "debited": self.debit_count,
            "debited_amount": self.debit_amount,
            "held": self.held_count,
            "held_amount": self.held_amount,
            "failed": self.trouble_count,
        }

    def _begin(self):
        """Count what there is to do, decided already or not; counted again after a crash."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT count(*), COALESCE(sum(i.amount), 0) FROM payment_installment i WHERE %s",
                self._due_and_undecided(),
            )
        )
        count, amount = self.env.cr.fetchone()
        self.invalidate_recordset(["decided_count", "decided_amount"])
        self._state_write(
            {
                "to_do_count": self.decided_count + count,
                "to_do_amount": self.decided_amount + float(amount),
            }
        )
        self._tell_progress()
        self._commit()

    def _collect_chunk(self, on):
        more = super()._collect_chunk(on)
        self._tell_progress()
        self._commit()
        return more

    def _set_state(self, state, reason="", on=None, values=None):
        moved = super()._set_state(state, reason, on, values)
        for run in moved:
            run._tell_progress()
        return moved

    def _tell_progress(self):
        """Tell the open forms; it arrives with the commit, and is stored for nobody."""
        self.env.flush_all()
        self.invalidate_recordset(
            [
                "decided_count",
                "decided_amount",
                "debit_count",
                "debit_amount",
                "held_count",
                "held_amount",
                "trouble_count",
            ]
        )
        self._bus_send(PROGRESS, self._progress())
