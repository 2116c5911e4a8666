"""Two demo providers and mandates that both know, for the tests of the routing."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from odoo import Command

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon

MORNING = datetime(2026, 2, 2, 8)


class RoutingCommon(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.name = "PSP A"
        cls.psp_a = cls.provider
        cls.psp_b = cls.env["payment.provider"].create(
            {
                "name": "PSP B",
                "code": "demo_debit",
                "company_id": cls.company.id,
                "state": "test",
                "journal_id": cls.provider.journal_id.id,
                "payment_method_ids": [
                    Command.set(cls.env.ref("payment.payment_method_sepa_direct_debit").ids)
                ],
            }
        )

    @classmethod
    def known_to_b(cls, installment, script="collect"):
        """Register the mandate of an installment with provider B too."""
        mandate = installment.mandate_id
        copy = cls.env["payment.demo.mandate"].create(
            {
                "provider_id": cls.psp_b.id,
                "rum": mandate.name,
                "script": script,
                "account_ending": cls.iban_of(mandate)[-4:],
            }
        )
        mandate._register_with(cls.psp_b, copy.ref, MONDAY)
        return installment

    @classmethod
    def iban_of(cls, mandate):
        """Return the account of a mandate, as the demo bank knows it."""
        held = cls.env["payment.demo.mandate"].search([("ref", "=", mandate.provider_mandate_ref)])
        return held._iban()

    @classmethod
    def route(cls, provider=None, state="in_force", **values):
        """Return a rule in force."""
        provider = provider or cls.psp_b
        return cls.env["payment.route"].create(
            {
                "name": f"To {provider.name}",
                "provider_id": provider.id,
                "company_id": cls.company.id,
                "state": state,
                **values,
            }
        )

    def choose(self, installment):
        return installment._choose_providers(MONDAY)[installment.id]

    def provider_of(self, installment):
        """Return who would take the debit by the rules."""
        return self.choose(installment).provider

    def why(self, installment):
        """Return the codes of the explanation."""
        return [step.code for step in self.choose(installment).decision.steps]

    def cron(self, day):
        with self.committing() as env:
            env["payment.run"]._cron_run(day)
        self.env.invalidate_all()

    def resolve(self, day):
        """Let the resolver ask after everything that is unknown."""
        with self.committing() as env:
            env["payment.transaction"]._debit_resolve_unknown(day, everything=True)
        self.env.invalidate_all()

    def bank_of_b_reaches(self, day):
        self.psp_b._demo_advance(day)
        self.env["payment.event"]._apply_received(day)

    @contextmanager
    def lead_of_b(self, days):
        """Let provider B want so many working days."""
        real = type(self.psp_b)._debit_profile

        def profile(provider):
            known = real(provider)
            return replace(known, lead_days=days) if provider == self.psp_b else known

        with patch.object(type(self.psp_b), "_debit_profile", profile):
            yield


__all__ = ["MONDAY", "MORNING", "WEDNESDAY", "RoutingCommon"]
