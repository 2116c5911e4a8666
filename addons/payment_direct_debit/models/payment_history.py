from odoo import fields, models


class PaymentHistory(models.Model):
    """What happened to a record of the collection chain, line by line; written by the engine only.

    `date` is the engine's own date (a simulated year has its own), `create_date` the clock's.
    """

    _name = "payment.history"
    _description = "Collection History"
    _order = "id desc"
    _log_access = True

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    from_state = fields.Char(readonly=True)
    to_state = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    _record_idx = models.Index("(res_model, res_id)")
