from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.payment_collection.pure import notices

MANAGER = "payment_direct_debit.group_payment_manager"
AGREED = frozenset({"notice_days", "retry_notice_days"})
# What a notice tells of the mandate.
TOLD = frozenset({"name", "provider_id", "creditor_identifier", "iban_fingerprint", "iban_masked"})


class PaymentMandate(models.Model):
    """What the debtor agreed to about being told of his debits."""

    _inherit = "payment.mandate"

    notice_days = fields.Integer(
        string="Notice (Days)",
        default=notices.NOTICE_DAYS,
        required=True,
        tracking=True,
        aggregator=None,
        help="Calendar days between the notice and the debit: 14, unless the contract or the"
        " general terms that the client accepted say otherwise.",
    )
    retry_notice_days = fields.Integer(
        string="Notice of a New Attempt (Days)",
        default=lambda self: self.env.company.retry_notice_days or notices.NOTICE_DAYS,
        required=True,
        tracking=True,
        aggregator=None,
        help="The same before a debit that is presented again after it came back.",
    )
    notice_ids = fields.One2many("payment.notice", "mandate_id", readonly=True)

    _notice_days_range = models.Constraint(
        f"CHECK(notice_days BETWEEN 1 AND {notices.MAX_NOTICE_DAYS}"
        f" AND retry_notice_days BETWEEN 1 AND {notices.MAX_NOTICE_DAYS})",
        "A notice is sent at least one day and at most 90 days before the debit.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        if any(AGREED & vals.keys() for vals in vals_list):
            usual = self.default_get(list(AGREED))
            if any(mandate[name] != usual[name] for mandate in mandates for name in AGREED):
                self._check_may_agree()
        return mandates

    def write(self, vals):
        if any(mandate[name] != vals[name] for name in AGREED & vals.keys() for mandate in self):
            self._check_may_agree()
        result = super().write(vals)
        if TOLD & vals.keys():
            installments = self.env["payment.installment"].sudo()
            installments.search(
                [("mandate_id", "in", self.ids), ("notice_line_id", "!=", False)]
            )._withdraw_stale_notices()
        return result

    def _check_may_agree(self):
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Another notice than usual is agreed by a finance manager only.")
            )

    def _notice_account(self):
        """Return what identifies the account in a notice's terms; never the number itself."""
        mandate = self.sudo()
        return mandate.iban_fingerprint or mandate.iban_masked or ""

    def _notice_creditor(self):
        """Return the creditor identifier that the debtor finds on his statement."""
        mandate = self.sudo()
        return mandate.creditor_identifier or mandate.provider_id.creditor_identifier or ""

    def _notice_email(self):
        """Return the address of the debtor, or of the company that he belongs to."""
        debtor = self.sudo().partner_id
        return debtor.email_normalized or debtor.commercial_partner_id.email_normalized or ""

    def _has_failed_notice(self):
        """Tell whether a notice came back from the address that the client still has."""
        self.ensure_one()
        email = self._notice_email()
        return any(
            notice.state == "failed" and (notice.email or "") == email
            for notice in self.sudo().notice_ids
        )

    def _announce(self, company, today):
        """Bring the notices of these mandates up to date; they leave now or after a look.

        :param company: the company of the mandates.
        :param date today: the engine's date.
        """
        drafts = self.env["payment.notice"].with_company(company)._make_drafts(self, today)
        if company.notice_sending == "automatic":
            drafts._set_state("ready", self.env._("Automatic"), today)

    def _notice_values(self):
        """Return the values of a notice of this mandate: who is told, and by which names."""
        self.ensure_one()
        mandate = self.sudo()
        company = mandate.company_id
        return {
            "mandate_id": mandate.id,
            "partner_id": mandate.partner_id.id,
            "company_id": company.id,
            "lang": mandate.partner_id.lang or company.partner_id.lang,
            "email": mandate._notice_email(),
            "creditor_name": company.name,
            "creditor_identifier": mandate._notice_creditor(),
            "rum": mandate.name,
            "iban_masked": mandate.iban_masked,
            "account_key": mandate._notice_account(),
        }
