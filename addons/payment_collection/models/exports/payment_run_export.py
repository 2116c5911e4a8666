from odoo import models


class PaymentRun(models.Model):
    """A run's list of debits, on its form."""

    _inherit = "payment.run"

    def action_export(self):
        """Ask for the list of what this run decided, line by line."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Export the Debits"),
            "res_model": "payment.export.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_kind": "run", "default_run_id": self.id},
        }
