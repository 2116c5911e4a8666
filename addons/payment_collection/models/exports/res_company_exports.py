from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    export_keep_days = fields.Integer(
        string="Keep Exported Files (Days)",
        default=365,
        help="After so many days the file of an export of payments is removed; who took it out,"
        " when, and its fingerprint stay. 0: files are kept.",
    )

    _export_settings = models.Constraint(
        "CHECK(export_keep_days >= 0)", "Exported files are kept for 0 days or more."
    )
