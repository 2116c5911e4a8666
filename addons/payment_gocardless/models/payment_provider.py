from datetime import time
from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError, ProviderMisconfigured
from odoo.addons.payment_gocardless import const, webhook
from odoo.addons.payment_gocardless.client import GoCardlessClient

MIN_LEAD_DAYS = 2


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("gocardless", "GoCardless")], ondelete={"gocardless": "set default"}
    )
    # Not `required_if_provider`: a database whose secrets were wiped must still be able to write
    # on the provider, to pause it and say so. The form requires it.
    gocardless_access_token = fields.Char(
        string="Access Token", copy=False, groups="base.group_system"
    )
    gocardless_webhook_secret = fields.Char(
        string="Webhook Secret", copy=False, groups="base.group_system"
    )
    gocardless_webhook_secret_previous = fields.Char(
        string="Previous Webhook Secret",
        copy=False,
        groups="base.group_system",
        help="Accepted too while the secret is being replaced; empty it afterwards.",
    )
    gocardless_lead_days = fields.Integer(
        string="Lead Time (working days)",
        default=3,
        help="TARGET working days between sending a debit and charging it.",
    )
    gocardless_max_amount = fields.Integer(
        string="Largest Debit (EUR)",
        default=5000,
        help="The limit of the account for one payment; GoCardless raises it on request.",
    )

    gocardless_can_refund = fields.Boolean(
        string="Refunds Allowed",
        readonly=True,
        copy=False,
        help="Whether GoCardless has enabled refunds for the account, at the last check.",
    )

    @api.constrains("gocardless_lead_days", "gocardless_max_amount")
    def _check_gocardless_limits(self):
        for provider in self:
            if provider.gocardless_lead_days < MIN_LEAD_DAYS:
                raise ValidationError(
                    self.env._(
                        "GoCardless needs a lead time of %(days)s working days at least.",
                        days=MIN_LEAD_DAYS,
                    )
                )
            if provider.gocardless_max_amount < 1:
                raise ValidationError(self.env._("The largest debit must be 1 euro at least."))

    def _compute_feature_support_fields(self):
        """Override of `payment`: a mandate is kept as a token."""
        result = super()._compute_feature_support_fields()
        self.filtered(lambda p: p.code == "gocardless").support_tokenization = True
        return result

    def _get_default_payment_method_codes(self):
        """Override of `payment`: what is switched on with the provider."""
        self.ensure_one()
        if self.code != "gocardless":
            return super()._get_default_payment_method_codes()
        return {"sepa_direct_debit"}

    def _get_reset_values(self):
        """Override of `payment`: the secrets."""
        if self.code != "gocardless":
            return super()._get_reset_values()
        return {
            "gocardless_access_token": False,
            "gocardless_webhook_secret": False,
            "gocardless_webhook_secret_previous": False,
        }

    # === THE SEAM === #

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA Core in euros, announced by GoCardless.

        The cut-off is earlier than the documented 16:00 in London, for safety; 15 calls a second
        stay below 1,000 a minute. A stand-in has no such limit.
        """
        if self.code != "gocardless":
            return super()._debit_profile()
        return seam.DebitProfile(
            lead_days=self.gocardless_lead_days,
            cutoff=time(15, 0),
            min_cents=100,
            max_cents=self.gocardless_max_amount * 100,
            prenotifies=True,
            can_cancel=True,
            can_refund=self.gocardless_can_refund,
            refund_after_days=const.REFUND_AFTER_DAYS,
            pays_out=True,
            resend_is_safe=True,
            parallelism=4,
            requests_per_second=0 if self._gocardless_is_stand_in() else 15,
        )

    def _debit_client(self):
        """Override of `payment_direct_debit`: the API with the environment of the state."""
        if self.code != "gocardless":
            return super()._debit_client()
        if self.state not in const.API_URLS:
            raise ProviderMisconfigured(self.env._("%(name)s is disabled.", name=self.name))
        token = (self.sudo().gocardless_access_token or "").strip()
        if not token:
            raise ProviderMisconfigured(
                self.env._("%(name)s has no GoCardless access token.", name=self.name)
            )
        return GoCardlessClient(token, self._gocardless_url())

    def _gocardless_is_stand_in(self):
        return self.state in const.API_URLS and self._gocardless_url() != const.API_URLS[self.state]

    def _gocardless_url(self):
        """Return the address of the API; another than GoCardless' own in test mode only."""
        own = const.API_URLS[self.state]
        if self.state != "test":
            return own
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("payment_gocardless.api_base_url") or own

    def _debit_webhook_url(self):
        """Override of `payment_direct_debit`: one address for each record."""
        if self.code != "gocardless":
            return super()._debit_webhook_url()
        return urljoin(self.get_base_url(), f"{const.WEBHOOK_ROUTE}/{self.id}")

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: signature first, content after."""
        if self.code != "gocardless":
            return super()._event_verify(raw, headers)
        provider = self.sudo()
        secrets = (
            provider.gocardless_webhook_secret,
            provider.gocardless_webhook_secret_previous,
        )
        webhook.verify(raw, headers, secrets)
        return webhook.parse(raw)

    # === CONNECTION === #

    def action_gocardless_check_connection(self):
        """Ask GoCardless who we are, and fill in what it says.

        :return: a notification.
        :raise UserError: with the one thing that is wrong.
        """
        self.ensure_one()
        self.check_access("write")
        creditor = self._gocardless_creditor()
        self.write(
            {
                "creditor_identifier": creditor.identifier,
                "gocardless_can_refund": creditor.can_refund,
                "gocardless_lead_days": max(self.gocardless_lead_days, creditor.advance_notice),
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if self._gocardless_reserves(creditor) else "success",
                "title": self.env._("Connected to %(creditor)s", creditor=creditor.name),
                "message": self._gocardless_reserves(creditor)
                or self.env._("SEPA creditor identifier %(ics)s.", ics=creditor.identifier),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _gocardless_reserves(self, creditor):
        """Return what is still missing although the connection works; empty when nothing is."""
        reserves = []
        if creditor.verification_status != "successful":
            reserves.append(
                self.env._("GoCardless has not verified the account yet: it pays nothing out.")
            )
        if not self.gocardless_webhook_secret:
            reserves.append(
                self.env._("There is no webhook secret: every notification is refused.")
            )
        return " ".join(reserves)

    def _gocardless_creditor(self):
        if self.state not in const.API_URLS:
            raise UserError(
                self.env._(
                    "Choose the state “Test Mode” or “Enabled” first: it chooses between"
                    " GoCardless' sandbox and the real one."
                )
            )
        try:
            creditor = self._debit_client().creditor()
        except ProviderMisconfigured as error:
            raise UserError(self._gocardless_explain(error)) from error
        except DebitError as error:
            raise UserError(
                self.env._("GoCardless is out of reach: %(error)s", error=error)
            ) from error
        if creditor is None:
            raise UserError(
                self.env._(
                    "This GoCardless account has no creditor yet: finish its set-up in the"
                    " GoCardless dashboard."
                )
            )
        if not creditor.identifier:
            raise UserError(
                self.env._(
                    "%(creditor)s has no SEPA Core identifier at GoCardless: ask GoCardless"
                    " to enable the scheme.",
                    creditor=creditor.name,
                )
            )
        return creditor

    def _gocardless_explain(self, error):
        """Return which of the possible mistakes with a token was made."""
        if error.code == "403":
            return self.env._("This access token lacks rights: create one with read-write access.")
        if error.code != "401":
            return str(error)
        if self._gocardless_token_is_for_the_other():
            if self.state == "test":
                return self.env._(
                    "This access token is for the live environment; the test mode"
                    " needs one of manage-sandbox.gocardless.com."
                )
            return self.env._(
                "This access token is for the sandbox; the live environment needs"
                " one of manage.gocardless.com."
            )
        return self.env._(
            "GoCardless does not know this access token: create a new one under"
            " Developers > Create > Access token."
        )

    def _gocardless_token_is_for_the_other(self):
        if self._gocardless_is_stand_in():
            return False  # it has no other environment
        other = const.API_URLS["enabled" if self.state == "test" else "test"]
        try:
            GoCardlessClient(self.gocardless_access_token.strip(), other).creditor()
        except DebitError:
            return False
        return True
