from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_stripe_sepa.tests.common import FlowCase

FAILURE, SUCCESS = date(2026, 3, 16), date(2026, 3, 18)
MUCH_LATER = date(2026, 4, 13)


@tagged("post_install", "-at_install")
class TestReturns(FlowCase):
    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def test_a_refund_that_the_bank_takes_back_pays_the_invoice_again(self):
        debit = self._debit_with("chargeback:MD06")
        self._days_until(MUCH_LATER)
        (dispute,) = self.sandbox.read("tables/disputes")
        self.sandbox.act("win", dispute["id"])
        self._days_until(date(2026, 4, 14))
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
