from odoo import fields, models

from odoo.addons.payment_collection.pure import notices

SENDING = [("automatic", "At once"), ("preview", "After a look")]


class ResCompany(models.Model):
    _inherit = "res.company"

    prenotification_required = fields.Boolean(
        string="Announce Debits",
        default=True,
        help="No debit leaves that was not announced to the client, by us or by the provider.",
    )
    notice_sending = fields.Selection(SENDING, string="Send Notices", default="automatic")
    retry_notice_days = fields.Integer(
        string="Notice of a New Attempt (Days)",
        default=notices.NOTICE_DAYS,
        help="What the general terms agree on for debits presented again; each new mandate takes"
        " it over.",
    )
    notice_grace_days = fields.Integer(
        string="Later Than Announced (Days)",
        help="A debit may be so many days later than announced without another notice.",
    )
    collection_limit = fields.Monetary(
        string="Largest Debit", help="Debits above are held; empty: no limit."
    )

    _notice_settings = models.Constraint(
        f"CHECK(retry_notice_days BETWEEN 1 AND {notices.MAX_NOTICE_DAYS}"
        " AND notice_grace_days BETWEEN 0 AND 10 AND COALESCE(collection_limit, 0) >= 0)",
        "The notice of a new attempt is 1 to 90 days, a debit is at most 10 days later than"
        " announced, and a limit is not negative.",
    )
