from odoo import fields, models


class PaymentMandate(models.Model):
    _inherit = "payment.mandate"

    contract_ids = fields.One2many("crm.contract", "mandate_id", string="Contracts", readonly=True)
    contract_count = fields.Integer(compute="_compute_contract_count")

    def _compute_contract_count(self):
        counts = dict(
            self.env["crm.contract"]._read_group(
                [("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]
            )
        )
        for mandate in self:
            mandate.contract_count = counts.get(mandate, 0)

    def action_view_contracts(self):
        """Open the contracts that are debited with this mandate."""
        return self.contract_ids._action_view(self.env._("Contracts"))

    def _mandate_replaced(self, successor, on):
        """Override of `payment_direct_debit`: contracts that are not over change their mandate, and
        their open installments with them."""
        result = super()._mandate_replaced(successor, on)
        contracts = (
            self.env["crm.contract"]
            .sudo()
            .search([("mandate_id", "in", self.ids), ("state", "not in", ("ended", "cancelled"))])
        )
        contracts.write({"mandate_id": successor.id})
        return result
