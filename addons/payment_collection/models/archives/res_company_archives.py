from odoo import fields, models

# Accounting documents and what proves them: article L123-22 of the Code de commerce.
ACCOUNTING_YEARS = 10
# The nightly comparison with the providers looks back 60 days; nobody can explain a debit whose
# messages are gone before that.
LEAST_EVENT_MONTHS = 3
# A debit can be contested for 13 months (article L133-24 of the Code monétaire et financier), and
# the client's bank then asks for the mandate.
LEAST_MANDATE_YEARS = 2


class ResCompany(models.Model):
    """How long payments stay in the daily view, and how long bank data is kept; 0 is for ever."""

    _inherit = "res.company"

    archive_after_months = fields.Integer(
        string="Months in the Daily View",
        default=24,
        help="Payments that are over leave the Payments page for the archives after so many"
        " months; nothing is deleted, and whatever happens to them brings them back. 0: never.",
    )
    event_retention_months = fields.Integer(
        string="Messages of Providers (Months)",
        default=14,
        help="The text of messages that were applied holds names and bank data and is removed"
        " after so many months: a debit can be contested for 13 months. Type, identifiers and"
        " fingerprint stay. Messages about payouts prove entries and are kept for 10 years"
        " (article L123-22 of the French Code de commerce). At least 3; 0: never.",
    )
    mandate_retention_years = fields.Integer(
        string="Bank Details of Ended Mandates (Years)",
        default=5,
        help="Account, holder and signed document of a mandate are removed so many years after"
        " its end and its last debit: a debit can be contested for 13 months, and claims from a"
        " contract lapse after 5 years (article 2224 of the French Code civil). At least 2;"
        " 0: never.",
    )
    notice_retention_years = fields.Integer(
        string="Text of Debit Notices (Years)",
        default=ACCOUNTING_YEARS,
        help="Address, account and text of a notice are removed after so many years. A notice"
        " goes with the invoice that it announces: at least 10 years (article L123-22 of the"
        " French Code de commerce); 0: never.",
    )

    _archive_settings = models.Constraint(
        "CHECK(COALESCE(archive_after_months, 0) >= 0)",
        "Payments stay in the daily view for 0 months (for ever) or more.",
    )
    _event_retention = models.Constraint(
        "CHECK(COALESCE(event_retention_months, 0) = 0"
        f" OR event_retention_months >= {LEAST_EVENT_MONTHS})",
        "Messages of providers are kept for 3 months at least: until then they explain debits.",
    )
    _mandate_retention = models.Constraint(
        "CHECK(COALESCE(mandate_retention_years, 0) = 0"
        f" OR mandate_retention_years >= {LEAST_MANDATE_YEARS})",
        "The proof of a mandate is kept for 2 years at least: a debit can be contested for 13"
        " months, and a bank may ask for the mandate then.",
    )
    _notice_retention = models.Constraint(
        "CHECK(COALESCE(notice_retention_years, 0) = 0"
        f" OR notice_retention_years >= {ACCOUNTING_YEARS})",
        "Notices are kept for 10 years at least, as the invoices that they announce (article"
        " L123-22 of the French Code de commerce).",
    )
