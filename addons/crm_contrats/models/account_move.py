from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    contract_ids = fields.Many2many(
        "crm.contract", compute="_compute_contract_ids", search="_search_contract_ids"
    )
    contract_count = fields.Integer(compute="_compute_contract_ids")

    def _compute_contract_ids(self):
        rows = (
            self.env["payment.installment"]
            .sudo()
            ._read_group(
                [("invoice_id", "in", self.ids), ("contract_id", "!=", False)],
                ["invoice_id"],
                ["contract_id:recordset"],
            )
        )
        contracts = {move.id: found for move, found in rows}
        for move in self:
            move.contract_ids = contracts.get(move.id, self.env["crm.contract"])
            move.contract_count = len(move.contract_ids)

    @api.model
    def _search_contract_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self.env["payment.installment"].sudo()._search([("contract_id", "in", value)])
        return [("id", "in", rows.subselect("invoice_id"))]

    def action_view_contracts(self):
        """Open the contracts that the invoice bills."""
        return self.contract_ids._action_view(self.env._("Contracts"))
