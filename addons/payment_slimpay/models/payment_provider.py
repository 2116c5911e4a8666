import logging
from datetime import time

from odoo import fields, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError, DebitRefused, EventRejected
from odoo.addons.payment_slimpay import const, snapshots, webhook
from odoo.addons.payment_slimpay.client import SlimPayClient

_logger = logging.getLogger(__name__)


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[(const.CODE, "SlimPay")], ondelete={const.CODE: "set default"}
    )
    slimpay_app_name = fields.Char(string="App Name", copy=False, groups="base.group_system")
    slimpay_app_secret = fields.Char(string="App Secret", copy=False, groups="base.group_system")
    slimpay_creditor_reference = fields.Char(string="Creditor Reference", copy=False)
    slimpay_entity_reference = fields.Char(
        string="Entity Reference", copy=False, help="Only for a subsidiary of the creditor."
    )
    slimpay_own_rum = fields.Boolean(
        string="Our Mandate References",
        default=True,
        help="Give mandates our own references; otherwise SlimPay makes them.",
    )
    slimpay_can_register = fields.Boolean(
        string="Mandate Import Enabled",
        help="SlimPay has switched on the import of mandates for the creditor: those that were"
        " signed on paper can then be registered.",
    )
    slimpay_b2b = fields.Boolean(
        string="SEPA B2B Enabled",
        help="SlimPay has switched on SEPA B2B for the creditor. The debtor, a company, must tell"
        " its own bank about each mandate before the first debit.",
    )

    # === THE SEAM === #

    def _debit_setup(self):
        """Override of `payment_direct_debit`: an app and a creditor for each environment."""
        return const.SETUP if self.code == const.CODE else super()._debit_setup()

    def _debit_profile(self):
        """Override of `payment_direct_debit`: SEPA in euros, announced by us.

        Neither cut-off nor rate limit is documented: early in the day, and some five requests a
        second (a debit is looked for, then sent). A stand-in has no such limit.
        """
        if self.code != const.CODE:
            return super()._debit_profile()
        return seam.DebitProfile(
            schemes=frozenset({"core", "b2b"} if self.slimpay_b2b else {"core"}),
            lead_days=self.debit_lead_days,
            cutoff=time(10, 0),
            max_cents=self.debit_max_amount * 100,
            tells_collected=False,
            can_cancel=True,
            can_refund=True,
            can_register=self.slimpay_can_register,
            can_amend=True,
            refund_after_days=const.REFUND_AFTER_DAYS,
            refund_until_days=const.REFUND_UNTIL_DAYS,
            parallelism=4,
            requests_per_second=0 if self._debit_is_stand_in() else 2.5,
        )

    def _debit_client_at(self, url):
        """Override of `payment_direct_debit`: the API at an address."""
        if self.code != const.CODE:
            return super()._debit_client_at(url)
        return SlimPayClient(
            *self._debit_credentials(),
            url,
            entity=(self.slimpay_entity_reference or "").strip(),
            own_rum=self.slimpay_own_rum,
        )

    def _event_verify(self, raw, headers):
        """Override of `payment_direct_debit`: what is signed is verified, what is not only hints.

        Nobody signs the notification of an order. What stands in it is never believed and no link
        of it is followed: where it names an order that one of our mandates waits for, the order
        is read anew from SlimPay's own host, and that is the event. Anything else is dropped.
        """
        if self.code != const.CODE:
            return super()._event_verify(raw, headers)
        if not webhook.is_signed(headers):
            return self._slimpay_order_events(webhook.order_reference(raw))
        webhook.verify(raw, headers, self._debit_webhook_secrets())
        return webhook.parse(raw)

    def _slimpay_order_events(self, reference):
        """Return what became of an order that a mandate of ours waits for; else nothing."""
        mandates = self.env["payment.mandate"].sudo()
        ours = [("provider_id", "=", self.id), ("signature_session_ref", "=", reference)]
        waiting = ["|", ("state", "=", "to_sign"), ("amendment_ids.state", "=", "asked")]
        if not mandates.search_count([*ours, *waiting], limit=1):
            _logger.info("notification for provider %s about no open signature", self.id)
            return []
        try:
            order = self._debit_client().order(reference)
        except DebitError as error:
            # SlimPay notifies again after a server error.
            raise EventRejected("the order can not be read now", status=503) from error
        return [snapshots.order_event(order)] if order["state"].startswith("closed") else []

    # === CONNECTION === #

    def _debit_connected(self, account):
        """Override of `payment_direct_debit`: the creditor, of whom SlimPay tells the name only."""
        if self.code != const.CODE:
            return super()._debit_connected(account)
        reserves = []
        if not self.creditor_identifier:
            reserves.append(
                self.env._(
                    "The SEPA creditor identifier (ICS) is missing here: SlimPay's interface does"
                    " not tell it, your contract does."
                )
            )
        good = self.env._(
            "In the app's settings at SlimPay, the notification URL must be %(url)s",
            url=self.debit_webhook_url,
        )
        return account.name, good, reserves

    def _debit_explain(self, error):
        """Override of `payment_direct_debit`: which mistake with the credentials was made."""
        if self.code != const.CODE:
            return super()._debit_explain(error)
        if isinstance(error, DebitRefused) or error.code == str(const.ACCESS_DENIED):
            return self.env._(
                "The app %(app)s may not use the creditor “%(creditor)s”: compare the reference"
                " with the SlimPay dashboard.",
                app=self.slimpay_app_name,
                creditor=self.slimpay_creditor_reference,
            )
        if error.code != "401":
            return super()._debit_explain(error)
        if not self._debit_is_of_the_other():
            return self.env._(
                "SlimPay does not accept this app name and secret: compare both with App"
                " management in the SlimPay dashboard."
            )
        if self.state == "test":
            return self.env._(
                "This app is one of the live environment; the test mode needs one of"
                " dashboard.preprod.slimpay.com."
            )
        return self.env._(
            "This app is one of the preproduction; the live environment needs one of"
            " dashboard.slimpay.com."
        )
