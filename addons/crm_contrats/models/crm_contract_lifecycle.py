from odoo import fields, models
from odoo.exceptions import UserError

# Installments that nothing was asked of a bank for: they can still be taken back.
OPEN_STATES = ("planned", "notified", "held")
# Those that follow the contract; what was announced already is announced anew.
UNBILLED_STATES = ("planned", "notified")


class CrmContract(models.Model):
    """The life of a contract: each step is one method with its date, and one button."""

    _inherit = "crm.contract"

    def action_send(self):
        """Mark as sent to the client."""
        self._check_complete()
        self._set_state("sent", self.env._("Sent to the client."))

    def action_back_to_draft(self):
        """Take a sent contract back to change it."""
        self._set_state("draft", self.env._("Taken back to be changed."))

    def action_activate(self):
        """Start the contract and plan its first year."""
        self._activate(fields.Date.context_today(self))

    def action_suspend(self):
        """Stop collecting until further notice."""
        self._suspend(fields.Date.context_today(self))

    def action_resume(self):
        """Collect again, from today."""
        self._resume(fields.Date.context_today(self))

    def action_cancel(self):
        """Give up a contract that never started."""
        self._set_state("cancelled", self.env._("Given up before it started."))

    def action_terminate(self):
        """Ask for the last day and the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.contract.terminate",
            "name": self.env._("Terminate %(contract)s", contract=self.name),
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def _activate(self, on, reason=""):
        """Start the contracts.

        :param date on: the engine's date; the first year is planned from it.
        """
        self._check_complete()
        moved = self._set_state("active", reason or self.env._("Activated."), on)
        moved._plan_installments(self._planning_horizon(on))

    def _suspend(self, on, reason=""):
        """Suspend: the schedule stays, the engine holds what falls due.

        :param date on: first day of the suspension.
        """
        self._set_state("suspended", reason or self.env._("Suspended."), on, {"suspended_on": on})

    def _resume(self, on, reason=""):
        """Take up again. Periods that passed entirely under suspension are not owed.

        :param date on: first day after the suspension.
        """
        cancelling = self.env["payment.installment"].sudo()
        for contract in self.filtered("suspended_on"):
            cancelling |= contract.sudo().installment_ids.filtered(
                lambda row, since=contract.suspended_on: (
                    row.state in OPEN_STATES and row.period_start >= since and row.period_end < on
                )
            )
        cancelling._cancel(self.env._("The contract was suspended for the whole period."), on)
        moved = self._set_state(
            "active", reason or self.env._("Resumed."), on, {"suspended_on": False}
        )
        moved._plan_installments(self._planning_horizon(on))

    def _terminate(self, last_day, reason="", on=None):
        """End the contracts on a day, before or after today.

        What was planned after that day is cancelled, and the period that the day cuts is planned
        again in proportion, when it was not invoiced or held yet.

        :param date last_day: last day of the contract, inclusive.
        :param date on: the engine's date; today by default.
        """
        for contract in self:
            if last_day < contract.date_start:
                raise UserError(
                    self.env._(
                        "%(contract)s starts on %(start)s and can not end before. Cancel its"
                        " schedule, or choose a later day.",
                        contract=contract.name,
                        start=contract.date_start,
                    )
                )
        self._set_state(
            "terminated",
            reason or self.env._("Terminated."),
            on,
            {"date_end": last_day, "suspended_on": False},
        )
        self._cut_schedule(on)

    def _end_expired(self, today):
        """Move to *ended* what passed its last day.

        :param date today: the engine's date.
        :return: the contracts that ended.
        """
        expired = self.search([("state", "in", ("active", "suspended")), ("date_end", "<", today)])
        return expired._set_state("ended", self.env._("The last day has passed."), today)

    def _check_complete(self):
        """Refuse to send or start a contract without lines."""
        for contract in self:
            if not contract.line_ids:
                raise UserError(
                    self.env._("Add at least one line to %(contract)s.", contract=contract.name)
                )
