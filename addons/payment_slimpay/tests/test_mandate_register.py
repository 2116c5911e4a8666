from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.registering import ACCOUNT, Registering
from odoo.addons.payment_slimpay.tests.common import FlowCase


@tagged("post_install", "-at_install")
class TestRegistering(Registering, FlowCase):
    MAKES = {"method": "POST", "path": "^/mandates$"}
    KEEPS_RUM = True

    def setUp(self):
        super().setUp()
        self.provider.slimpay_can_register = True
        self.sandbox.control("settings", mandate_import=True)

    def test_an_account_without_the_right_to_import_is_told_so(self):
        mandate = self._draft()
        self.sandbox.control("settings", mandate_import=False)
        self.assertIn("not enabled", self._register(mandate))
        self.assertFalse(mandate.registration_pending)
        self.provider.slimpay_can_register = False
        with self.assertRaisesRegex(UserError, "signed elsewhere"):
            self._register(mandate)

    def test_a_reference_that_another_mandate_has_is_not_taken_over(self):
        mandate = self._draft(name="RUM-0002")
        self._payer("RUM-0002", "Paul Durand", iban=ACCOUNT)
        self.assertIn("another mandate", self._register(mandate))
        self.assertEqual((mandate.state, mandate.provider_mandate_ref), ("draft", False))

    def test_a_b2b_mandate_needs_an_account_that_collects_so(self):
        with self.assertRaisesRegex(ValidationError, "B2B"):
            self._draft(scheme="b2b")
        self.provider.slimpay_b2b = True
        mandate = self._draft(scheme="b2b")
        self.assertEqual(self._register(mandate), "")
        self.assertEqual(self._theirs()[-1]["paymentScheme"], "SEPA.DIRECT_DEBIT.B2B")
        debit = self._debits(mandate, 20.0)
        self._send(debit)
        self.assertEqual(debit.debit_status, "submitted")
