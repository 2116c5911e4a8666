from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestMandateReplaced(CollectionCommon):
    def _successor(self, mandate):
        return self.provider._demo_open_mandates(
            [{"partner_id": mandate.partner_id.id, "signed_on": MONDAY}]
        )

    def _moves(self, state):
        """Tell whether an installment of that state is debited by the successor afterwards."""
        installment = self.installment()
        mandate = installment.mandate_id
        installment._state_write({"state": state})
        successor = self._successor(mandate)
        mandate._replace_by(successor, MONDAY)
        self.assertEqual(mandate.state, "replaced")
        return installment.mandate_id == successor

    def test_what_is_still_open_is_debited_by_the_successor(self):
        for state in ("planned", "notified", "invoiced", "held", "unpaid", "in_recovery"):
            with self.subTest(state=state):
                self.assertTrue(self._moves(state))

    def test_what_is_over_or_under_way_keeps_the_mandate_it_was_debited_with(self):
        for state in ("in_collection", "paid", "cancelled", "written_off"):
            with self.subTest(state=state):
                self.assertFalse(self._moves(state))

    def test_the_installments_of_other_mandates_stay(self):
        installment, other = self.installment(), self.installment()
        mandate = other.mandate_id
        installment.mandate_id._replace_by(self._successor(installment.mandate_id), MONDAY)
        self.assertEqual(other.mandate_id, mandate)
