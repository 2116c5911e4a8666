import logging
from datetime import time
from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitRefused,
    EventRejected,
    ProviderMisconfigured,
)
from odoo.addons.payment_slimpay import const, snapshots, webhook
from odoo.addons.payment_slimpay.client import SlimPayClient

_logger = logging.getLogger(__name__)

MIN_LEAD_DAYS = 2
# Five working days, which holidays can stretch: before, the bank may still return the debit.
REFUND_AFTER_DAYS = 11
REFUND_UNTIL_DAYS = 14 * 30  # SlimPay: 14 months


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("slimpay", "SlimPay")], ondelete={"slimpay": "set default"}
    )
    # Not `required_if_provider`: a database whose secrets were wiped must still be able to write
    # on the provider, to pause it and say so. The form requires them.
    slimpay_app_name = fields.Char(string="App Name", copy=False, groups="base.group_system")
    slimpay_app_secret = fields.Char(string="App Secret", copy=False, groups="base.group_system")
    slimpay_creditor_reference = fields.Char(string="Creditor Reference", copy=False)
    slimpay_entity_reference = fields.Char(
        string="Entity Reference", copy=False, help="Only for a subsidiary of the creditor."
    )
    slimpay_webhook_secret = fields.Char(
        string="SlimPay Webhook Secret",
        copy=False,
        groups="base.group_system",
        help="Of a webhook configuration; notifications of orders need none.",
    )
    slimpay_webhook_secret_previous = fields.Char(
        string="Previous SlimPay Webhook Secret",
        copy=False,
        groups="base.group_system",
        help="Accepted too while the secret is being replaced; empty it afterwards.",
    )
    slimpay_own_rum = fields.Boolean(
        string="Our Mandate References",
        default=True,
        help="Give mandates our own references; otherwise SlimPay makes them.",
    )
    slimpay_lead_days = fields.Integer(
        string="SlimPay Lead Time (working days)",
        default=3,
        help="TARGET working days between sending a debit and charging it.",
    )
    slimpay_max_amount = fields.Integer(
        string="Largest SlimPay Debit (EUR)",
        default=5000,
        help="The limit of the account for one payment.",
    )

    @api.constrains("slimpay_lead_days", "slimpay_max_amount")
    def _check_slimpay_limits(self):
        for provider in self:
            if provider.slimpay_lead_days < MIN_LEAD_DAYS:
                raise ValidationError(
                    self.env._(
                        "SlimPay needs a lead time of %(days)s working days at least.",
                        days=MIN_LEAD_DAYS,
                    )
                )
            if provider.slimpay_max_amount < 1:
                raise ValidationError(self.env._("The largest debit must be 1 euro at least."))

    def _compute_feature_support_fields(self):
        """Override of `payment`: a mandate is kept as a token."""
        result = super()._compute_feature_support_fields()
        self.filtered(lambda p: p.code == "slimpay").support_tokenization = True
        return result

    def _get_default_payment_method_codes(self):
        """Override of `payment`: what is switched on with the provider."""
        self.ensure_one()
        if self.code != "slimpay":
            return super()._get_default_payment_method_codes()
        return {"sepa_direct_debit"}

    def _get_reset_values(self):
        """Override of `payment`: the credentials."""
        if self.code != "slimpay":
            return super()._get_reset_values()
        return {
            "slimpay_app_name": False,
            "slimpay_app_secret": False,
            "slimpay_webhook_secret": False,
            "slimpay_webhook_secret_previous": False,
        }

    # === THE SEAM === #

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA Core in euros, announced by us.

        Neither cut-off nor rate limit is documented: early in the day, and some five requests a
        second (a debit is looked for, then sent). A stand-in has no such limit.
        """
        if self.code != "slimpay":
            return super()._debit_profile()
        return seam.DebitProfile(
            lead_days=self.slimpay_lead_days,
            cutoff=time(10, 0),
            max_cents=self.slimpay_max_amount * 100,
            can_cancel=True,
            can_refund=True,
            refund_after_days=REFUND_AFTER_DAYS,
            refund_until_days=REFUND_UNTIL_DAYS,
            parallelism=4,
            requests_per_second=0 if self._slimpay_is_stand_in() else 2.5,
        )

    def _debit_client(self):
        """Override of `payment_direct_debit`: the API with the environment of the state."""
        if self.code != "slimpay":
            return super()._debit_client()
        if self.state not in const.API_URLS:
            raise ProviderMisconfigured(self.env._("%(name)s is disabled.", name=self.name))
        if missing := self._slimpay_missing():
            raise ProviderMisconfigured(
                self.env._("%(name)s lacks: %(fields)s.", name=self.name, fields=", ".join(missing))
            )
        return self._slimpay_client(self._slimpay_url())

    def _slimpay_client(self, url):
        provider = self.sudo()
        return SlimPayClient(
            provider.slimpay_app_name.strip(),
            provider.slimpay_app_secret.strip(),
            provider.slimpay_creditor_reference.strip(),
            url,
            entity=(provider.slimpay_entity_reference or "").strip(),
            own_rum=provider.slimpay_own_rum,
        )

    def _slimpay_missing(self):
        provider = self.sudo()
        needed = ("slimpay_app_name", "slimpay_app_secret", "slimpay_creditor_reference")
        return [
            field["string"]
            for name, field in provider.fields_get(needed, ["string"]).items()
            if not (provider[name] or "").strip()
        ]

    def _slimpay_is_stand_in(self):
        return self.state in const.API_URLS and self._slimpay_url() != const.API_URLS[self.state]

    def _slimpay_url(self):
        """Return the address of the API; another than SlimPay's own in test mode only."""
        own = const.API_URLS[self.state]
        if self.state != "test":
            return own
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("payment_slimpay.api_base_url") or own

    def _debit_webhook_url(self):
        """Override of `payment_direct_debit`: one address for each record."""
        if self.code != "slimpay":
            return super()._debit_webhook_url()
        return urljoin(self.get_base_url(), f"{const.WEBHOOK_ROUTE}/{self.id}")

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: what is signed is verified, what is not only hints.

        Nobody signs the notification of an order. What stands in it is never believed and no link
        of it is followed: where it names an order that one of our mandates waits for, the order
        is read anew from SlimPay's own host, and that is the event. Anything else is dropped.
        """
        if self.code != "slimpay":
            return super()._event_verify(raw, headers)
        signature = webhook.signature(headers)
        if signature is None:
            return self._slimpay_order_events(webhook.order_reference(raw))
        provider = self.sudo()
        secrets = (provider.slimpay_webhook_secret, provider.slimpay_webhook_secret_previous)
        webhook.verify(raw, signature, secrets)
        return [webhook.parse(raw)]

    def _slimpay_order_events(self, reference):
        """Return what became of an order that a mandate of ours waits for; else nothing."""
        mandates = self.env["payment.mandate"].sudo()
        ours = [("provider_id", "=", self.id), ("signature_session_ref", "=", reference)]
        if not mandates.search_count([*ours, ("state", "=", "to_sign")], limit=1):
            _logger.info("notification for provider %s about no open signature", self.id)
            return []
        try:
            order = self._debit_client().order(reference)
        except DebitError as error:
            # SlimPay notifies again after a server error.
            raise EventRejected("the order can not be read now", status=503) from error
        return [snapshots.order_event(order)] if order["state"].startswith("closed") else []

    # === CONNECTION === #

    def action_slimpay_check_connection(self):
        """Ask SlimPay whether the app may use the creditor.

        :return: a notification.
        :raise UserError: with the one thing that is wrong.
        """
        self.ensure_one()
        self.check_access("write")
        creditor = self._slimpay_creditor()
        reserve = not self.creditor_identifier and self.env._(
            "The SEPA creditor identifier (ICS) is missing here: SlimPay's interface does not tell"
            " it, your contract does."
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if reserve else "success",
                "title": self.env._("Connected to %(creditor)s", creditor=creditor.name),
                "message": reserve
                or self.env._(
                    "In the app's settings at SlimPay, the notification URL must be %(url)s",
                    url=self.debit_webhook_url,
                ),
            },
        }

    def _slimpay_creditor(self):
        if self.state not in const.API_URLS:
            raise UserError(
                self.env._(
                    "Choose the state “Test Mode” or “Enabled” first: it chooses between"
                    " SlimPay's preproduction and the real one."
                )
            )
        try:
            return self._debit_client().creditor()
        except ProviderMisconfigured as error:
            raise UserError(self._slimpay_explain(error)) from error
        except DebitRefused as error:
            raise UserError(self._slimpay_unknown_creditor()) from error
        except DebitError as error:
            raise UserError(
                self.env._("SlimPay is out of reach: %(error)s", error=error)
            ) from error

    def _slimpay_explain(self, error):
        """Return which of the possible mistakes with the credentials was made."""
        if error.code == str(const.ACCESS_DENIED):
            return self._slimpay_unknown_creditor()
        if error.code != "401":
            return str(error)
        if self._slimpay_app_is_of_the_other():
            if self.state == "test":
                return self.env._(
                    "This app is one of the live environment; the test mode needs one of"
                    " dashboard.preprod.slimpay.com."
                )
            return self.env._(
                "This app is one of the preproduction; the live environment needs one of"
                " dashboard.slimpay.com."
            )
        return self.env._(
            "SlimPay does not accept this app name and secret: compare both with App management in"
            " the SlimPay dashboard."
        )

    def _slimpay_unknown_creditor(self):
        return self.env._(
            "The app %(app)s may not use the creditor “%(creditor)s”: compare the reference with"
            " the SlimPay dashboard.",
            app=self.slimpay_app_name,
            creditor=self.slimpay_creditor_reference,
        )

    def _slimpay_app_is_of_the_other(self):
        if self._slimpay_is_stand_in():
            return False  # it has no other environment
        try:
            self._slimpay_client(
                const.API_URLS["enabled" if self.state == "test" else "test"]
            ).creditor()
        except DebitError:
            return False
        return True
