from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date

from odoo.addons.payment_gocardless.tests.common_settlement import (
    AFTER_8_WEEKS,
    COLLECTED_DAY,
    WITHIN_8_WEEKS,
    SettlementCase,
)


@tagged("post_install", "-at_install")
class TestRefundRules(SettlementCase):
    def _refusal(self, refund, on):
        with self.assertRaises(UserError) as caught:
            refund._queue(on)
        self.assertEqual(refund.state, "draft")
        return str(caught.exception)

    def test_within_eight_weeks_a_manager_must_confirm(self):
        debit = self._collected(day=WITHIN_8_WEEKS)
        refund = self._refund(debit, 20.0)
        last = format_date(self.env, date(2026, 5, 6))
        self.assertIn(
            f"until {last}",
            self._refusal(refund, WITHIN_8_WEEKS),
        )
        with self.assertRaises(AccessError):
            refund.with_user(self.finance).confirm_within_8_weeks = True
        with self.assertRaises(AccessError):
            self._refund(debit, 1.0, confirm_within_8_weeks=True)
        refund.with_user(self.manager).confirm_within_8_weeks = True
        refund.with_user(self.finance)._queue(WITHIN_8_WEEKS)
        self.assertEqual(refund.state, "queued")

    def test_the_last_of_the_eight_weeks_counts_and_the_day_after_does_not(self):
        refund = self._refund(self._collected(), 20.0)
        self._refusal(refund, date(2026, 5, 6))
        refund._queue(date(2026, 5, 7))
        self.assertEqual(refund.state, "queued")

    def test_a_change_by_somebody_else_takes_the_confirmation_away(self):
        debit = self._collected(day=WITHIN_8_WEEKS)
        refund = self._refund(debit, 20.0, self.manager, confirm_within_8_weeks=True)
        refund.with_user(self.finance).amount = 49.9
        self.assertFalse(refund.confirm_within_8_weeks)

    def test_gocardless_refunds_from_the_seventh_day_on(self):
        refund = self._refund(self._collected(day=WITHIN_8_WEEKS), 20.0, self.manager)
        refund.with_user(self.manager).confirm_within_8_weeks = True
        first = format_date(self.env, date(2026, 3, 18))
        self.assertIn(
            f"from {first} on",
            self._refusal(refund, date(2026, 3, 17)),
        )
        refund._queue(date(2026, 3, 18))

    def test_only_money_that_came_can_be_given_back(self):
        debit = self._sent(49.9)
        refund = self._refund(debit, 20.0)
        self.assertIn("holds no money", self._refusal(refund, AFTER_8_WEEKS))

    def test_an_account_without_refunds_is_said_before_anything_is_queued(self):
        self.provider.gocardless_can_refund = False
        refund = self._refund(self._collected(), 20.0)
        self.assertIn("does not refund", self._refusal(refund, AFTER_8_WEEKS))

    def test_refunds_never_come_to_more_than_the_debit(self):
        debit = self._collected()
        with self.assertRaises(ValidationError):
            self._refund(debit, 49.91)
        first = self._refund(debit, 40.0)
        with self.assertRaises(ValidationError):
            self._refund(debit, 9.91)
        second = self._refund(debit, 9.9)
        self.assertEqual(second.reference, f"{debit.reference}-R2")
        first.action_cancel()
        self.assertEqual(self._refund(debit, 40.0).reference, f"{debit.reference}-R3")

    def test_an_amount_is_above_zero(self):
        debit = self._collected()
        for amount in (0.0, -1.0):
            with self.subTest(amount), self.assertRaises(ValidationError):
                self._refund(debit, amount)

    def test_a_cancelled_refund_never_leaves(self):
        refund = self._refund(self._collected(), 20.0)
        refund._queue(AFTER_8_WEEKS)
        refund.with_user(self.finance).action_cancel()
        self._send_refunds(refund)
        self.assertEqual((refund.state, self._theirs()), ("cancelled", []))

    def test_what_became_impossible_in_the_queue_fails_before_any_call(self):
        debit = self._collected()
        refund = self._refund(debit, 20.0)
        refund._queue(AFTER_8_WEEKS)
        self.provider.gocardless_can_refund = False
        self._send_refunds(refund)
        self.assertEqual(refund.state, "failed")
        self.assertFalse(self.sandbox.requests("POST", "/refunds"))

    def test_a_queued_refund_keeps_its_terms(self):
        refund = self._refund(self._collected(), 20.0)
        refund._queue(AFTER_8_WEEKS)
        for values in ({"amount": 1.0}, {"note": "x"}):
            with self.subTest(values), self.assertRaises(UserError):
                refund.with_user(self.finance).write(values)
        with self.assertRaises(UserError):
            refund.with_user(self.finance).unlink()

    def test_nobody_forges_a_state_a_key_or_a_reference(self):
        refund = self._refund(self._collected(), 20.0).with_user(self.finance)
        for values in ({"state": "done"}, {"provider_ref": "RF1"}, {"reference": "X"}):
            with self.subTest(values), self.assertRaises(AccessError):
                refund.write(values)
        with self.assertRaises(AccessError):
            refund.read(["refund_key"])

    def test_finance_refunds_and_other_employees_do_not(self):
        debit = self._collected()
        refund = self._refund(debit, 20.0)
        with freeze_time("2026-05-11"):
            refund.with_user(self.finance).action_send()
        self.assertEqual(refund.state, "queued")
        with self.assertRaises(AccessError):
            refund.with_user(self.employee).read(["amount"])
        with self.assertRaises(AccessError):
            self._refund(debit, 1.0, self.employee)
        with self.assertRaises(AccessError):
            debit.with_user(self.employee).action_debit_refund()

    def test_the_button_opens_a_draft_of_what_is_left(self):
        debit = self._collected()
        self._refund(debit, 20.0)
        with freeze_time("2026-05-11"):
            context = debit.with_user(self.finance).action_debit_refund()["context"]
        self.assertEqual(context["default_transaction_id"], debit.id)
        self.assertAlmostEqual(context["default_amount"], 29.9)
        self._refund(debit, 29.9)
        with freeze_time("2026-05-11"), self.assertRaises(UserError):
            debit.with_user(self.finance).action_debit_refund()
        with freeze_time(COLLECTED_DAY), self.assertRaises(UserError):
            debit.with_user(self.finance).action_debit_refund()
        self.assertEqual(debit.debit_refund_count, 2)
