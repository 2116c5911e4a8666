from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The terms, each with what it would do tonight, before it is saved."""

    _inherit = "res.config.settings"

    archive_after_months = fields.Integer(related="company_id.archive_after_months", readonly=False)
    event_retention_months = fields.Integer(
        related="company_id.event_retention_months", readonly=False
    )
    mandate_retention_years = fields.Integer(
        related="company_id.mandate_retention_years", readonly=False
    )
    notice_retention_years = fields.Integer(
        related="company_id.notice_retention_years", readonly=False
    )
    archive_now_count = fields.Char(compute="_compute_archive_now_count")
    event_removal_count = fields.Char(compute="_compute_event_removal_count")
    mandate_removal_count = fields.Char(compute="_compute_mandate_removal_count")
    notice_removal_count = fields.Char(compute="_compute_notice_removal_count")

    @api.depends("company_id", "archive_after_months")
    def _compute_archive_now_count(self):
        payments = self.env["payment.transaction"].sudo()
        today = fields.Date.context_today(self)
        for settings in self:
            before = payments._archive_before(settings.archive_after_months, today)
            count = before and payments._archive_count(settings.company_id, before, today)
            settings.archive_now_count = self._shown_count(count)

    @api.depends("company_id", "event_retention_months")
    def _compute_event_removal_count(self):
        for settings in self:
            settings.event_removal_count = self._removal_count(
                "event", settings.company_id, settings.event_retention_months
            )

    @api.depends("company_id", "mandate_retention_years")
    def _compute_mandate_removal_count(self):
        for settings in self:
            settings.mandate_removal_count = self._removal_count(
                "mandate", settings.company_id, settings.mandate_retention_years
            )

    @api.depends("company_id", "notice_retention_years")
    def _compute_notice_removal_count(self):
        for settings in self:
            settings.notice_removal_count = self._removal_count(
                "notice", settings.company_id, settings.notice_retention_years
            )

    @api.model
    def _removal_count(self, subject, company, term):
        """Return how many records of a subject have had their time, for a person."""
        passes = self.env["payment.retention.pass"].sudo()
        today = fields.Date.context_today(self)
        return self._shown_count(passes._preview(subject, company, term, today))

    @api.model
    def _shown_count(self, count):
        limit = self.env["payment.retention.pass"]._PREVIEW_LIMIT
        return f"{limit:,}+" if count > limit else f"{count or 0:,}"

    def action_view_retention_passes(self):
        """Open what the nightly passes have archived and removed."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "payment_collection.payment_retention_pass_action"
        )
