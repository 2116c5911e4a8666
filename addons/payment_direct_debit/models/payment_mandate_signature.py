import hashlib
import hmac
from functools import partial
from urllib.parse import urljoin

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.pure import iban as iban_tools

SIGN_ROUTE = "/payment/mandate/sign"


class PaymentMandate(models.Model):
    """How a mandate comes to be signed: on the provider's page, or taken over from elsewhere."""

    _inherit = "payment.mandate"

    # === HOSTED SIGNATURE === #

    def _signature_token(self):
        """Return the unguessable part of this mandate's signature link."""
        self.ensure_one()
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        message = f"payment.mandate.sign|{self.id}|{self.name}"
        return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()

    def _signature_url(self):
        """Return the link to send to the debtor; it stays valid while there is something to sign.

        The provider's own page expires; this link asks for a fresh one at each click.
        """
        self.ensure_one()
        path = f"{SIGN_ROUTE}/{self.id}/{self._signature_token()}"
        return urljoin(self.get_base_url(), path)

    def action_request_signature(self):
        """Open the mandate for signature; its link can then be sent to the debtor."""
        for mandate in self:
            if not mandate.provider_id:
                raise UserError(
                    self.env._(
                        "Choose the provider that shall hold mandate %(rum)s first.",
                        rum=mandate.name,
                    )
                )
        self._set_state("to_sign", self.env._("Signature requested"))
        return True

    def _signature_start(self):
        """Ask the provider for its signature page.

        :return: the address to send the debtor to.
        :raise UserError: when the mandate is not to be signed, or the provider refuses.
        """
        self.ensure_one()
        mandate = self.sudo()
        if mandate.state != "to_sign":
            raise UserError(self.env._("This mandate is not waiting for a signature."))
        try:
            session = mandate.provider_id._debit_client().mandate_start(mandate._signature_order())
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

    def _signature_order(self):
        self.ensure_one()
        partner = self.partner_id
        back = f"{self._signature_url()}/back"
        return seam.MandateOrder(
            reference=self.name,
            scheme=self.scheme,
            partner_name=partner.commercial_partner_id.name or partner.name,
            is_company=partner.commercial_partner_id.is_company,
            email=partner.email or "",
            street=partner.street or "",
            zip=partner.zip or "",
            city=partner.city or "",
            country_code=partner.country_id.code or "FR",
            lang=(partner.lang or self.env.lang or "fr_FR")[:2],
            return_url=back,
            exit_url=back,
            session_ref=self.signature_session_ref or "",
            metadata={"odoo_mandate": self.name},
        )

    def _signature_refresh(self, on=None):
        """Ask the provider whether the debtor has signed, and take the mandate over if so.

        The debtor's browser and the provider's notification may both come here at once: the row
        lock makes the second one find the work done.

        :param date on: the engine's date; today by default.
        :return: True when the mandate is signed now.
        """
        self.ensure_one()
        mandate = self.sudo()
        if not mandate.try_lock_for_update():
            return False  # the other one is at it
        if mandate.state != "to_sign" or not mandate.signature_session_ref:
            return mandate.state == "active"
        client = mandate.provider_id._debit_client()
        snapshot = client.mandate_signed(mandate.signature_session_ref)
        if snapshot is None:
            return False
        on = on or fields.Date.context_today(self)
        if snapshot.status == seam.MANDATE_ACTIVE:
            mandate.write({"signed_on": on, "signature_method": "provider_page"})
        # The provider may give its own reference; the bank knows the mandate by that one.
        if snapshot.rum and snapshot.rum != mandate.name:
            mandate._state_note(
                self.env._("The provider's reference (RUM) is %(rum)s", rum=snapshot.rum), on
            )
            mandate.write({"name": snapshot.rum})
        mandate._apply_snapshot(snapshot, on)
        return mandate.state == "active"

    @api.model
    def _cron_refresh_signatures(self):
        """Ask after every signature that is out; for the notifications that never come."""
        waiting = self.search(
            [("state", "=", "to_sign"), ("signature_session_ref", "!=", False)], limit=200
        )
        for mandate in waiting:
            try:
                mandate._signature_refresh()
            except DebitError as error:
                mandate._state_note(str(error))
            self.env["ir.cron"]._commit_progress(1)

    # === MANDATES SIGNED ELSEWHERE === #

    @api.model
    def _register_existing(self, values_list, on=None):
        """Take over mandates that a provider already holds, each verified there.

        :param list values_list: dicts with name (RUM), partner_id, iban, scheme, signed_on,
            provider_id, provider_ref and company_id. The IBAN is compared and fingerprinted, not
            kept.
        :param date on: the engine's date; today by default.
        :return: for each dict, in order, the mandate made, or the reason (str) why it was not.
        """
        results = self._snapshots_of(values_list)
        accepted, creating = [], []
        for index, (values, snapshot) in enumerate(zip(values_list, results, strict=True)):
            problem = self._registration_problem(values, snapshot)
            if problem:
                results[index] = problem
            else:
                accepted.append(index)
                creating.append(self._registration_values(values))
        mandates = self.create(creating)
        for index, mandate in zip(accepted, mandates, strict=True):
            values, snapshot = values_list[index], results[index]
            mandate._state_write(
                {
                    "iban_masked": iban_tools.mask(values["iban"]),
                    "iban_country": values["iban"][:2],
                    "iban_fingerprint": self._fingerprint(values["iban"]),
                }
            )
            mandate._apply_snapshot(snapshot, on)
            results[index] = mandate
        return results

    def _snapshots_of(self, values_list):
        """Read each mandate at its provider, several at a time."""
        results = [None] * len(values_list)
        providers = (
            self.env["payment.provider"]
            .sudo()
            .browse({values["provider_id"] for values in values_list})
        )
        for provider in providers:
            indexes = [
                index
                for index, values in enumerate(values_list)
                if values["provider_id"] == provider.id
            ]
            try:
                client = provider._debit_client()
            except DebitError as error:
                for index in indexes:
                    results[index] = error
                continue
            calls = [
                partial(client.mandate_fetch, values_list[index]["provider_ref"])
                for index in indexes
            ]
            answers = provider._debit_run(calls)
            for index, answer in zip(indexes, answers, strict=True):
                results[index] = answer
        return results

    @api.model
    def _registration_problem(self, values, snapshot):
        """Return why a mandate can not be taken over, or None."""
        if isinstance(snapshot, DebitError):
            return self.env._(
                "mandate %(ref)s could not be read at the provider: %(error)s",
                ref=values["provider_ref"],
                error=snapshot,
            )
        if isinstance(snapshot, Exception):
            raise snapshot
        if snapshot.status != seam.MANDATE_ACTIVE:
            return self.env._(
                "mandate %(ref)s is “%(status)s” at the provider",
                ref=values["provider_ref"],
                status=snapshot.raw_status,
            )
        rum = iban_tools.normalise_rum(values["name"])
        if snapshot.rum and iban_tools.normalise_rum(snapshot.rum) != rum:
            return self.env._(
                "mandate %(ref)s has another reference (RUM) at the provider: it belongs to"
                " somebody else",
                ref=values["provider_ref"],
            )
        if snapshot.iban_ending and not values["iban"].endswith(snapshot.iban_ending):
            return self.env._(
                "mandate %(ref)s is for another bank account at the provider",
                ref=values["provider_ref"],
            )
        return None

    @api.model
    def _registration_values(self, values):
        return {
            "name": values["name"],
            "partner_id": values["partner_id"],
            "company_id": values["company_id"],
            "provider_id": values["provider_id"],
            "scheme": values["scheme"],
            "signed_on": values["signed_on"],
            "signature_method": "imported",
        }

    def _fingerprint(self, iban):
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return iban_tools.fingerprint(iban, secret.encode())

    # === CANCELLATION === #

    def action_cancel(self):
        """Cancel the mandates, at their provider first."""
        for mandate in self:
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
