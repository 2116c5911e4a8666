from odoo import models

from odoo.addons.payment_collection.models.cycle.payment_cycle import LATEST


class CrmContract(models.Model):
    _inherit = "crm.contract"

    def _cycle_chain(self, is_finance):
        """Return (installments, payments) of the cycle of the contract.

        :param bool is_finance: whether the user sees payments, or the report only.
        """
        installments = self.env["payment.installment"].search(
            [("contract_id", "in", self.ids)], limit=LATEST
        )
        return installments._cycle_chain(is_finance)
