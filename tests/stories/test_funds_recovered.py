"""Money was short, and then it was not."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay

from .common import Story

DUE = date(2026, 3, 20)


@tagged("post_install", "-at_install")
class TestFundsRecovered(SlimPay, Story):
    """SlimPay: the second attempt is announced anew, by us, before it leaves."""

    def test_insufficient_funds_then_recovered(self):
        self.sandbox.plan("any", "failed:AM04", "paid")
        installment = self.one_month(DUE)
        self.live(date(2026, 3, 25))
        self.assertEqual(installment.state, "unpaid")
        self.assertEqual(installment.last_reason_id.name, "AM04")
        self.assertEqual(installment.dunning_ids.state, "running")
        self.assert_sound()
        self.live(date(2026, 4, 30))
        first, second = installment.transaction_ids.sorted("id")
        self.assertEqual((first.debit_status, second.debit_status), ("failed", "collected"))
        self.assertNotEqual(first.debit_key, second.debit_key)
        self.assertEqual((installment.state, installment.dunning_ids.state), ("paid", "recovered"))
        self.assertEqual(len(self._there()), 2)
        told = self.env["payment.notice.line"].search(
            [("installment_id", "=", installment.id)], order="id"
        )
        self.assertEqual(told.mapped("is_retry"), [False, True])
        self.assertEqual(told[1].date, second.debit_requested_date)
        self.assert_sound()
