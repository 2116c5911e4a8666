from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.mandates.changing import Succeeding
from odoo.addons.payment_gocardless.tests.common import MONDAY, FlowCase


@tagged("post_install", "-at_install")
class TestChanging(Succeeding, FlowCase):
    SIGNATURE = {"given_name": "Zoé", "family_name": "Lefèvre"}

    def test_a_mandate_that_gocardless_replaces_is_followed_by_its_successor(self):
        mandate = self._mandate()
        account = mandate.iban_masked
        self._act(mandate, "replace")
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(MONDAY)
        successor = mandate.replaced_by_id
        self.assertEqual((mandate.state, successor.state), ("replaced", "active"))
        self.assertEqual(successor.iban_masked, account)
        self.assertEqual(successor.partner_id, mandate.partner_id)
        self.assertEqual(mandate.amendment_ids.origin, "provider")
        self.assertFalse(mandate.close_at_provider)
        self._hear(self.sandbox.events())
        self.env["payment.event"]._apply_received(MONDAY)
        self._poll_mandates()
        self.assertEqual(len(mandate.amendment_ids), 1)

    def test_a_replacement_that_nobody_told_is_noticed_in_the_night(self):
        mandate = self._mandate()
        self._act(mandate, "replace")
        self._poll_mandates()
        self.assertEqual(mandate.state, "replaced")
        self.assertEqual(mandate.replaced_by_id.state, "active")

    def test_an_account_that_the_bank_has_moved_is_noticed_and_noted(self):
        mandate = self._mandate()
        before = mandate.iban_masked
        self._act(mandate, "transfer")
        self._poll_mandates()
        self.assertEqual(mandate.amendment_ids.account_before, before)
        self.assertEqual(mandate.state, "active")
