from odoo import fields, models


class PaymentRun(models.Model):
    """The dry run on the form of a planned run."""

    _inherit = "payment.run"

    preview_ids = fields.One2many("payment.run.preview", "run_id", readonly=True)
    previewed_at = fields.Datetime(related="preview_ids.previewed_at")
    preview_due_count = fields.Integer(related="preview_ids.due_count")
    preview_due_amount = fields.Monetary(related="preview_ids.due_amount")
    preview_debit_count = fields.Integer(related="preview_ids.debit_count")
    preview_debit_amount = fields.Monetary(related="preview_ids.debit_amount")
    preview_held_count = fields.Integer(related="preview_ids.held_count")
    preview_held_amount = fields.Monetary(related="preview_ids.held_amount")
    preview_success_count = fields.Float(related="preview_ids.success_count")
    preview_success_amount = fields.Monetary(related="preview_ids.success_amount")
    preview_expected_cost = fields.Monetary(related="preview_ids.expected_cost")
    preview_line_ids = fields.One2many(related="preview_ids.line_ids", string="Preview Lines")

    def action_preview(self):
        """Show what this run would do; nothing is changed but the preview."""
        self.check_access("write")
        for run in self:
            preview = run.preview_ids or self.env["payment.run.preview"].create(
                {"run_id": run.id, "company_id": run.company_id.id, "date": run.date}
            )
            preview.write({"date": run.date, "date_until": run.date_until})
            preview.action_preview()

    def action_view_preview(self):
        """Open what was foreseen, beside what has come."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.run.preview",
            "res_id": self.preview_ids.id,
            "view_mode": "form",
        }
