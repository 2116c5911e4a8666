from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.common import MANDATE, FlowCase

AFTER_CHARGE, MUCH_LATER = date(2026, 3, 12), date(2026, 5, 4)


@tagged("post_install", "-at_install")
class TestReturns(FlowCase):
    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def test_a_refund_that_the_bank_takes_back_pays_the_invoice_again(self):
        debit = self._debit_with("chargeback:MD06")
        self._days_until(MUCH_LATER)
        self.sandbox.act("cancel_chargeback", debit.provider_reference)
        self._days_until(date(2026, 5, 5))
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))

    def test_a_debit_cancelled_with_its_mandate_is_cancelled(self):
        debit = self._sent(49.9)
        self.sandbox.act("cancel", MANDATE, "MD01")
        self._days_until(date(2026, 3, 3))
        self.assertEqual((debit.debit_status, debit.mandate_id.state), ("cancelled", "cancelled"))
