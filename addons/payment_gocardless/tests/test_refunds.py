from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.models.payment_transaction_sending import (
    PaymentTransaction,
)
from odoo.addons.payment_gocardless.client import GoCardlessClient
from odoo.addons.payment_gocardless.tests.common_settlement import AFTER_8_WEEKS, SettlementCase

PAID_DAY = date(2026, 5, 14)


@tagged("post_install", "-at_install")
class TestRefunds(SettlementCase):
    def test_a_refund_is_sent_once_paid_and_booked(self):
        debit = self._collected()
        refund = self._refunded(debit, 20.0)
        self.assertEqual((refund.reference, refund.state), (f"{debit.reference}-R1", "submitted"))
        (theirs,) = self._theirs()
        self.assertEqual((theirs["amount"], theirs["id"]), (2000, refund.provider_ref))
        self.assertEqual(theirs["metadata"], {"odoo_ref": refund.reference})
        before = self._outstanding()
        self._days_until(PAID_DAY)
        self.assertEqual((refund.state, self._outstanding()), ("done", before - 20.0))
        self.assertEqual(refund.move_id.date, PAID_DAY)
        client_line = refund.move_id.line_ids.filtered("partner_id")
        self.assertEqual(
            (client_line.balance, client_line.account_type), (20.0, "asset_receivable")
        )
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))

    def test_a_refund_settles_the_credit_note_that_explains_it(self):
        debit = self._collected()
        note = debit.invoice_ids._reverse_moves([{"date": AFTER_8_WEEKS}])
        note.action_post()
        self._refunded(debit, 49.9)
        self._days_until(PAID_DAY)
        self.assertEqual(note.amount_residual, 0.0)

    def test_the_row_and_its_key_are_committed_before_and_after_the_call(self):
        refund = self._refund(self._collected(), 20.0)
        refund._queue(AFTER_8_WEEKS)
        steps, call = [], GoCardlessClient.refund

        def calling(client, order):
            steps.append(order.idempotency_key)
            return call(client, order)

        commit = PaymentTransaction._debit_commit

        def committing(records):
            steps.append("commit")
            commit(records)

        with (
            patch.object(GoCardlessClient, "refund", calling),
            patch.object(PaymentTransaction, "_debit_commit", committing),
        ):
            self._send_refunds(refund)
        key = steps.index(refund.refund_key)
        self.assertEqual((steps[key - 1], steps[key + 1]), ("commit", "commit"))

    def test_sending_again_refunds_nothing_again(self):
        refund = self._refunded(self._collected(), 20.0)
        self._send_refunds(refund)
        self.assertEqual(len(self._theirs()), 1)

    def test_a_lost_answer_is_unknown_until_the_refund_is_found(self):
        debit = self._collected()
        self.sandbox.fault("drop_after", method="POST", path="^/refunds$")
        refund = self._refunded(debit, 20.0)
        self.assertEqual(refund.state, "unknown")
        self._send_refunds(refund)
        self.assertEqual(
            (refund.state, refund.provider_ref), ("submitted", self._theirs()[0]["id"])
        )
        self.assertEqual(len(self.sandbox.requests("POST", "/refunds")), 1)

    def test_a_lost_request_is_sent_again_with_its_key(self):
        debit = self._collected()
        self.sandbox.fault("drop_before", method="POST", path="^/refunds$")
        refund = self._refunded(debit, 20.0)
        self._send_refunds(refund)
        self.assertEqual(refund.state, "submitted")
        posts = self.sandbox.requests("POST", "/refunds")
        self.assertEqual([post["idempotency_key"] for post in posts], [refund.refund_key] * 2)
        self.assertEqual(len(self._theirs()), 1)

    def test_a_refund_that_is_not_found_is_adopted_by_its_key(self):
        debit = self._collected()
        self.sandbox.fault("502", method="POST", path="^/refunds$", execute=True)
        refund = self._refunded(debit, 20.0)
        with patch.object(GoCardlessClient, "refund_find", return_value=None):
            self._send_refunds(refund)
        self.assertEqual((refund.state, len(self._theirs())), ("submitted", 1))

    def test_what_a_dead_process_was_sending_is_looked_up(self):
        refund = self._refund(self._collected(), 20.0)
        refund._queue(AFTER_8_WEEKS)
        refund._set_state("submitting", values={"sent_at": "2026-05-11 09:00:00"})
        self._send_refunds(refund)
        self.assertEqual((refund.state, len(self._theirs())), ("submitted", 1))

    def test_an_open_outcome_holds_the_other_refunds_of_the_debit(self):
        debit = self._collected()
        self.sandbox.fault("502", method="POST", path="^/refunds$", execute=False)
        first = self._refunded(debit, 20.0)
        second = self._refund(debit, 10.0)
        second._queue(AFTER_8_WEEKS)
        self._send_refunds(second)
        self.assertEqual((first.state, second.state), ("unknown", "queued"))
        self._send_refunds(first + second)
        self.assertEqual((first.state, second.state), ("submitted", "submitted"))
        self.assertEqual([refund["amount"] for refund in self._theirs()], [2000, 1000])

    def test_a_refund_beyond_what_was_refunded_elsewhere_is_refused(self):
        debit = self._collected()
        self._elsewhere(debit, 4000)
        refund = self._refunded(debit, 20.0)
        self.assertEqual(refund.state, "failed")
        self.assertIn("total_amount_confirmation_invalid", refund.error)
        self.assertEqual(len(self._theirs()), 1)

    def test_an_account_that_may_not_refund_refuses_and_keeps_collecting(self):
        debit = self._collected()
        self.sandbox.control("settings", can_create_refunds=False)
        refund = self._refunded(debit, 20.0)
        self.assertEqual(refund.state, "failed")
        self.assertFalse(self.provider.debit_paused)

    def test_a_paused_provider_sends_no_refund(self):
        debit = self._collected()
        self.provider.debit_paused = True
        self.assertEqual(self._refunded(debit, 20.0).state, "queued")

    def test_the_rate_limit_leaves_the_refund_waiting(self):
        debit = self._collected()
        self.sandbox.fault("429", method="POST", path="^/refunds$")
        refund = self._refunded(debit, 20.0)
        self.assertEqual(refund.state, "queued")
        self.assertTrue(refund.next_check)

    def test_a_silent_refund_is_read_again(self):
        refund = self._refunded(self._collected(), 20.0)
        self.sandbox.advance(PAID_DAY)
        self._send_refunds(refund, PAID_DAY)
        self.assertEqual(refund.state, "done")

    def test_an_unknown_status_changes_nothing(self):
        refund = self._refunded(self._collected(), 20.0)
        with patch.dict("odoo.addons.payment_gocardless.const.REFUND_STATUSES", clear=True):
            refund.action_refresh()
        self.assertEqual(refund.state, "submitted")
        self.assertEqual(self._alerts(refund).kind, "unknown_status")

    def test_a_refund_that_bounces_is_undone_in_the_books_and_told(self):
        refund = self._refunded(self._collected(), 20.0)
        self._days_until(PAID_DAY)
        before = self._outstanding()
        self.sandbox.act("bounce", refund.provider_ref)
        self._days_until(date(2026, 5, 15))
        self.assertEqual((refund.state, self._outstanding()), ("failed", before + 20.0))
        lines = (refund.move_id + refund.reversal_move_id).line_ids.filtered("partner_id")
        self.assertEqual(set(lines.mapped("amount_residual")), {0.0})
        self.assertEqual(self._alerts(refund).kind, "refund_failed")

    def test_a_refund_that_can_not_be_booked_is_told_and_done_later(self):
        refund = self._refunded(self._collected(), 20.0)
        with patch.object(
            type(self.provider), "_debit_outstanding_account", side_effect=ValueError("none")
        ):
            self._days_until(PAID_DAY)
        self.assertEqual(refund.state, "submitted")
        self.assertEqual(self._alerts(refund).kind, "not_applied")
        refund._refresh(PAID_DAY)
        self.assertEqual(refund.state, "done")

    def test_a_lost_refund_of_a_debit_that_came_back_is_not_sent_again(self):
        debit = self._collected()
        self.sandbox.fault("drop_before", method="POST", path="^/refunds$")
        refund = self._refunded(debit, 20.0)
        self.sandbox.act("charge_back", debit.provider_reference, "MD01")
        self._days_until(date(2026, 5, 12))
        self._send_refunds(refund)
        self.assertEqual((debit.debit_status, refund.state), ("returned", "unknown"))
        refund._state_write({"sent_at": datetime.now() - timedelta(hours=1)})
        self._send_refunds(refund)
        self.assertEqual((refund.state, self._theirs()), ("failed", []))

    def test_a_return_after_the_refund_tells_that_the_client_was_paid_twice(self):
        debit = self._collected(day=date(2026, 3, 20))
        refund = self._refund(debit, 20.0, self.manager, confirm_within_8_weeks=True)
        refund._queue(date(2026, 3, 20))
        self._send_refunds(refund, date(2026, 3, 20))
        draft = self._refund(debit, 5.0)
        self._days_until(date(2026, 3, 25))
        self.sandbox.act("charge_back", debit.provider_reference, "MD06")
        self._days_until(date(2026, 3, 26))
        self.assertEqual((debit.debit_status, refund.state), ("returned", "done"))
        self.assertEqual(draft.state, "cancelled")
        (alert,) = self._alerts(debit)
        self.assertEqual(alert.kind, "paid_twice")
        self.assertIn(refund.reference, alert.message)
        self.assertEqual(debit.invoice_ids.amount_residual, 49.9)
