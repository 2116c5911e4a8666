from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.common import MANDATE
from odoo.addons.payment_gocardless.tests.common_settlement import PAID_OUT_DAY, SettlementCase


@tagged("post_install", "-at_install")
class TestPayoutItems(SettlementCase):
    """What takes money away again shows in a later payout, once there is enough to pay."""

    def _pay_more(self, amount=500.0):
        """Another debit, so that the next payout is positive, and its day."""
        debit = self._debits(
            self.env["payment.mandate"].search([("name", "=", f"RUM-{MANDATE}")]), amount
        )
        debit._state_write({"debit_requested_date": date(2026, 4, 8)})
        self._send(debit)
        self._days_until(date(2026, 4, 15))

    def _items(self):
        return self._payouts().line_ids.filtered(lambda line: line.kind not in ("debit", "fee"))

    def test_a_late_failure_is_taken_off_a_later_payout(self):
        debit, first = self._paid_out(49.9)
        self.sandbox.act("fail", debit.provider_reference, "MS03")
        self._days_until(date(2026, 3, 19))
        self.assertEqual((debit.debit_status, self._outstanding()), ("returned", -49.9))
        self._pay_more()
        second = self._payouts() - first
        self.assertEqual((second.state, self._outstanding()), ("booked", 0.0))
        item = self._items()
        self.assertEqual((item.kind, item.transaction_id), ("return", debit))
        self.assertFalse(self._alerts(second))

    def test_a_refund_of_ours_is_taken_off_a_later_payout(self):
        debit, first = self._paid_out(49.9)
        refund = self._refund(debit, 20.0, self.manager, confirm_within_8_weeks=True)
        refund._queue(PAID_OUT_DAY)
        self._send_refunds(refund, PAID_OUT_DAY)
        self._days_until(date(2026, 3, 23))
        self.assertEqual((refund.state, self._outstanding()), ("done", -20.0))
        self._pay_more()
        second = self._payouts() - first
        self.assertEqual((second.state, self._outstanding()), ("booked", 0.0))
        self.assertEqual((self._items().refund_id, self._items().transaction_id), (refund, debit))

    def test_a_refund_made_elsewhere_stands_on_the_suspense_account(self):
        debit, _first = self._paid_out(49.9)
        self._elsewhere(debit, 2000)
        self._pay_more()
        self.assertEqual(self._outstanding(), 0.0)
        self.assertEqual(self._balance(self.provider.journal_id.suspense_account_id), 20.0)
        self.assertEqual(self._alerts(self._payouts()).mapped("kind"), ["unmatched"])

    def test_a_refund_that_comes_back_cancels_itself_out(self):
        debit, _first = self._paid_out(49.9)
        refund = self._refund(debit, 20.0, self.manager, confirm_within_8_weeks=True)
        refund._queue(PAID_OUT_DAY)
        self._send_refunds(refund, PAID_OUT_DAY)
        self._days_until(date(2026, 3, 23))
        self.sandbox.act("bounce", refund.provider_ref)
        self._pay_more()
        self.assertEqual((refund.state, self._outstanding()), ("failed", 0.0))
        self.assertEqual(sorted(self._items().mapped("amount")), [-20.0, 20.0])
