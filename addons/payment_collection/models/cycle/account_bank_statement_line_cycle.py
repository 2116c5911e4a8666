from odoo import models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the payout, or the transfer, that arrived by it.

        :param bool is_finance: whether the user sees payments.
        """
        return self.move_id._cycle_chain(is_finance)
