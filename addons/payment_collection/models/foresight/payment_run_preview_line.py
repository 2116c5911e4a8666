from odoo import api, fields, models

from odoo.addons.payment_collection.models.installment.payment_installment import HOLD_REASONS


class PaymentRunPreviewLine(models.Model):
    """One group of a preview: what one provider would take, or what one reason would hold."""

    _name = "payment.run.preview.line"
    _description = "Collection Preview Line"
    _order = "kind, count desc, id"
    _rec_name = "kind"

    preview_id = fields.Many2one(
        "payment.run.preview", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="preview_id.currency_id")
    kind = fields.Selection(
        [("debit", "To be debited"), ("held", "To be held"), ("invoice", "Invoiced only")],
        string="Decision",
        required=True,
        readonly=True,
    )
    provider_id = fields.Many2one("payment.provider", readonly=True, ondelete="cascade")
    hold_reason = fields.Selection(HOLD_REASONS, readonly=True)
    label = fields.Char(string="By or Why", compute="_compute_label")
    count = fields.Integer(string="Installments", readonly=True, aggregator="sum")
    amount = fields.Monetary(readonly=True)
    success_count = fields.Float(string="Expected to Succeed", digits=(16, 1), readonly=True)
    success_amount = fields.Monetary(string="Amount Expected", readonly=True)
    expected_cost = fields.Monetary(readonly=True)
    installment_numbers = fields.Json(readonly=True)

    @api.depends("provider_id", "hold_reason")
    @api.depends_context("lang")
    def _compute_label(self):
        held = self.env["payment.installment"]._fields["hold_reason"]
        reasons = dict(held._description_selection(self.env))
        for line in self:
            line.label = line.provider_id.sudo().name or reasons.get(line.hold_reason, "")

    def action_view_installments(self):
        """Open the installments of the group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_installment_action"
        )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        name = " · ".join(filter(None, (kinds[self.kind], self.label)))
        return {
            **action,
            "name": name,
            "domain": [("id", "in", self.installment_numbers or [])],
            "context": {},
        }
