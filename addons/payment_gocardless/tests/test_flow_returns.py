from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.common import MANDATE, FlowCase

AFTER_CHARGE, MUCH_LATER = date(2026, 3, 12), date(2026, 5, 4)


@tagged("post_install", "-at_install")
class TestReturns(FlowCase):
    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def test_a_rejected_debit_fails_with_the_banks_reason(self):
        debit = self._debit_with("failed:AM04")
        self._days_until(AFTER_CHARGE)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "AM04"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["reject"])
        self.assertEqual(debit.return_ids.date, AFTER_CHARGE)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_late_failure_opens_the_invoice_again(self):
        debit = self._debit_with("late:MS03")
        self._days_until(AFTER_CHARGE)
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
        self._days_until(MUCH_LATER)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MS03"))
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.assertEqual(debit.invoice_ids.amount_residual, 49.9)

    def test_a_refund_asked_by_the_debtor_opens_the_invoice_again(self):
        debit = self._debit_with("chargeback:MD06")
        self._days_until(MUCH_LATER)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MD06"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["refund"])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_refund_that_the_bank_takes_back_pays_the_invoice_again(self):
        debit = self._debit_with("chargeback:MD06")
        self._days_until(MUCH_LATER)
        self.sandbox.act("cancel_chargeback", debit.provider_reference)
        self._days_until(date(2026, 5, 5))
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))

    def test_a_closed_account_ends_the_mandate_too(self):
        debit = self._debit_with("failed:AC04")
        self._days_until(AFTER_CHARGE)
        self.assertEqual(debit.debit_status, "failed")
        self.assertEqual(debit.mandate_id.state, "cancelled")

    def test_a_debit_cancelled_with_its_mandate_is_cancelled(self):
        debit = self._sent(49.9)
        self.sandbox.act("cancel", MANDATE, "MD01")
        self._days_until(date(2026, 3, 3))
        self.assertEqual((debit.debit_status, debit.mandate_id.state), ("cancelled", "cancelled"))

    def test_duplicates_and_disorder_change_nothing(self):
        debit = self._debit_with("late:MS03")
        self.sandbox.advance(MUCH_LATER)
        events = self.sandbox.events()
        for batch in (events[::-1], events, events[1::2]):
            self._hear(batch)
            self.env["payment.event"]._apply_received(MUCH_LATER)
        self.assertEqual(debit.debit_status, "returned")
        self.assertEqual(len(debit.return_ids), 1)
        self.assertEqual(debit.invoice_ids.amount_residual, 49.9)
        self.assertEqual(len(debit.debit_line_ids), 2)

    def test_silence_is_mended_by_reading_the_feed(self):
        debit = self._sent(49.9)
        self.sandbox.advance(AFTER_CHARGE)
        client = self.provider._debit_client()
        from_feed = client.events_since(self.provider.create_date.replace(year=2025))
        self.env["payment.event"]._receive(self.provider, from_feed, "poll")
        self.env["payment.event"]._apply_received(AFTER_CHARGE)
        self.assertEqual(debit.debit_status, "collected")

    def test_a_notification_alone_moves_nothing(self):
        debit = self._sent(49.9)
        forged = {
            "id": "EV999",
            "created_at": "2026-03-12T09:00:00.000Z",
            "resource_type": "payments",
            "action": "paid_out",
            "links": {"payment": debit.provider_reference},
        }
        self._hear([forged])
        self.env["payment.event"]._apply_received(AFTER_CHARGE)
        self.assertEqual(debit.debit_status, "submitted")

    def test_payments_that_are_not_ours_are_ignored(self):
        self.provider._debit_client()._api.payments.create(
            params={"amount": 700, "currency": "EUR", "links": {"mandate": MANDATE}}
        )
        self._days_until(AFTER_CHARGE)
        events = self.env["payment.event"].search(
            [("provider_id", "=", self.provider.id), ("topic", "!=", "payout")]
        )
        self.assertTrue(events)
        self.assertEqual(set(events.mapped("state")), {"ignored"})
