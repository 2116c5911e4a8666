"""From the contract to the money in our bank."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless
from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from .common import Story

DUE = date(2026, 4, 8)


class FirstDebit:
    START, UNTIL = date(2026, 3, 26), date(2026, 4, 15)

    def test_first_debit_to_payout(self):
        contract = self.contract(34.65, start=DUE, billing_day=8)
        first = contract.installment_ids.sorted("due_date")[0]
        self.assertEqual((first.due_date, first.amount), (DUE, 41.58))
        self.live(self.UNTIL)
        (debit,) = first.transaction_ids
        self.assertEqual(debit.debit_requested_date, DUE)
        self.assertEqual(first.state, "paid")
        self.assertEqual(first.invoice_id.amount_total, 41.58)
        (payment,) = self._there(debit)
        self.assertEqual(self.cents_there(payment), 4158)
        self.assert_paid_out(debit)
        self.assertEqual(self.balance_of_client(), 0.0)
        self.assert_sound()

    def assert_paid_out(self, debit):
        self.assertEqual(debit.debit_status, "paid_out")
        payout = debit.payout_id
        self.assertEqual(payout.state, "booked")
        self.assertEqual(self.company.currency_id.round(payout.amount + payout.fees), 41.58)


@tagged("post_install", "-at_install")
class TestFirstDebitGoCardless(FirstDebit, GoCardless, Story):
    """GoCardless announces the debit itself."""


@tagged("post_install", "-at_install")
class TestFirstDebitStripe(FirstDebit, Stripe, Story):
    """Stripe announces the debit itself; it wants more days, and two of them are of Easter."""

    START, UNTIL = date(2026, 3, 24), date(2026, 4, 23)


@tagged("post_install", "-at_install")
class TestFirstDebitSlimPay(FirstDebit, SlimPay, Story):
    """We announce the debit; SlimPay does not tell what its transfers are made of."""

    START, UNTIL = date(2026, 3, 18), date(2026, 4, 14)

    def assert_paid_out(self, debit):
        self.assertEqual(debit.debit_status, "collected")
        (notice,) = self.env["payment.notice"].search([("mandate_id", "=", debit.mandate_id.id)])
        self.assertLessEqual(notice.sent_on, date(2026, 3, 25))
        line = notice.line_ids.filtered(lambda row: row.date == DUE)
        self.assertEqual(line.amount, 41.58)
