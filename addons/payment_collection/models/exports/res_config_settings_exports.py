from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    export_keep_days = fields.Integer(related="company_id.export_keep_days", readonly=False)
