from odoo import fields, models


class CrmContractTerminate(models.TransientModel):
    """Asks for the last day of a contract."""

    _name = "crm.contract.terminate"
    _description = "Termination of a Contract"

    contract_id = fields.Many2one("crm.contract", required=True, ondelete="cascade")
    last_day = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Terminate the contract on the last day given."""
        self.ensure_one()
        self.contract_id._terminate(self.last_day, self.reason)
        return {"type": "ir.actions.act_window_close"}
