from datetime import time

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured
from odoo.addons.payment_stripe_sepa import const, webhook
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[(const.CODE, "Stripe SEPA")], ondelete={const.CODE: "set default"}
    )
    stripe_sepa_secret_key = fields.Char(
        string="Secret Key for SEPA", copy=False, groups="base.group_system"
    )
    stripe_sepa_own_creditor = fields.Boolean(
        string="Own Creditor Identifier",
        help="Debits carry the company's own identifier, and the company announces them. With"
        " Stripe's identifier, Stripe announces every debit itself.",
    )

    # === THE SEAM === #

    def _debit_setup(self):
        """Override of `payment_direct_debit`: one address, a key for each environment."""
        return const.SETUP if self.code == const.CODE else super()._debit_setup()

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA Core in euros; what was sent can not be
        cancelled.

        The cut-off is half an hour before the documented 10:30. A debit is two requests, of which
        Stripe's sandbox allows 25 a second. A stand-in has no such limit.
        """
        if self.code != const.CODE:
            return super()._debit_profile()
        return seam.DebitProfile(
            lead_days=self.debit_lead_days,
            cutoff=time(10, 0),
            min_cents=50,
            max_cents=self.debit_max_amount * 100,
            prenotifies=not self.stripe_sepa_own_creditor,
            can_refund=True,
            can_register=True,
            refund_after_days=const.REFUND_AFTER_DAYS,
            refund_until_days=const.REFUND_UNTIL_DAYS,
            pays_out=True,
            resend_is_safe=True,
            parallelism=4,
            requests_per_second=0 if self._debit_is_stand_in() else 8,
        )

    def _debit_client_at(self, url):
        """Override of `payment_direct_debit`: the API, with a key that fits the state."""
        if self.code != const.CODE:
            return super()._debit_client_at(url)
        (key,) = self._debit_credentials()
        if problem := self._stripe_sepa_key_problem(key):
            raise ProviderMisconfigured(problem)
        return StripeSepaClient(key, url)

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: signature first, content after."""
        if self.code != const.CODE:
            return super()._event_verify(raw, headers)
        webhook.verify(raw, headers, self._debit_webhook_secrets())
        return webhook.parse(raw)

    # === CONNECTION === #

    def action_stripe_sepa_create_webhook(self):
        """Have Stripe notify this database, and keep the secret that it signs with.

        :return: a notification.
        :raise UserError: when Stripe does not do it.
        """
        self.ensure_one()
        self.check_access("write")
        url = self._debit_webhook_url()
        self.debit_webhook_secret = self._debit_ask(lambda client: client.webhook_create(url))
        return self._debit_notify(
            "success",
            self.env._("The webhook is set"),
            self.env._("Stripe will notify %(url)s.", url=url),
        )

    def _debit_connected(self, account):
        """Override of `payment_direct_debit`: the account, which must have SEPA."""
        if self.code != const.CODE:
            return super()._debit_connected(account)
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
        if own := account.creditor_identifier:
            self.write({"creditor_identifier": own, "stripe_sepa_own_creditor": True})
        reserves = []
        if not account.payouts_enabled:
            reserves.append(self.env._("Stripe has not verified the account: it pays nothing out."))
        return account.name, self.env._("SEPA debits are active."), reserves

    def _debit_explain(self, error):
        """Override of `payment_direct_debit`: which mistake with a key was made."""
        if self.code != const.CODE or error.code not in ("401", "403"):
            return super()._debit_explain(error)
        if error.code == "403":
            return self.env._("This restricted key lacks rights: %(error)s", error=error)
        return self.env._(
            "Stripe does not know this key: create a new one under Developers > API keys."
        )

    def _stripe_sepa_key_problem(self, key):
        """Return why a key can not be the right one, from its prefix; empty when it can."""
        other = "enabled" if self.state == "test" else "test"
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
