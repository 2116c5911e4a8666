from datetime import time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_gocardless import const, webhook
from odoo.addons.payment_gocardless.client import GoCardlessClient


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[(const.CODE, "GoCardless")], ondelete={const.CODE: "set default"}
    )
    gocardless_access_token = fields.Char(
        string="Access Token", copy=False, groups="base.group_system"
    )
    gocardless_can_refund = fields.Boolean(
        string="Refunds Allowed",
        readonly=True,
        copy=False,
        help="Whether GoCardless has enabled refunds for the account, at the last check.",
    )
    gocardless_can_register = fields.Boolean(
        string="Mandates by API Allowed",
        readonly=True,
        copy=False,
        help="Whether GoCardless has enabled custom payment pages for the account, at the last"
        " check: mandates that were signed on paper can then be registered.",
    )

    # === THE SEAM === #

    def _debit_setup(self):
        """Override of `payment_direct_debit`: one token for each environment."""
        return const.SETUP if self.code == const.CODE else super()._debit_setup()

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA Core in euros, announced by GoCardless.

        The cut-off is earlier than the documented 16:00 in London, for safety; 15 calls a second
        stay below 1,000 a minute. A stand-in has no such limit.
        """
        if self.code != const.CODE:
            return super()._debit_profile()
        return seam.DebitProfile(
            lead_days=self.debit_lead_days,
            cutoff=time(15, 0),
            min_cents=100,
            max_cents=self.debit_max_amount * 100,
            prenotifies=True,
            can_cancel=True,
            can_refund=self.gocardless_can_refund,
            can_register=self.gocardless_can_register,
            refund_after_days=const.REFUND_AFTER_DAYS,
            pays_out=True,
            resend_is_safe=True,
            parallelism=4,
            requests_per_second=0 if self._debit_is_stand_in() else 15,
        )

    def _debit_client_at(self, url):
        """Override of `payment_direct_debit`: the API at an address."""
        if self.code != const.CODE:
            return super()._debit_client_at(url)
        return GoCardlessClient(*self._debit_credentials(), url)

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: signature first, content after."""
        if self.code != const.CODE:
            return super()._event_verify(raw, headers)
        webhook.verify(raw, headers, self._debit_webhook_secrets())
        return webhook.parse(raw)

    # === CONNECTION === #

    def _debit_connected(self, account):
        """Override of `payment_direct_debit`: the creditor, who must have SEPA."""
        if self.code != const.CODE:
            return super()._debit_connected(account)
        if account is None:
            raise UserError(
                self.env._(
                    "This GoCardless account has no creditor yet: finish its set-up in the"
                    " GoCardless dashboard."
                )
            )
        if not account.identifier:
            raise UserError(
                self.env._(
                    "%(creditor)s has no SEPA Core identifier at GoCardless: ask GoCardless"
                    " to enable the scheme.",
                    creditor=account.name,
                )
            )
        self.write(
            {
                "creditor_identifier": account.identifier,
                "gocardless_can_refund": account.can_refund,
                "gocardless_can_register": account.can_register,
                "debit_lead_days": max(self.debit_lead_days, account.advance_notice),
            }
        )
        reserves = []
        if account.verification_status != "successful":
            reserves.append(
                self.env._("GoCardless has not verified the account yet: it pays nothing out.")
            )
        good = self.env._("SEPA creditor identifier %(ics)s.", ics=account.identifier)
        return account.name, good, reserves

    def _debit_explain(self, error):
        """Override of `payment_direct_debit`: which mistake with a token was made."""
        if self.code != const.CODE or error.code not in ("401", "403"):
            return super()._debit_explain(error)
        if error.code == "403":
            return self.env._("This access token lacks rights: create one with read-write access.")
        if not self._debit_is_of_the_other():
            return self.env._(
                "GoCardless does not know this access token: create a new one under"
                " Developers > Create > Access token."
            )
        if self.state == "test":
            return self.env._(
                "This access token is for the live environment; the test mode"
                " needs one of manage-sandbox.gocardless.com."
            )
        return self.env._(
            "This access token is for the sandbox; the live environment needs"
            " one of manage.gocardless.com."
        )
