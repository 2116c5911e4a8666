import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.pure import iban as iban_tools

# For so long a request without an answer may still arrive.
ON_ITS_WAY = timedelta(hours=1)


class PaymentMandate(models.Model):
    """A mandate signed on paper, brought to the provider that shall hold it: once.

    What is sent is committed before the provider hears of it, with a key of its own. As long as
    nobody knows what became of it, only the same thing may be sent again, under the same key.
    """

    _inherit = "payment.mandate"

    account_holder = fields.Char(readonly=True, copy=False)
    evidence = fields.Binary(
        string="Signed Paper",
        attachment=True,
        copy=False,
        groups="payment_direct_debit.group_payment_user",
    )
    evidence_name = fields.Char(copy=False)
    registration_key = fields.Char(copy=False, readonly=True, groups="base.group_system")
    registration_sent_at = fields.Datetime(copy=False, readonly=True)
    registration_pending = fields.Boolean(
        string="Registration Not Known",
        copy=False,
        readonly=True,
        help="It was sent to the provider, and nobody knows yet whether it has arrived.",
    )

    _pending_idx = models.Index("(id) WHERE registration_pending")

    @api.private
    def _register_signed(self, iban, holder, signed_on, on=None):
        """Have the provider hold a mandate that was signed elsewhere; commits before it asks.

        :param str iban: the whole number; only its mask and its fingerprint are kept.
        :param str holder: whose account it is.
        :param date signed_on: the day on the paper.
        :param date on: the engine's date; today by default.
        :return: why it is not active (yet), for a person; empty when it is.
        :raise UserError: when it can not be asked for; nothing was sent then.
        """
        self.ensure_one()
        mandate, on = self.sudo(), on or fields.Date.context_today(self)
        if not mandate.try_lock_for_update():
            raise UserError(self.env._("Somebody else is working on this mandate."))
        number = mandate._checked_iban(iban)
        again = mandate.registration_pending
        if again:
            mandate._check_same_registration(number)
        else:
            mandate._registration_begin(number, holder, signed_on, on)
        order = mandate._registration_order(number, again)
        mandate._registration_commit()
        try:
            answer = mandate.provider_id._debit_client().mandate_register(order)
        except DebitError as error:
            return mandate._registration_failed(error, again, on)
        return mandate._registration_answered(answer, on)

    @api.model
    def _checked_iban(self, iban):
        """Return an account number as it is sent.

        :raise UserError: when it is none; the message does not repeat it.
        """
        try:
            return iban_tools.validate(iban)
        except iban_tools.IbanError as error:
            reasons = {
                "format": self.env._("This is no IBAN: letters or digits are missing."),
                "checksum": self.env._("The check digits of this IBAN are wrong: a typing error."),
                "country": self.env._("Accounts of this country can not be debited by SEPA."),
            }
            raise UserError(reasons[error.reason]) from None

    def _check_same_registration(self, number):
        if self.iban_fingerprint != self._fingerprint(number):
            raise UserError(
                self.env._(
                    "%(provider)s may have registered this mandate for %(account)s already: only"
                    " that account can be sent again, until its answer is known.",
                    provider=self.provider_id.name,
                    account=self.iban_masked,
                )
            )

    def _registration_begin(self, number, holder, signed_on, on):
        """Check what is asked for and write down that it leaves."""
        if self.state not in ("draft", "to_sign") or self.provider_mandate_ref:
            raise UserError(self.env._("Mandate %(rum)s is signed already.", rum=self.name))
        if not self.can_register:
            raise UserError(
                self.env._(
                    "%(provider)s takes no mandate that was signed elsewhere (or not for this"
                    " account): have it signed on the provider's page.",
                    provider=self.provider_id.name or self.env._("Nobody"),
                )
            )
        if not signed_on or signed_on > on:
            raise UserError(self.env._("The day of the signature must be today or before."))
        self.write({"signed_on": signed_on, "signature_method": "paper"})
        if self.expires_on <= on:
            raise UserError(self.env._("This mandate was signed more than 36 months ago."))
        self._state_write(
            {
                "account_holder": holder or self.partner_id.commercial_partner_id.name,
                "iban_masked": iban_tools.mask(number),
                "iban_country": number[:2],
                "iban_fingerprint": self._fingerprint(number),
                "registration_key": f"mandate-{uuid.uuid4()}",
                "registration_sent_at": fields.Datetime.now(),
                "registration_pending": True,
            }
        )

    def _registration_order(self, number, again):
        """Return what the provider is asked for.

        :param str number: the account; empty when the registration is only looked for.
        :param bool again: whether an earlier try may have arrived.
        """
        return seam.MandateRegistration(
            reference=self.name,
            idempotency_key=self.registration_key,
            scheme=self.scheme,
            holder=self.account_holder,
            signed_on=self.signed_on,
            iban=number,
            sent_at=self.registration_sent_at if again else None,
            metadata={"odoo_mandate": self.name},
            **self._debtor_details(),
        )

    def _registration_commit(self):
        """Commit: what may reach the provider is on disk before it does (money rule 1)."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    # === WHAT BECAME OF IT === #

    def _registration_failed(self, error, again, on):
        """Sort a failed call by what to do next, and say it in words."""
        text = iban_tools.redact(str(error))
        surely_not = isinstance(error, (DebitRefused, DebitRetryable, ProviderMisconfigured))
        # The client looks for an earlier try before it is refused: that is an answer about both.
        if isinstance(error, DebitRefused) or (surely_not and not again):
            self._registration_release(text, on)
            return self.env._(
                "%(provider)s has not registered the mandate: %(error)s",
                provider=self.provider_id.name,
                error=text,
            )
        self._state_note(
            self.env._("Registration without a known outcome: %(error)s", error=text), on
        )
        return self.env._(
            "%(provider)s gave no clear answer: nobody knows yet whether the mandate is"
            " registered. You may safely send the same account again, which can not make a second"
            " mandate; otherwise the outcome is looked up by itself. (%(error)s)",
            provider=self.provider_id.name,
            error=text,
        )

    def _registration_answered(self, snapshot, on):
        if snapshot.status not in (seam.MANDATE_ACTIVE, seam.MANDATE_PENDING):
            self._registration_release(snapshot.raw_status, on)
            return self.env._(
                "%(provider)s has not accepted the mandate: “%(status)s”",
                provider=self.provider_id.name,
                status=snapshot.raw_status,
            )
        self._state_write({"registration_pending": False})
        self._take_signed(snapshot, on, "paper", self.signed_on)
        if self.state == "active":
            return ""
        return self.env._("%(provider)s is checking the mandate.", provider=self.provider_id.name)

    def _registration_release(self, reason, on):
        """The provider surely holds nothing: everything may be tried anew."""
        self._state_write(
            {
                "registration_pending": False,
                "registration_key": False,
                "registration_sent_at": False,
                "iban_masked": False,
                "iban_country": False,
                "iban_fingerprint": False,
            }
        )
        self._state_note(self.env._("Not registered: %(reason)s", reason=reason), on)

    def _registration_find(self, on=None):
        """Look for a registration whose outcome is not known.

        What is not there an hour later will not come any more: it may then be begun anew. It is
        never sent again from here, where the account number is not kept.

        :raise DebitError: when the provider can not be asked.
        """
        self.ensure_one()
        mandate, on = self.sudo(), on or fields.Date.context_today(self)
        if not mandate.try_lock_for_update() or not mandate.registration_pending:
            return
        client = mandate.provider_id._debit_client()
        try:
            snapshot = client.mandate_register_find(mandate._registration_order("", again=True))
        except DebitRefused:
            snapshot = None  # something else stands there: this one did not arrive
        if snapshot is not None:
            mandate._registration_answered(snapshot, on)
        elif mandate.registration_sent_at < fields.Datetime.now() - ON_ITS_WAY:
            mandate._registration_release(self.env._("the provider does not have it"), on)

    def action_registration_find(self):
        """Ask the provider now whether it has registered these mandates."""
        self.check_access("write")
        for mandate in self:
            try:
                mandate._registration_find()
            except DebitError as error:
                raise UserError(str(error)) from error
        return True
