from collections import defaultdict

from odoo import fields, models

from ..schedule import add_months
from .crm_contract_lifecycle import OPEN_STATES, UNBILLED_STATES

# What a new last day of its contract changes of an installment.
CUT_FIELDS = ("period_end", "amount", "label")


class CrmContract(models.Model):
    """What a change of a running contract does to its open installments."""

    _inherit = "crm.contract"

    def _replan_after(self, vals):
        """Bring the open installments in line with what was written on running contracts."""
        rows = self.sudo().installment_ids
        if "mandate_id" in vals:
            rows.filtered(lambda row: row.state not in ("paid", "cancelled", "written_off")).write(
                {"mandate_id": vals["mandate_id"]}
            )
        if "collection_mode" in vals:
            rows.filtered(lambda row: row.state in OPEN_STATES).write(
                {"collection_mode": vals["collection_mode"]}
            )
        if "billing_day" in vals:
            self._move_due_dates()
        if "date_end" in vals:
            self._cut_schedule()
            self._plan_installments(self._planning_horizon(fields.Date.context_today(self)))

    def _move_due_dates(self):
        """Give planned installments the due date of the contract's new billing day.

        One that a person has moved stays where it is: its debit was agreed for that day.
        """
        moves = defaultdict(lambda: self.env["payment.installment"].sudo())
        for contract in self.sudo():
            planned = contract.installment_ids.filtered(lambda row: row.state in UNBILLED_STATES)
            if not planned:
                continue
            known = contract._periods_by_start(max(planned.mapped("period_start")))
            for row in planned:
                if row.period_start in known:
                    moves[known[row.period_start].due] |= row
        for due, rows in moves.items():
            by_hand = rows.filtered("moved_from")
            by_hand._state_write({"moved_from": due})
            (rows - by_hand).write({"due_date": due})

    def _reprice_planned(self):
        """Give planned installments the amount of the lines as they are now."""
        prices = defaultdict(lambda: self.env["payment.installment"].sudo())
        pricing = {}
        for contract in self.sudo().filtered(lambda row: row.state in ("active", "suspended")):
            planned = contract.installment_ids.filtered(lambda row: row.state in UNBILLED_STATES)
            if not planned:
                continue
            known = contract._periods_by_start(max(planned.mapped("period_start")))
            for row in planned:
                period = known.get(row.period_start)
                if period:
                    prices[contract._period_amount(period, pricing)] |= row
        for amount, rows in prices.items():
            rows.write({"amount": amount})

    def _cut_schedule(self, on=None):
        """Bring the schedule in line with the last day of the contracts.

        Cancelled: what is planned, announced or held after that day. Planned again with its new
        length: the period that the day cuts, or cut before, if it was not invoiced yet. One that a
        person has moved keeps its day, and stays the same installment.

        :param date on: the engine's date; today by default.
        """
        cancelling = self.env["payment.installment"].sudo()
        values, pricing = [], {}
        moved = {}
        for contract in self.sudo():
            rows = contract.installment_ids.filtered(lambda row: row.state in OPEN_STATES)
            if not rows:
                continue
            known = contract._periods_by_start(max(rows.mapped("period_start")))
            for row in rows:
                period = known.get(row.period_start)
                if contract.date_end and row.period_start > contract.date_end:
                    cancelling |= row
                elif period and row.state in UNBILLED_STATES and row.period_end != period.end:
                    planned = contract._installment_values(period, pricing)
                    if row.moved_from and planned:
                        moved[row] = {name: planned[0][name] for name in CUT_FIELDS}
                        continue
                    cancelling |= row
                    values += planned
        for row, cut in moved.items():
            row.write(cut)
        cancelling._cancel(self.env._("The last day of the contract changed."), on)
        cancelling.flush_recordset(["state"])
        self.env["payment.installment"].sudo().create(values)

    def _periods_by_start(self, last):
        """Return {first day: period}, up to the period that starts on ``last``."""
        # A period is due less than two months after its first day.
        return {period.start: period for period in self._periods(add_months(last, 2))}
