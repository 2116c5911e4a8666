from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    prenotification_required = fields.Boolean(
        related="company_id.prenotification_required", readonly=False
    )
    notice_sending = fields.Selection(related="company_id.notice_sending", readonly=False)
    retry_notice_days = fields.Integer(related="company_id.retry_notice_days", readonly=False)
    notice_grace_days = fields.Integer(related="company_id.notice_grace_days", readonly=False)
    collection_limit = fields.Monetary(
        related="company_id.collection_limit", readonly=False, currency_field="currency_id"
    )
