from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.pure import iban as iban_tools


class PaymentMandate(models.Model):
    """A mandate that other providers know besides the one that holds it."""

    _inherit = "payment.mandate"

    bic = fields.Char(
        string="BIC",
        compute="_compute_bic",
        store=True,
        readonly=False,
        copy=False,
        help="Of the debtor's bank; taken from the client's bank accounts where one fits.",
    )

    @api.depends(
        "iban_fingerprint", "partner_id.bank_ids.acc_number", "partner_id.bank_ids.bank_id.bic"
    )
    def _compute_bic(self):
        for mandate in self:
            account = mandate._account_known()
            mandate.bic = mandate.bic or account.bank_bic

    def write(self, vals):
        """Another account: what other providers know is the former one, and is used no more."""
        if not {"iban_masked", "iban_fingerprint"} & vals.keys():
            return super().write(vals)
        accounts = {mandate: mandate._account_marks() for mandate in self}
        result = super().write(vals)
        for mandate, former in accounts.items():
            marks = zip(former, mandate._account_marks(), strict=True)
            if any(was and now and was != now for was, now in marks):
                mandate._forget_registrations()
        return result

    def _account_marks(self):
        return (self.iban_masked, self.sudo().iban_fingerprint)

    def _forget_registrations(self):
        tokens = self.sudo().token_ids.filtered("active") - self.sudo()._own_tokens()
        for token in tokens:
            token.active = False
            self._state_note(
                self.env._(
                    "Another account: no longer debited by %(provider)s",
                    provider=token.provider_id.name,
                )
            )

    def _account_known(self):
        """Return the client's bank account that the mandate debits, where it is on file."""
        mandate = self.sudo()
        fingerprint = mandate.iban_fingerprint
        return mandate.partner_id.bank_ids.filtered(
            lambda bank: (
                fingerprint and mandate._fingerprint(bank.sanitized_acc_number) == fingerprint
            )
        )[:1]

    def _registered_providers(self):
        """Return the providers that can debit this mandate, the one that holds it first."""
        self.ensure_one()
        known = self.sudo().token_ids.filtered("active").provider_id.sorted("sequence")
        # The token of the holder is rebuilt whenever it is missing.
        holder = self.provider_id.sudo() if self.provider_mandate_ref else known.browse()
        return holder | known

    @api.private
    def _register_with(self, provider, ref, on=None):
        """Note that another provider knows this mandate too, once it has confirmed so.

        :param provider: the payment.provider.
        :param str ref: its reference of the mandate.
        :param date on: the engine's date; today by default.
        :return: the payment.token.
        :raise DebitError: when the provider can not be asked.
        :raise ValidationError: when it is not this mandate, or not active there.
        """
        self.ensure_one()
        snapshot = provider.sudo()._debit_client().mandate_fetch(ref)
        if problem := self._registration_refusal(provider, snapshot):
            raise ValidationError(problem)
        tokens = self.env["payment.token"].sudo().with_context(active_test=False)
        token = tokens.search([("provider_id", "=", provider.id), ("provider_ref", "=", ref)])
        if not token:
            token = tokens.create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": provider._debit_payment_method().id,
                    "partner_id": self.partner_id.id,
                    "provider_ref": ref,
                    "payment_details": (self.iban_masked or "")[-4:],
                    "mandate_id": self.id,
                }
            )
        elif token.mandate_id != self:
            raise ValidationError(
                self.env._(
                    "%(ref)s of %(provider)s is mandate %(rum)s already.",
                    ref=ref,
                    provider=provider.name,
                    rum=token.mandate_id.name,
                )
            )
        self._follow_registration(token, snapshot, on)
        return token

    def _registration_refusal(self, provider, snapshot):
        """Return why a provider's mandate is not this one; empty when it is."""
        same_rum = not snapshot.rum or iban_tools.normalise_rum(
            snapshot.rum
        ) == iban_tools.normalise_rum(self.name)
        ending = snapshot.iban_ending
        same_account = not ending or self._account_ends_with(ending)
        if (
            same_rum
            and same_account
            and snapshot.scheme == self.scheme
            and snapshot.status == seam.MANDATE_ACTIVE
            and provider.company_id == self.company_id
        ):
            return ""
        return self.env._(
            "What %(provider)s knows as %(ref)s is not mandate %(rum)s, or is not active there:"
            " reference %(theirs)s, account ending in %(ending)s, %(scheme)s, “%(status)s”.",
            provider=provider.name,
            ref=snapshot.ref,
            rum=self.name,
            theirs=snapshot.rum or "-",
            ending=ending or "-",
            scheme=snapshot.scheme,
            status=snapshot.raw_status,
        )

    def _account_ends_with(self, ending):
        """Tell whether the part of the account that is kept fits the end of another one."""
        kept = (self.iban_masked or "").split("•")[-1].replace(" ", "")
        return kept.endswith(ending) or (kept and ending.endswith(kept))

    def _follow_registration(self, token, snapshot, on=None):
        """Let a token live and die with the mandate at its provider; ours stays as it is.

        :param token: the payment.token, archived or not.
        :param seam.MandateSnapshot snapshot: what its provider says.
        :param date on: the engine's date; today by default.
        """
        lives = snapshot.status == seam.MANDATE_ACTIVE
        if snapshot.status == seam.UNMAPPED or token.active == lives:
            return
        token.active = lives
        provider = token.provider_id.name
        text = (
            self.env._("Registered with %(provider)s again", provider=provider)
            if lives
            else self.env._(
                "No longer registered with %(provider)s: %(status)s",
                provider=provider,
                status=snapshot.raw_status,
            )
        )
        self._state_note(text, on)
