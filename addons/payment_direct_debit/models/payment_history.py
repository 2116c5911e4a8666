from odoo import api, fields, models


class PaymentHistory(models.Model):
    """What happened to a record of the collection chain, line by line; written by the engine only.

    `date` is the engine's own date (a simulated year has its own), `create_date` the clock's.
    """

    _name = "payment.history"
    _description = "Collection History"
    _order = "id desc"
    _log_access = True

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True, index=True
    )
    date = fields.Date(required=True, readonly=True)
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    from_label = fields.Char(string="From", compute="_compute_labels")
    to_label = fields.Char(string="To", compute="_compute_labels")
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @api.depends("res_model", "from_state", "to_state")
    @api.depends_context("lang")
    def _compute_labels(self):
        """Show states by the words that the record's own form uses."""
        labels = {}
        for name in set(self.mapped("res_model")) & set(self.env):
            model = self.env[name]
            field = model._fields.get(getattr(model, "_state_field", ""))
            if field:
                labels[name] = dict(field._description_selection(self.env))
        for line in self:
            words = labels.get(line.res_model, {})
            line.from_label = words.get(line.from_state, line.from_state)
            line.to_label = words.get(line.to_state, line.to_state)
