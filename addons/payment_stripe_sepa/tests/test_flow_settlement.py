from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_stripe_sepa.tests.common import FlowCase

SUCCESS, REFUND_DAY, ARRIVED = date(2026, 3, 18), date(2026, 5, 12), date(2026, 3, 23)


@tagged("post_install", "-at_install")
class TestSettlement(FlowCase):
    """What the engine does with refunds and payouts is its own affair; here they meet Stripe."""

    def _collected(self, *amounts):
        debits = self._sent(*amounts)
        self._days_until(SUCCESS)
        return debits

    def _refunded(self, debit, amount):
        refund = self.env["payment.refund"].create({"transaction_id": debit.id, "amount": amount})
        refund._queue(REFUND_DAY)
        self._work_off(refund)
        return refund

    def _work_off(self, refund):
        with self._committing(refund) as model:
            model._send_waiting(REFUND_DAY, everything=True, domain=[("id", "in", refund.ids)])
        refund.invalidate_recordset()

    def test_a_refund_leaves_once_and_arrives(self):
        debit = self._collected(49.9)
        self.sandbox.advance(REFUND_DAY)
        refund = self._refunded(debit, 10.0)
        (theirs,) = self.sandbox.read("tables/refunds")
        self.assertEqual((refund.state, refund.provider_ref), ("submitted", theirs["id"]))
        self.assertEqual(theirs["amount"], 1000)
        self._days_until(date(2026, 5, 20))
        self.assertEqual(refund.state, "done")

    def test_a_refund_without_an_answer_is_found(self):
        debit = self._collected(49.9)
        self.sandbox.advance(REFUND_DAY)
        self.sandbox.fault("drop_after", method="POST", path="/refunds$")
        refund = self._refunded(debit, 10.0)
        self.assertEqual(refund.state, "unknown")
        self._work_off(refund)
        self.assertEqual(refund.state, "submitted")
        self.assertEqual(len(self.sandbox.read("tables/refunds")), 1)

    def test_a_payout_is_booked_with_its_fees(self):
        self.provider.debit_fee_account_id = self.company_data["default_account_expense"]
        debits = self._collected(49.9, 10.0)
        self._days_until(ARRIVED)
        payout = self.env["payment.payout"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(payout.state, "booked")
        self.assertEqual(payout.line_ids.transaction_id, debits)
        self.assertAlmostEqual(payout.amount, 59.9 - 0.7)
        self.assertAlmostEqual(payout.fees, 0.7)
