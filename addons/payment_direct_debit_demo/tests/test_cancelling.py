from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit_demo.tests.common import DebitCommon


@tagged("post_install", "-at_install")
class TestCancelling(DebitCommon):
    """A debit is cancelled where it is, and only while it can be."""

    def test_a_debit_that_has_not_left_is_cancelled_here(self):
        debit = self._debit()
        debit.action_debit_cancel()
        self.assertEqual((debit.debit_status, debit.state), ("cancelled", "cancel"))
        self._send(debit)
        self.assertFalse(self._at_bank(debit))

    def test_a_sent_debit_is_cancelled_at_the_bank(self):
        debit = self._debit()
        self._send(debit)
        debit.action_debit_cancel()
        self.assertEqual((debit.debit_status, debit.state), ("cancelled", "cancel"))
        self.assertFalse(self._bank_day())

    def test_money_that_came_can_not_be_cancelled(self):
        debit = self._settled()
        with self.assertRaisesRegex(UserError, "can not become “Cancelled”"):
            debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "collected")

    def test_an_unknown_outcome_can_not_be_cancelled_before_it_is_known(self):
        debit = self._debit("lost, collect")
        self._send(debit)
        with self.assertRaisesRegex(UserError, "can not become “Cancelled”"):
            debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "unknown")
