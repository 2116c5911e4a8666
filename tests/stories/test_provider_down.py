"""A provider is silent for a day: what it may have heard waits, the rest goes another way."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.models import payment_transaction_sending
from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from sandbox.testing import running

from .common import IBAN, Story

DUE = date(2026, 3, 18)
DOWN = date(2026, 3, 11)
CLIENTS = 4
SENT = 2  # before it is known that nobody answers


@tagged("post_install", "-at_install")
class TestProviderDown(GoCardless, Story):
    """GoCardless is down; Stripe knows one of the mandates too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stripe_there = cls.enterClassContext(running(Stripe.stand_in))
        cls.env["ir.config_parameter"].set_param(Stripe.address_parameter, cls.stripe_there.url)
        keys = {"stripe_sepa_secret_key": cls.stripe_there.token}
        keys["debit_webhook_secret"] = Stripe.SECRET
        cls.stripe = cls.env["payment.provider"].create(
            {
                "name": "Stripe of the story",
                "code": Stripe.code,
                "company_id": cls.company.id,
                "state": "test",
                "debit_fee_account_id": cls.provider.debit_fee_account_id.id,
                **keys,
            }
        )
        cls.provider.write({"debit_breaker_threshold": SENT, "debit_breaker_pause": 4 * 60})
        # What is on its way when the provider falls silent is a chunk.
        cls.startClassPatcher(patch.object(payment_transaction_sending, "CHUNK", SENT))

    def begin(self, day):
        super().begin(day)
        self.stripe_there.reset(day)
        self.sandboxes[self.stripe] = self.stripe_there

    def due_of_client(self, number):
        """Return the installment of another client, whose mandate GoCardless holds."""
        ref = f"MD000DOWN{number}"
        partner = self.client.copy({"name": f"Client Numéro {number}"})
        self._payer(ref, partner.name)
        return self.one_month(DUE, price=10.0 + number, mandate=self._mandate(ref, partner))

    def known_to_stripe(self, installment):
        mandate = installment.mandate_id
        payer = {"name": mandate.partner_id.name, "iban": IBAN, "reference": mandate.name}
        self.stripe_there.seed([payer | {"mandate_id": "mandate_down"}])
        mandate._register_with(self.stripe, "mandate_down", self.day)

    def test_provider_down_for_a_day_with_reroute(self):
        due = [self.due_of_client(number) for number in range(CLIENTS)]
        *silent, both, alone = due
        self.known_to_stripe(both)
        self.live(date(2026, 3, 10))
        self.sandbox.fault("drop_before", path=".*", count=None)
        self.live(DOWN)
        self.assertEqual(self.provider.debit_health, "down")
        unknown = [installment.transaction_ids for installment in silent]
        self.assertEqual({debit.debit_status for debit in unknown}, {"unknown"})
        rerouted = both.transaction_ids.sorted("id")[-1]
        self.assertEqual((rerouted.provider_id, rerouted.debit_status), (self.stripe, "submitted"))
        self.assertEqual((alone.state, alone.hold_reason), ("held", "provider_unavailable"))
        self.assertEqual(self.alerts_of("provider_down").state, "open")
        self.sandbox.clear("faults")
        self.live(date(2026, 3, 31))
        self.assertEqual({i.state for i in due}, {"paid"})
        self.assertEqual([installment.transaction_ids for installment in silent], unknown)
        self.assertEqual((len(self._there()), len(self.stripe_there.payments())), (3, 1))
        self.assertNotEqual(self.alerts_of("provider_down").state, "open")
        self.assert_sound()
