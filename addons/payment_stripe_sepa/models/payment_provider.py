from datetime import time
from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError, ProviderMisconfigured
from odoo.addons.payment_stripe_sepa import const, webhook
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient

# A target date is 3 calendar days away at least and needs as many working days; at most 15
# calendar days, which around Easter or Christmas are 8 working days.
LEAD_DAYS = range(3, 9)
# Stripe advises 7 working days from the creation, since a refund followed by a return pays twice;
# it refuses 180 days after the creation, which is up to 15 days before the debit.
REFUND_AFTER_DAYS, REFUND_UNTIL_DAYS = 10, 165


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("stripe_sepa", "Stripe SEPA")], ondelete={"stripe_sepa": "set default"}
    )
    # Not `required_if_provider`: a database whose secrets were wiped must still be able to write
    # on the provider, to pause it and say so. The form requires it.
    stripe_sepa_secret_key = fields.Char(
        string="Secret Key for SEPA", copy=False, groups="base.group_system"
    )
    stripe_sepa_webhook_secret = fields.Char(
        string="Signing Secret of the Webhook", copy=False, groups="base.group_system"
    )
    stripe_sepa_lead_days = fields.Integer(
        string="Lead Time to the Debit (working days)",
        default=5,
        help="TARGET working days between sending a debit and taking the money. A debit that was"
        " sent can not be cancelled any more.",
    )
    stripe_sepa_max_amount = fields.Integer(
        string="Largest Amount (EUR)",
        default=10000,
        help="Stripe's limit for one debit; a new account has the same limit for a week.",
    )
    stripe_sepa_own_creditor = fields.Boolean(
        string="Own Creditor Identifier",
        help="Debits carry the company's own identifier, and the company announces them. With"
        " Stripe's identifier, Stripe announces every debit itself.",
    )

    @api.constrains("stripe_sepa_lead_days", "stripe_sepa_max_amount")
    def _check_stripe_sepa_limits(self):
        for provider in self:
            if provider.stripe_sepa_lead_days not in LEAD_DAYS:
                raise ValidationError(
                    self.env._(
                        "Stripe needs a lead time of %(least)s to %(most)s working days.",
                        least=LEAD_DAYS[0],
                        most=LEAD_DAYS[-1],
                    )
                )
            if provider.stripe_sepa_max_amount < 1:
                raise ValidationError(self.env._("The largest debit must be 1 euro at least."))

    def _compute_feature_support_fields(self):
        """Override of `payment`: a mandate is kept as a token."""
        result = super()._compute_feature_support_fields()
        self.filtered(lambda p: p.code == "stripe_sepa").support_tokenization = True
        return result

    def _get_default_payment_method_codes(self):
        """Override of `payment`: what is switched on with the provider."""
        self.ensure_one()
        if self.code != "stripe_sepa":
            return super()._get_default_payment_method_codes()
        return {"sepa_direct_debit"}

    def _get_reset_values(self):
        """Override of `payment`: the secrets."""
        if self.code != "stripe_sepa":
            return super()._get_reset_values()
        return {"stripe_sepa_secret_key": False, "stripe_sepa_webhook_secret": False}

    # === THE SEAM === #

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA Core in euros.

        The cut-off is half an hour before the documented 10:30. A debit is two requests, of which
        Stripe's sandbox allows 25 a second. A stand-in has no such limit.
        """
        if self.code != "stripe_sepa":
            return super()._debit_profile()
        return seam.DebitProfile(
            lead_days=self.stripe_sepa_lead_days,
            cutoff=time(10, 0),
            min_cents=50,
            max_cents=self.stripe_sepa_max_amount * 100,
            prenotifies=not self.stripe_sepa_own_creditor,
            can_refund=True,
            refund_after_days=REFUND_AFTER_DAYS,
            refund_until_days=REFUND_UNTIL_DAYS,
            pays_out=True,
            resend_is_safe=True,
            parallelism=4,
            requests_per_second=0 if self._stripe_sepa_is_stand_in() else 8,
        )

    def _debit_client(self):
        """Override of `payment_direct_debit`: the API, with a key that fits the state."""
        if self.code != "stripe_sepa":
            return super()._debit_client()
        if self.state not in const.KEY_PREFIXES:
            raise ProviderMisconfigured(self.env._("%(name)s is disabled.", name=self.name))
        key = (self.sudo().stripe_sepa_secret_key or "").strip()
        if problem := self._stripe_sepa_key_problem(key):
            raise ProviderMisconfigured(problem)
        return StripeSepaClient(key, self._stripe_sepa_url())

    def _stripe_sepa_is_stand_in(self):
        return self._stripe_sepa_url() != const.API_URL

    def _stripe_sepa_url(self):
        """Return the address of the API; another than Stripe's own in test mode only."""
        if self.state != "test":
            return const.API_URL
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("payment_stripe_sepa.api_base_url") or const.API_URL

    def _debit_webhook_url(self):
        """Override of `payment_direct_debit`: one address for each record."""
        if self.code != "stripe_sepa":
            return super()._debit_webhook_url()
        return urljoin(self.get_base_url(), f"{const.WEBHOOK_ROUTE}/{self.id}")

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: signature first, content after."""
        if self.code != "stripe_sepa":
            return super()._event_verify(raw, headers)
        webhook.verify(raw, headers, self.sudo().stripe_sepa_webhook_secret)
        return webhook.parse(raw)

    # === CONNECTION === #

    def action_stripe_sepa_check_connection(self):
        """Ask Stripe who we are, and fill in what it says.

        :return: a notification.
        :raise UserError: with the one thing that is wrong.
        """
        self.ensure_one()
        self.check_access("write")
        account = self._stripe_sepa_account()
        if own := account.creditor_identifier:
            self.write({"creditor_identifier": own, "stripe_sepa_own_creditor": True})
        reserves = self._stripe_sepa_reserves(account)
        return self._stripe_sepa_notify(
            "warning" if reserves else "success",
            self.env._("Connected to %(account)s", account=account.name),
            reserves or self.env._("SEPA debits are active."),
        )

    def action_stripe_sepa_create_webhook(self):
        """Have Stripe notify this database, and keep the secret that it signs with.

        :return: a notification.
        :raise UserError: when Stripe does not do it.
        """
        self.ensure_one()
        self.check_access("write")
        url = self._debit_webhook_url()
        self.stripe_sepa_webhook_secret = self._stripe_sepa_ask(
            lambda client: client.webhook_create(url)
        )
        return self._stripe_sepa_notify(
            "success",
            self.env._("The webhook is set"),
            self.env._("Stripe will notify %(url)s.", url=url),
        )

    def _stripe_sepa_notify(self, kind, title, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _stripe_sepa_reserves(self, account):
        """Return what is still missing although the connection works; empty when nothing is."""
        reserves = []
        if not account.payouts_enabled:
            reserves.append(self.env._("Stripe has not verified the account: it pays nothing out."))
        if not self.stripe_sepa_webhook_secret:
            reserves.append(
                self.env._("There is no webhook secret: every notification is refused.")
            )
        return " ".join(reserves)

    def _stripe_sepa_account(self):
        account = self._stripe_sepa_ask(lambda client: client.account())
        if not account.charges_enabled:
            raise UserError(
                self.env._(
                    "%(account)s may not take payments yet: finish its set-up in the Stripe"
                    " dashboard.",
                    account=account.name,
                )
            )
        if not account.sepa_active:
            raise UserError(
                self.env._(
                    "%(account)s lacks SEPA debits: activate “SEPA Direct Debit” under"
                    " Settings > Payment methods in the Stripe dashboard.",
                    account=account.name,
                )
            )
        return account

    def _stripe_sepa_ask(self, question):
        """Return the answer of the client, or raise a UserError that a person understands."""
        if self.state not in const.KEY_PREFIXES:
            raise UserError(
                self.env._(
                    "Choose the state “Test Mode” or “Enabled” first: each has a key of its own."
                )
            )
        try:
            return question(self._debit_client())
        except ProviderMisconfigured as error:
            raise UserError(self._stripe_sepa_explain(error)) from error
        except DebitError as error:
            raise UserError(self.env._("Stripe did not answer: %(error)s", error=error)) from error

    def _stripe_sepa_explain(self, error):
        """Return which of the possible mistakes with a key was made."""
        if error.code == "401":
            return self.env._(
                "Stripe does not know this key: create a new one under Developers > API keys."
            )
        if error.code == "403":
            return self.env._("This restricted key lacks rights: %(error)s", error=error)
        return str(error)

    def _stripe_sepa_key_problem(self, key):
        """Return why a key can not be the right one, from its prefix; empty when it can."""
        other = "enabled" if self.state == "test" else "test"
        if not key:
            return self.env._("%(name)s has no Stripe secret key.", name=self.name)
        if key.startswith(const.KEY_PREFIXES[self.state]):
            return ""
        if not key.startswith(const.KEY_PREFIXES[other]):
            return self.env._(
                "This is no secret key of Stripe: that begins with sk_ or rk_, not with pk_ or"
                " whsec_."
            )
        if other == "enabled":
            return self.env._(
                "This is a live key (…_live_…); the test mode needs one of the Stripe sandbox"
                " (…_test_…)."
            )
        return self.env._(
            "This is a test key (…_test_…); the enabled state needs a live one (…_live_…)."
        )
