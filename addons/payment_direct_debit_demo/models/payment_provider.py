from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import ProviderMisconfigured
from odoo.addons.payment_direct_debit.pure import target_calendar
from odoo.addons.payment_direct_debit_demo import plan
from odoo.addons.payment_direct_debit_demo.client import DemoClient

CODE = "demo_debit"

PROFILE = seam.DebitProfile(
    schemes=frozenset({"core", "b2b"}),
    lead_days=2,
    can_cancel=True,
    can_register=True,
    resend_is_safe=True,
    parallelism=1,  # the client uses the caller's cursor
)


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[(CODE, "Demo Direct Debit")], ondelete={CODE: "set default"}
    )
    demo_debit_script = fields.Char(
        string="Script for New Mandates",
        default=plan.DEFAULT,
        help="What the demo bank does with debits of mandates that are signed from now on.",
    )
    demo_debit_can_amend = fields.Boolean(
        string="Accounts Can Be Changed",
        default=True,
        help="Whether the demo bank debits another account under the same mandate; without that,"
        " a new account needs a new mandate.",
    )
    demo_debit_outage = fields.Selection(
        [("deaf", "Hears nothing"), ("mute", "Executes, but does not answer")],
        string="Outage",
        copy=False,
        help="How the demo bank fails, for all debits, until this is emptied.",
    )
    demo_debit_today = fields.Date(
        string="The Bank's Day", default=fields.Date.context_today, copy=False
    )

    @api.constrains("state", "code")
    def _check_demo_debit_never_live(self):
        if self.filtered(lambda p: p.code == CODE and p.state == "enabled"):
            raise ValidationError(
                self.env._(
                    "The demo bank takes no money: it can be in test mode or disabled, never"
                    " enabled."
                )
            )

    def _get_default_payment_method_codes(self):
        """Return the payment methods of this provider, as core asks for them."""
        self.ensure_one()
        if self.code != CODE:
            return super()._get_default_payment_method_codes()
        return {"sepa_direct_debit"}

    def _get_supported_currencies(self):
        """Keep to the currencies of the profile, as core asks for them."""
        currencies = super()._get_supported_currencies()
        if self.code != CODE:
            return currencies
        return currencies.filtered(lambda currency: currency.name in PROFILE.currencies)

    def _debit_profile(self):
        if self.code != CODE:
            return super()._debit_profile()
        return replace(PROFILE, can_amend=self.demo_debit_can_amend)

    def _debit_client(self):
        if self.code != CODE:
            return super()._debit_client()
        self._demo_refuse_live_company()
        return DemoClient(self)

    def _demo_refuse_live_company(self):
        """Refuse to play bank where real money is debited: a debit lost here would be real."""
        live = (
            self.sudo()
            .search([("company_id", "=", self.company_id.id), ("state", "=", "enabled")])
            .filtered("is_debit_provider")
        )
        if live:
            raise ProviderMisconfigured(
                self.env._(
                    "%(live)s takes real debits for %(company)s: the demo bank stays out of it.",
                    live=", ".join(live.mapped("name")),
                    company=self.company_id.name,
                )
            )

    # === THE BANK'S DAYS === #

    def _demo_advance(self, today, notify=True):
        """Let the demo bank reach the day `today`: plans are carried out, events written.

        :param date today: the bank's new day.
        :param bool notify: False for notifications that get lost; they can still be polled.
        :return: the payment.demo.event records.
        """
        due = self.env["payment.demo.debit"].search(
            [
                ("provider_id", "in", self.ids),
                ("status", "!=", "unheard"),
                ("plan", "!=", False),
                ("next_on", "<=", today),
            ],
            order="next_on, id",
        )
        events = self.env["payment.demo.event"].create(
            [values for debit in due for values in debit._settle(today)]
        )
        self.demo_debit_today = today
        if notify:
            events._notify()
        return events

    def action_demo_next_day(self):
        """Move the bank on by one working day, and apply what it notifies."""
        for provider in self:
            today = provider.demo_debit_today or fields.Date.context_today(provider)
            day = target_calendar.add_target_days(today, 1)
            provider._demo_advance(day)
            self.env["payment.event"]._apply_received(day)
        return True

    # === MANDATES READY TO USE === #

    def _demo_open_mandates(self, values_list):
        """Make mandates that are signed and known to the demo bank.

        :param list values_list: dicts with partner_id and, where not the default, name (RUM),
            script, scheme, signed_on (date; today by default).
        :return: the payment.mandate records, active, in order.
        """
        self.ensure_one()
        sequence = self.env["ir.sequence"]
        rums = [
            values.get("name") or sequence.next_by_code("payment.mandate") for values in values_list
        ]
        held = self.env["payment.demo.mandate"].create(
            [
                {
                    "provider_id": self.id,
                    "rum": rum,
                    "scheme": values.get("scheme", "core"),
                    "script": values.get("script") or self.demo_debit_script,
                }
                for rum, values in zip(rums, values_list, strict=True)
            ]
        )
        today = fields.Date.context_today(self)
        results = self.env["payment.mandate"]._register_existing(
            [
                {
                    "name": copy.rum,
                    "partner_id": values["partner_id"],
                    "company_id": self.company_id.id,
                    "provider_id": self.id,
                    "provider_ref": copy.ref,
                    "iban": copy._iban(),
                    "scheme": copy.scheme,
                    "signed_on": values.get("signed_on", today),
                }
                for copy, values in zip(held, values_list, strict=True)
            ],
            on=values_list[0].get("signed_on", today) if values_list else today,
        )
        if problems := [result for result in results if isinstance(result, str)]:
            raise ValidationError("\n".join(problems))
        return self.env["payment.mandate"].union(*results)
