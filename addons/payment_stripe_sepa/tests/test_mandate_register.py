from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.registering import Registering
from odoo.addons.payment_stripe_sepa.tests.common import FlowCase


@tagged("post_install", "-at_install")
class TestRegistering(Registering, FlowCase):
    MAKES = {"method": "POST", "path": "^/v1/setup_intents$"}
    KEEPS_RUM = False

    def test_our_reference_begins_the_one_that_stripe_makes(self):
        mandate = self._draft()
        tail = mandate.name[-8:]
        self._register(mandate)
        self.assertIn(tail, mandate.name[:12])
        self.assertEqual(len(mandate.name), 24)

    def test_a_debtor_without_an_address_of_mail_is_refused_before_any_call(self):
        mandate = self._draft()
        self.client.email = False
        self.assertIn("e-mail", self._register(mandate))
        self.assertFalse(self.sandbox.requests("POST"))

    def test_an_account_that_may_not_take_paper_is_told_so(self):
        self.sandbox.control("settings", offline_acceptance=False)
        mandate = self._draft()
        self.assertIn("Offline acceptance", self._register(mandate))
        self.assertFalse(mandate.registration_pending)
