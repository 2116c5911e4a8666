from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    failure_peak_days = fields.Integer(
        string="Days Looked At",
        default=7,
        help="Debits of so many days are compared with the three months before; 0: never.",
    )
    failure_peak_points = fields.Integer(
        string="Points Above Usual",
        default=5,
        help="From so many percentage points above the usual share of failures on.",
    )
    failure_peak_minimum = fields.Integer(
        string="Debits at Least", default=30, help="Fewer debits say nothing about a share."
    )
    mandate_expiry_days = fields.Integer(
        string="Days Before a Mandate Expires",
        default=60,
        help="A mandate expires 36 months after its last debit; 0: never tell.",
    )

    _alert_settings = models.Constraint(
        "CHECK(failure_peak_days BETWEEN 0 AND 60 AND failure_peak_points BETWEEN 1 AND 100"
        " AND failure_peak_minimum BETWEEN 1 AND 10000 AND mandate_expiry_days BETWEEN 0 AND 365)",
        "Failures are compared over at most 60 days, from 1 to 100 points above the usual share and"
        " at least 1 debit; a mandate is told of at most 365 days before it expires.",
    )
