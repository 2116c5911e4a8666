from functools import partial

from odoo import api, models

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.pure import iban as iban_tools


class PaymentMandate(models.Model):
    """Mandates that a provider holds already, taken over from another system."""

    _inherit = "payment.mandate"

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
        provider = self.env["payment.provider"].sudo().browse(values["provider_id"])
        if problem := self._scheme_problem(provider, values["scheme"]):
            return problem
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
