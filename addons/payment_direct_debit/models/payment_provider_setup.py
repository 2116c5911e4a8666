from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured

WEBHOOK_SECRETS = ("debit_webhook_secret", "debit_webhook_secret_previous")


class PaymentProvider(models.Model):
    """What an administrator fills in: the same form for every provider of debits.

    Credentials are never `required_if_provider`: a database whose secrets were wiped must still
    be able to write on the provider, to pause it and say so. The form requires them.
    """

    _inherit = "payment.provider"

    debit_webhook_secret = fields.Char(
        string="Webhook Secret",
        copy=False,
        groups="base.group_system",
        help="With it the provider signs its notifications.",
    )
    debit_webhook_secret_previous = fields.Char(
        string="Previous Webhook Secret",
        copy=False,
        groups="base.group_system",
        help="Accepted too while the secret is being replaced; empty it afterwards.",
    )
    debit_lead_days = fields.Integer(
        string="Lead Time (working days)",
        compute="_compute_debit_limits",
        store=True,
        readonly=False,
        help="TARGET working days between sending a debit and charging it.",
    )
    debit_max_amount = fields.Integer(
        string="Largest Debit (EUR)",
        compute="_compute_debit_limits",
        store=True,
        readonly=False,
        help="The limit of the account for one debit, as the provider has told it.",
    )

    @api.depends("code")
    def _compute_debit_limits(self):
        for provider in self:
            if setup := provider._debit_setup():
                provider.debit_lead_days = setup.lead_days
                provider.debit_max_amount = setup.max_amount
            else:
                provider.debit_lead_days = provider.debit_lead_days
                provider.debit_max_amount = provider.debit_max_amount

    @api.constrains("debit_lead_days", "debit_max_amount")
    def _check_debit_limits(self):
        for provider in self:
            setup = provider._debit_setup()
            if setup and provider.debit_lead_days not in setup.lead_days_allowed:
                raise ValidationError(
                    self.env._(
                        "%(provider)s needs a lead time of %(least)s to %(most)s working days.",
                        provider=setup.name,
                        least=setup.lead_days_allowed[0],
                        most=setup.lead_days_allowed[-1],
                    )
                )
            if setup and provider.debit_max_amount < 1:
                raise ValidationError(self.env._("The largest debit must be 1 euro at least."))

    # === THE SEAM === #

    def _debit_setup(self):
        """Return how this provider is set up.

        :return: a `seam.ProviderSetup`; None where this form does not serve.
        """
        return None

    def _debit_client_at(self, url):
        """Return the client of this provider; its credentials are filled in.

        :param str url: the address of the API.
        :raise ProviderMisconfigured: for credentials that can not be such.
        """
        raise ProviderMisconfigured(
            self.env._("%(provider)s can not take direct debits.", provider=self.name)
        )

    def _debit_client(self):
        """Return the client for the environment that the state chooses.

        :raise ProviderMisconfigured: disabled, or without credentials.
        """
        setup = self._debit_setup()
        if setup and self.state not in setup.api_urls:
            raise ProviderMisconfigured(self.env._("%(name)s is disabled.", name=self.name))
        if missing := self._debit_missing():
            raise ProviderMisconfigured(
                self.env._("%(name)s lacks: %(fields)s.", name=self.name, fields=", ".join(missing))
            )
        return self._debit_client_at(self._debit_api_url())

    def _debit_webhook_url(self):
        """Return the address that the provider must notify: one for each record, since a
        notification names no account; False where it has none."""
        if not self._debit_setup():
            return False
        return urljoin(self.get_base_url(), f"/payment/{self.code}/webhook/{self.id}")

    # === WHAT THE PROVIDERS ASK === #

    def _debit_credentials(self):
        """Return the credentials, in the order of the set-up, without blanks around them."""
        setup, provider = self._debit_setup(), self.sudo()
        return [(provider[name] or "").strip() for name in setup.credentials] if setup else []

    def _debit_missing(self):
        """Return the labels of the credentials that are not filled in."""
        credentials = self._debit_credentials()
        if all(credentials):
            return []
        labels = self.sudo().fields_get(self._debit_setup().credentials, ["string"])
        return [
            label["string"]
            for label, value in zip(labels.values(), credentials, strict=True)
            if not value
        ]

    def _debit_webhook_secrets(self):
        """Return the secrets that may sign a notification."""
        provider = self.sudo()
        return [provider[name] for name in WEBHOOK_SECRETS]

    def _debit_api_url(self):
        """Return the address of the API; another than the provider's own in test mode only."""
        setup = self._debit_setup()
        own = setup and setup.api_urls.get(self.state)
        if not own or self.state != "test":
            return own
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param(f"payment_{self.code}.api_base_url") or own

    def _debit_is_stand_in(self):
        """Tell whether another server plays the provider, without its limits."""
        setup = self._debit_setup()
        return bool(setup and self._debit_api_url() != setup.api_urls.get(self.state))

    # === THE FRAMEWORK === #

    def _compute_feature_support_fields(self):
        """Override of `payment`: a mandate is kept as a token."""
        result = super()._compute_feature_support_fields()
        self.filtered(lambda provider: provider._debit_setup()).support_tokenization = True
        return result

    def _get_default_payment_method_codes(self):
        """Override of `payment`: what is switched on with the provider."""
        self.ensure_one()
        if not self._debit_setup():
            return super()._get_default_payment_method_codes()
        return {self._debit_payment_method().code}

    def _get_reset_values(self):
        """Override of `payment`: the secrets."""
        setup = self._debit_setup()
        if not setup:
            return super()._get_reset_values()
        return dict.fromkeys((*setup.secrets, *WEBHOOK_SECRETS), False)
