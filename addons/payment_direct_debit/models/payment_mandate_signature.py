import hashlib
import hmac
from datetime import timedelta
from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError

SIGN_ROUTE = "/payment/mandate/sign"
# How long a link that was sent can be used; the next one that is sent is good for as long again.
LINK_DAYS = 30
BATCH = 200


class PaymentMandate(models.Model):
    """How a mandate comes to be signed on the provider's page, and how it is cancelled."""

    _inherit = "payment.mandate"

    signature_expires_on = fields.Date(string="Link Valid Until", copy=False, readonly=True)

    # === THE LINK === #

    def _signature_token(self):
        """Return the unguessable part of this mandate's signature link.

        Of the record alone: the reference changes where the provider gives its own, and who comes
        back from signing must still be let in.
        """
        self.ensure_one()
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        message = f"payment.mandate.sign|{self.id}"
        return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()

    def _signature_url(self):
        """Return the link to send to the debtor; it opens until `signature_expires_on`.

        The provider's own page expires sooner; this link asks for a fresh one at each click.
        """
        self.ensure_one()
        path = f"{SIGN_ROUTE}/{self.id}/{self._signature_token()}"
        return urljoin(self.get_base_url(), path)

    def _signature_link_is_over(self):
        """Tell whether the link that was sent may not be used any more."""
        self.ensure_one()
        last = self.signature_expires_on
        return bool(last and last < fields.Date.context_today(self))

    def action_request_signature(self):
        """Open the mandate for signature; its link can then be sent to the debtor."""
        for mandate in self:
            mandate._check_can_be_signed()
        self._set_state("to_sign", self.env._("Signature requested"))
        self._signature_link_renew()
        return True

    def _check_can_be_signed(self):
        self.ensure_one()
        if not self.provider_id:
            raise UserError(
                self.env._(
                    "Choose the provider that shall hold mandate %(rum)s first.", rum=self.name
                )
            )
        if self.registration_pending:
            raise UserError(
                self.env._(
                    "Nobody knows yet whether %(provider)s has registered mandate %(rum)s: a"
                    " signature could make a second one. Find that out first.",
                    provider=self.provider_id.name,
                    rum=self.name,
                )
            )

    def _signature_link_renew(self):
        last = fields.Date.context_today(self) + timedelta(days=LINK_DAYS)
        self._state_write({"signature_expires_on": last})

    def action_send_signature_link(self):
        """Mail the debtors the link to sign with, and open what is still a draft.

        :raise UserError: when a mandate is not to be signed, or its debtor has no address.
        """
        self.check_access("write")
        for mandate in self:
            if mandate.state not in ("draft", "to_sign"):
                raise UserError(
                    self.env._("Mandate %(rum)s is not waiting for a signature.", rum=mandate.name)
                )
            if not mandate.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(debtor)s has no e-mail address.", debtor=mandate.partner_id.display_name
                    )
                )
        self.filtered(lambda mandate: mandate.state == "draft").action_request_signature()
        self._signature_link_renew()
        template = self.env.ref("payment_direct_debit.mail_template_mandate_signature")
        template.sudo().send_mail_batch(
            self.ids, email_layout_xmlid="mail.mail_notification_light", force_send=False
        )
        for mandate in self:
            mandate._state_note(
                self.env._("Signature link sent to %(address)s", address=mandate.partner_id.email)
            )
        return True

    # === ON THE PROVIDER'S PAGE === #

    def _signature_start(self, amendment=None):
        """Ask the provider for its page.

        :param amendment: a payment.mandate.amendment, where the debtor changes the account of a
            signed mandate; else he signs.
        :return: the address to send the debtor to.
        :raise UserError: when the mandate is not to be signed, or the provider refuses.
        """
        self.ensure_one()
        mandate = self.sudo()
        if mandate.state != "to_sign" and not amendment:
            raise UserError(self.env._("This mandate is not waiting for a signature."))
        order = mandate._signature_order(amendment)
        try:
            session = mandate.provider_id._debit_client().mandate_start(order)
        except DebitError as error:
            raise UserError(
                self.env._(
                    "The signature page of %(provider)s is out of reach: %(error)s Please try"
                    " again later.",
                    provider=mandate.provider_id.name,
                    error=error,
                )
            ) from error
        mandate._state_write({"signature_session_ref": session.session_ref})
        return session.url

    def _signature_order(self, amendment=None):
        self.ensure_one()
        back = f"{self._signature_url()}/back"
        begun = self.signature_session_ref or ""
        if amendment:
            # A provider may tell its pages apart by where they lead back.
            back = f"{back}?change={amendment.id}"
            begun = begun if amendment.session_ref == begun else ""
        return seam.MandateOrder(
            reference=self.name,
            scheme=self.scheme,
            return_url=back,
            exit_url=back,
            session_ref=begun,
            metadata={"odoo_mandate": self.name},
            amends=self.provider_mandate_ref if amendment else "",
            **self._debtor_details(),
        )

    def _debtor_details(self):
        """Return what a provider is told of the debtor, as the orders of the seam name it."""
        self.ensure_one()
        partner = self.partner_id
        return {
            "partner_name": partner.commercial_partner_id.name or partner.name,
            "is_company": partner.commercial_partner_id.is_company,
            "email": partner.email or "",
            "street": partner.street or "",
            "zip": partner.zip or "",
            "city": partner.city or "",
            "country_code": partner.country_id.code or "FR",
            "lang": (partner.lang or self.env.lang or "fr_FR")[:2],
        }

    def _signature_refresh(self, on=None):
        """Ask the provider whether the debtor has done what a page was opened for, and follow.

        The debtor's browser and the provider's notification may both come here at once: the row
        lock makes the second one find the work done.

        :param date on: the engine's date; today by default.
        :return: True when the mandate is signed now.
        """
        self.ensure_one()
        mandate = self.sudo()
        if not mandate.try_lock_for_update():
            return False  # the other one is at it
        waiting = mandate.state == "to_sign" or mandate._open_page_change()
        if not waiting or not mandate.signature_session_ref:
            return mandate.state == "active"
        client = mandate.provider_id._debit_client()
        snapshot = client.mandate_signed(mandate.signature_session_ref)
        if snapshot is None:
            return False
        on = on or fields.Date.context_today(self)
        if mandate.state == "to_sign":
            mandate._take_signed(snapshot, on, "provider_page", signed_on=on)
        else:
            mandate._page_change_done(snapshot, on)
        return mandate.state == "active"

    def _take_signed(self, snapshot, on, method, signed_on):
        """Take over a mandate that has just come to be at its provider.

        :param seam.MandateSnapshot snapshot: what the provider says about it.
        :param str method: one of the signature methods.
        """
        self.ensure_one()
        if snapshot.status == seam.MANDATE_ACTIVE:
            self.write({"signed_on": signed_on, "signature_method": method})
        # The provider may give its own reference; the bank knows the mandate by that one.
        if snapshot.rum and snapshot.rum != self.name:
            self._state_note(
                self.env._("The provider's reference (RUM) is %(rum)s", rum=snapshot.rum), on
            )
            self.write({"name": snapshot.rum})
        self._apply_snapshot(snapshot, on)

    @api.model
    def _cron_refresh_signatures(self):
        """Ask after what is out at the providers, for the notifications that never come."""
        pages = self.search(
            [
                ("signature_session_ref", "!=", False),
                "|",
                ("state", "=", "to_sign"),
                ("amendment_ids.state", "=", "asked"),
            ],
            order="provider_checked_at NULLS FIRST, id",
            limit=BATCH,
        )
        unknown = self.search([("registration_pending", "=", True)], limit=BATCH)
        self._drop_old_page_changes()
        work = [(mandate, mandate._signature_refresh) for mandate in pages]
        work += [(mandate, mandate._registration_find) for mandate in unknown]
        for mandate, ask in work:
            try:
                ask()
            except DebitError as error:
                mandate._state_note(str(error))
            mandate._state_write({"provider_checked_at": fields.Datetime.now()})
            self.env["ir.cron"]._commit_progress(1)

    # === CANCELLATION === #

    def action_cancel(self):
        """Cancel the mandates, at their provider first."""
        for mandate in self:
            mandate._check_can_be_cancelled()
            if mandate.provider_mandate_ref and mandate.state in ("active", "suspended"):
                try:
                    client = mandate.provider_id.sudo()._debit_client()
                    snapshot = client.mandate_cancel(mandate.provider_mandate_ref)
                except DebitError as error:
                    raise ValidationError(
                        self.env._(
                            "Mandate %(rum)s could not be cancelled at %(provider)s: %(error)s",
                            rum=mandate.name,
                            provider=mandate.provider_id.name,
                            error=error,
                        )
                    ) from error
                mandate._apply_snapshot(snapshot)
            else:
                mandate._set_state("cancelled", self.env._("Cancelled here"))
        return True

    def _check_can_be_cancelled(self):
        self.ensure_one()
        if self.registration_pending:
            raise UserError(
                self.env._(
                    "Nobody knows yet whether %(provider)s has registered mandate %(rum)s: find"
                    " that out before you cancel it.",
                    provider=self.provider_id.name,
                    rum=self.name,
                )
            )
