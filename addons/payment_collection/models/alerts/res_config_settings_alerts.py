from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    failure_peak_days = fields.Integer(related="company_id.failure_peak_days", readonly=False)
    failure_peak_points = fields.Integer(related="company_id.failure_peak_points", readonly=False)
    failure_peak_minimum = fields.Integer(related="company_id.failure_peak_minimum", readonly=False)
    mandate_expiry_days = fields.Integer(related="company_id.mandate_expiry_days", readonly=False)
