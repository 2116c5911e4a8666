from odoo import fields, models


class IrCron(models.Model):
    """A job has no language of its own; what ours write for people is in their company's."""

    _inherit = "ir.cron"

    in_company_language = fields.Boolean(
        help="Alerts, reasons and histories that the job writes are in the language of the main"
        " company, not in English."
    )

    def _callback(self, cron_name, server_action_id):
        job = self
        language = self.env.company.partner_id.lang
        if self.in_company_language and language:
            job = self.with_context(lang=language)
        return super(IrCron, job)._callback(cron_name, server_action_id)
