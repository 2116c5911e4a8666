from odoo import models
from odoo.tools import SQL

from odoo.addons.payment_collection.models.page import payment_transaction_page


class PaymentInstallment(models.Model):
    """What became of a debt whose debit failed: kept on the failed attempt, for the page."""

    _inherit = "payment.installment"

    def _set_state(self, state, reason="", on=None, values=None):
        # In a normal month each debt is paid by its only attempt: nothing to look up then.
        tried = self.filtered(
            lambda i: (
                i.attempt_count
                and "paid" in (state, i.state)
                and (i.state != "in_collection" or i.attempt_count > 1)
            )
        )
        moved = super()._set_state(state, reason, on, values)
        (tried & moved)._follow_up_attempts()
        return moved

    def _follow_up_attempts(self):
        """Note on each attempt that failed whether another followed, or the debt was paid."""
        if not self:
            return
        debits = self.env["payment.transaction"].sudo()
        debits.flush_model(["installment_id", "debit_status", "payment_status"])
        self.flush_recordset(["state"])
        mine = SQL("i.id IN %s", tuple(self.ids))
        self.env.cr.execute(payment_transaction_page.follow_up(mine))
        changed = debits.browse([row[0] for row in self.env.cr.fetchall()])
        changed.invalidate_recordset(["payment_follow_up"], flush=False)

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the cycle of these installments.

        :param bool is_finance: whether the user sees payments, or the report only.
        """
        if is_finance:
            return self, self.transaction_ids.sorted("id")
        report = self.env["payment.status.report"]
        return self, report.search([("installment_id", "in", self.ids)], order="id")
