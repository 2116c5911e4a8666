from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment_direct_debit import parallel
from odoo.addons.payment_direct_debit.exceptions import EventRejected, ProviderMisconfigured


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    creditor_identifier = fields.Char(
        string="Creditor Identifier (ICS)",
        help="The SEPA creditor identifier that debtors see on their statements; the provider's"
        " own one where it collects under its name.",
        copy=False,
    )
    debit_paused = fields.Boolean(string="Debits Paused", copy=False, readonly=True)
    debit_paused_reason = fields.Char(copy=False, readonly=True)
    debit_fee_account_id = fields.Many2one(
        "account.account",
        string="Fee Account",
        check_company=True,
        help="Where the provider's fees are booked when it pays out.",
    )
    debit_last_error = fields.Char(string="Last Error", copy=False, readonly=True)
    debit_events_polled_at = fields.Datetime(string="Events Read Until", copy=False, readonly=True)
    is_debit_provider = fields.Boolean(compute="_compute_is_debit_provider")
    debit_webhook_url = fields.Char(string="Webhook URL", compute="_compute_debit_webhook_url")

    @api.depends("code")
    def _compute_is_debit_provider(self):
        for provider in self:
            provider.is_debit_provider = bool(provider._debit_profile())

    @api.depends("code")
    def _compute_debit_webhook_url(self):
        for provider in self:
            provider.debit_webhook_url = provider.id and provider._debit_webhook_url() or False

    # === THE SEAM: what a provider's addon fills in; more of it in the set-up === #

    def _debit_profile(self):
        """Return what this provider can do and wants.

        :return: a `seam.DebitProfile`; None when the provider takes no debits by mandate.
        """
        return None

    def _event_verify(self, raw, headers):
        """Verify a notification and split it into events. May not change anything.

        :param bytes raw: the body exactly as received.
        :param headers: the request's headers, names in any letter case.
        :return: list of `seam.IncomingEvent`.
        :raise EventRejected: forged, unsigned, unreadable; and always when no secret is set.
        """
        raise EventRejected("this provider sends no events", status=404)

    # === WHAT THE ENGINE ASKS === #

    def _debit_ready(self):
        """Tell whether debits may leave by this provider now."""
        self.ensure_one()
        return self.state in ("enabled", "test") and not self.debit_paused

    def _debit_allowance(self, wanted):
        """Hook: return how many debits, 1 at least, may be sent before `_debit_ready` is asked
        again.

        :param int wanted: how many would be sent at once.
        """
        return wanted

    def _debit_run(self, calls):
        """Make calls to this provider: as many at a time, and as fast, as it allows.

        :param list calls: functions without arguments, see `parallel.run`.
        :return: for each call its value, or the exception that it raised.
        """
        self.ensure_one()
        profile = self._debit_profile()
        key = (self.env.cr.dbname, self.id)
        return parallel.run(
            calls,
            parallelism=profile.parallelism,
            pace=parallel.bucket(key, profile.requests_per_second),
        )

    def _debit_client_or_pause(self):
        """Return the client, or None after pausing a provider that is not set up."""
        self.ensure_one()
        try:
            return self._debit_client()
        except ProviderMisconfigured as error:
            self._debit_pause(str(error))
            return None

    def _debit_pause(self, reason):
        """Stop debits from leaving by this provider until a person resumes, and say why."""
        for provider in self.filtered(lambda record: not record.debit_paused):
            provider.write({"debit_paused": True, "debit_paused_reason": reason[:500]})
            provider.env["payment.alert"]._raise_alert(
                "provider_paused",
                provider,
                self.env._(
                    "%(provider)s is paused: %(reason)s Nothing leaves by it until an"
                    " administrator has mended this and pressed “Resume debits”.",
                    provider=provider.name,
                    reason=reason,
                ),
                severity="high",
            )

    def action_debit_resume(self):
        """Let debits leave again, once the provider's client can be made."""
        for provider in self:
            try:
                provider._debit_client()
            except ProviderMisconfigured as error:
                raise UserError(str(error)) from error
        self.write({"debit_paused": False, "debit_paused_reason": False})
        self.env["payment.alert"]._close_alerts("provider_paused", self)

    def _debit_outstanding_account(self):
        """Return the account where collected money waits for the bank.

        :raise UserError: when the journal of the provider has none.
        """
        self.ensure_one()
        line = self.journal_id.inbound_payment_method_line_ids.filtered(
            lambda method_line: method_line.payment_provider_id == self
        )[:1]
        account = line.payment_account_id or self.env["account.account"].browse(
            self._get_payment_method_outstanding_account_id(line.payment_method_id)
        )
        if not account:
            raise UserError(
                self.env._(
                    "%(provider)s has no outstanding account: choose a payment journal on the"
                    " provider, and an outstanding receipts account on its payment method.",
                    provider=self.name,
                )
            )
        return account

    @api.model
    def _get_compatible_providers(self, *args, report=None, **kwargs):
        """Leave out what debits by mandate: nobody pays with it in a payment form."""
        providers = super()._get_compatible_providers(*args, report=report, **kwargs)
        by_mandate = providers.filtered("is_debit_provider")
        payment_utils.add_to_report(
            report, by_mandate, available=False, reason=self.env._("collects by mandate")
        )
        return providers - by_mandate

    def _debit_payment_method(self):
        """Return the payment method of debits by mandate."""
        return self.env.ref("payment.payment_method_sepa_direct_debit")
