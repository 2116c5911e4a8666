"""Days that some months do not have, and days on which no bank works."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.pure import money
from odoo.addons.payment_slimpay import snapshots
from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay

from .common import Story


@tagged("post_install", "-at_install")
class TestDaysOfTheCalendar(SlimPay, Story):
    """SlimPay: we announce, so the notice has to name the day that the bank will debit."""

    START = date(2028, 2, 10)

    def assert_debited(self, installment, due, on, amount):
        """Due on a day, announced for and debited on another one, of exactly this amount."""
        self.assertEqual((installment.due_date, installment.amount), (due, amount))
        (debit,) = installment.transaction_ids
        told = self.env["payment.notice.line"].search([("installment_id", "=", installment.id)])
        self.assertEqual((told.date, told.amount), (on, amount))
        self.assertGreaterEqual((told.date - told.notice_id.sent_on).days, 14)
        (payment,) = self._there(debit)
        self.assertEqual(snapshots.day(payment["executionDate"]), on)
        self.assertEqual(self.cents_there(payment), money.to_cents(amount))
        self.assertEqual((debit.debit_requested_date, debit.debit_settled_date), (on, on))
        self.assertEqual((installment.state, installment.paid_on), ("paid", on))

    def test_a_contract_of_the_31st_is_debited_on_29_february(self):
        contract = self.contract(
            39.99, start=date(2027, 12, 31), billing_day=31, bill_from=date(2028, 2, 1)
        )
        schedule = contract.installment_ids.sorted("due_date")
        self.assertEqual(
            schedule[:4].mapped("due_date"),
            [date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30), date(2028, 5, 31)],
        )
        self.live(date(2028, 3, 3))
        self.assert_debited(schedule[0], date(2028, 2, 29), date(2028, 2, 29), 47.99)
        self.assertEqual(schedule[0].period_end, date(2028, 3, 30))
        self.assert_sound()

    def test_easter_monday_and_1_may_are_debited_on_the_next_day_that_banks_work(self):
        self.begin(date(2028, 3, 28))
        month_end = self.one_month(date(2028, 4, 30), price=10.0)  # a Sunday before 1 May
        easter = self.one_month(date(2028, 4, 17), price=20.0)
        labour_day = self.one_month(date(2028, 5, 1), price=39.99)
        self.live(date(2028, 5, 5))
        self.assert_debited(easter, date(2028, 4, 17), date(2028, 4, 18), 24.0)
        self.assert_debited(month_end, date(2028, 4, 30), date(2028, 5, 2), 12.0)
        self.assert_debited(labour_day, date(2028, 5, 1), date(2028, 5, 2), 47.99)
        self.assert_sound()
