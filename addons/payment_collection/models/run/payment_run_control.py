from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.payment_collection.models.run.payment_run import LOCK_CLASS

MANAGER = "payment_direct_debit.group_payment_manager"


class Halted(Exception):
    """A person has paused or stopped the run; what was begun is done and committed."""


class PaymentRun(models.Model):
    """Pause, resume, cancel what has not left: pressed here, heeded where the run executes.

    Whoever holds the run's lock changes its state. While a process executes it, a request waits
    until the chunk in hand is done; otherwise it is heeded at once.
    """

    _inherit = "payment.run"

    request_ids = fields.One2many("payment.run.request", "run_id", readonly=True)
    asked_for = fields.Selection(
        [("pause", "Pausing"), ("stop", "Cancelling the rest")],
        compute="_compute_asked_for",
        help="Takes effect once the debits in hand have left.",
    )

    @api.depends("request_ids")
    def _compute_asked_for(self):
        for run in self:
            kinds = run.request_ids.mapped("kind")
            run.asked_for = "stop" if "stop" in kinds else "pause" if kinds else False

    # === ACTIONS === #

    def action_pause(self):
        """Pause the run: the chunk in hand still leaves, nothing after it."""
        self._ask("pause", "paused")

    def action_resume(self):
        """Go on with a paused run, in the background."""
        self.check_access("write")
        for run in self.filtered(lambda run: run.state != "paused"):
            raise UserError(self.env._("%(run)s is not paused.", run=run.display_name))
        self.sudo().request_ids.unlink()
        self._set_state("running", self.env._("Resumed"))
        self.env.ref("payment_collection.ir_cron_run")._trigger()

    def action_cancel(self):
        """Cancel a run that has not begun; for managers."""
        self._check_may_cancel()
        return super().action_cancel()

    def action_cancel_rest(self):
        """Cancel what has not left and end the run; for managers.

        Installments whose debit is cancelled are free for another run.
        """
        self._check_may_cancel()
        self._ask("stop", "stopped")

    def _check_may_cancel(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only a finance manager cancels a collection run."))

    def _ask(self, kind, state):
        """Leave a request, and heed it at once where no process executes the run.

        :raise UserError: when the run can not come to `state`.
        """
        self.check_access("write")
        for run in self:
            if not run._state_may(run.state, state):
                # The mixin says it in the words of the states.
                run._set_state(state)
            self.env["payment.run.request"].sudo().create({"run_id": run.id, "kind": kind})
            if run._try_lock_here():
                run._heed(fields.Date.context_today(run))

    def _try_lock_here(self):
        """Take the run's lock until this transaction ends; False while a process executes it."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK_CLASS, self.id))
        return self.env.cr.fetchone()[0]

    # === WHERE THE RUN EXECUTES === #

    @api.private
    def _execute(self, on=None):
        try:
            return super()._execute(on)
        except Halted:
            return True

    def _send_left_over(self, on):
        self._halt_if_asked(on)
        return super()._send_left_over(on)

    def _collect_chunk(self, on):
        self._halt_if_asked(on)
        return super()._collect_chunk(on)

    def _finish(self, on):
        self._halt_if_asked(on)
        return super()._finish(on)

    def _halt_if_asked(self, on):
        if self._heed(on):
            self._commit()
            raise Halted

    def _heed(self, on):
        """Do what has been asked for; the run's lock is held.

        :param date on: the engine's date.
        :return: whether anything was asked for.
        """
        requests = self.env["payment.run.request"].sudo().search([("run_id", "=", self.id)])
        if not requests:
            return False
        user = requests[-1].create_uid.name
        kinds = set(requests.mapped("kind"))
        requests.unlink()
        if "stop" in kinds:
            self._stop(self.env._("Rest cancelled by %(user)s", user=user), on)
        else:
            self._set_state("paused", self.env._("Paused by %(user)s", user=user), on)
        return True

    def _stop(self, reason, on):
        """Cancel what has not left, and end the run.

        What is with a provider, or may be, stays as it is (money rule 2).

        :param str reason: why, for a person.
        :param date on: the engine's date.
        """
        waiting = (
            self.env["payment.transaction"]
            .sudo()
            .search([("run_id", "=", self.id), ("debit_status", "=", "draft")])
        )
        taken = waiting._routing_take_back(reason, on, tried=True)
        lines = self.env["payment.run.line"].sudo().search([("transaction_id", "in", taken.ids)])
        lines.write({"decision": "cancelled", "reason": reason})
        self._set_state("stopped", reason, on, {"finished_at": fields.Datetime.now()})
