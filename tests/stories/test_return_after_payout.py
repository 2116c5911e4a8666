"""The money was on our bank account already when it went back."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless

from .common import Story

DUE = date(2026, 3, 11)


@tagged("post_install", "-at_install")
class TestReturnAfterPayout(GoCardless, Story):
    def test_the_debt_is_open_again_and_the_next_payout_is_smaller(self):
        first = self.one_month(DUE)
        self.live(date(2026, 3, 18))
        debit = first.transaction_ids
        self.assertEqual((debit.debit_status, first.state), ("paid_out", "paid"))
        payout = debit.payout_id
        self.sandbox.act("fail", debit.provider_reference, "MS03")
        second = self.one_month(date(2026, 3, 26), price=100.0)
        self.live(date(2026, 3, 20))
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MS03"))
        self.assertEqual((first.state, first.paid_on), ("unpaid", False))
        self.assertEqual(first.invoice_id.amount_residual, first.amount)
        self.assert_sound()
        self.live(date(2026, 3, 31))
        self.assertEqual((payout.state, debit.payout_id), ("booked", payout))
        (later,) = self.env["payment.payout"].search(
            [("provider_id", "=", self.provider.id), ("id", "!=", payout.id)]
        )
        self.assertEqual(later.state, "booked")
        self.assertEqual(self.net_of(later), second.amount - first.amount)
        self.live(date(2026, 4, 9))
        self.assertEqual(first.transaction_ids.mapped("debit_status").count("paid_out"), 1)
        self.assertEqual((first.state, second.state), ("paid", "paid"))
        self.assert_sound()

    def net_of(self, payout):
        return self.company.currency_id.round(payout.amount + payout.fees)
