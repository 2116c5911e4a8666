from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.registering import Registering
from odoo.addons.payment_gocardless.tests.common import FlowCase


@tagged("post_install", "-at_install")
class TestRegistering(Registering, FlowCase):
    MAKES = {"method": "POST", "path": "^/mandates$"}
    KEEPS_RUM = True

    def setUp(self):
        super().setUp()
        self.provider.gocardless_can_register = True

    def test_whether_the_account_may_is_read_with_the_connection(self):
        for allowed in (False, True):
            self.sandbox.control("settings", custom_pages=allowed)
            self.provider.action_debit_check_connection()
            self.assertEqual(self.provider._debit_profile().can_register, allowed)

    def test_an_account_that_lost_the_right_is_told_so(self):
        mandate = self._draft()
        self.sandbox.control("settings", custom_pages=False)
        self.assertIn("not enabled", self._register(mandate))
        self.assertFalse(mandate.registration_pending)

    def test_gocardless_makes_the_reference_where_ours_are_not_allowed(self):
        self.sandbox.control("settings", can_specify_mandate_reference=False)
        mandate = self._draft()
        self._register(mandate)
        self.assertEqual(mandate.name, self._theirs()[-1]["reference"])
        self.assertTrue(mandate.name.startswith("SBX-"))

    def test_a_lost_customer_or_account_is_made_once_all_the_same(self):
        for path in ("^/customers$", "^/customer_bank_accounts$"):
            mandate = self._draft()
            self.sandbox.fault("drop_after", method="POST", path=path)
            with self.subTest(path=path):
                self.assertIn("safely", self._register(mandate))
                self.assertEqual(self._register(mandate), "")
        self.assertEqual((self._made(), len(self.sandbox.read("tables/customers"))), (2, 3))
