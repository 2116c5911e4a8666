from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_stripe_sepa.tests.common import CHARGE_DAY, MANDATE, FlowCase, event

FAILURE, SUCCESS = date(2026, 3, 16), date(2026, 3, 18)
MUCH_LATER = date(2026, 4, 13)


@tagged("post_install", "-at_install")
class TestReturns(FlowCase):
    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def test_a_rejected_debit_fails_with_the_banks_reason(self):
        debit = self._debit_with("failed:AM04")
        self._days_until(FAILURE)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "AM04"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["reject"])
        self.assertEqual(debit.return_ids.date, FAILURE)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_late_failure_opens_the_invoice_again(self):
        debit = self._debit_with("late:MS03")
        self._days_until(SUCCESS)
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
        (dispute,) = self.sandbox.read("tables/disputes")
        self.sandbox.act("win", dispute["id"])
        self._days_until(date(2026, 4, 14))
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))

    def test_a_closed_account_ends_the_mandate_too(self):
        debit = self._debit_with("failed:AC04")
        self._days_until(FAILURE)
        self.assertEqual(debit.debit_status, "failed")
        self.assertEqual(debit.mandate_id.state, "cancelled")

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
        self.sandbox.advance(SUCCESS)
        client = self.provider._debit_client()
        from_feed = client.events_since(self.provider.create_date.replace(year=2025))
        self.env["payment.event"]._receive(self.provider, from_feed, "poll")
        self.env["payment.event"]._apply_received(SUCCESS)
        self.assertEqual(debit.debit_status, "collected")

    def test_a_notification_alone_moves_nothing(self):
        debit = self._sent(49.9)
        self._hear([event(999, "payment_intent.succeeded", {"id": debit.provider_reference})])
        self.env["payment.event"]._apply_received(SUCCESS)
        self.assertEqual(debit.debit_status, "submitted")

    def test_payments_that_are_not_ours_are_ignored(self):
        self.provider._debit_client().send(
            seam.DebitOrder("FOREIGN", "key", 700, "EUR", MANDATE, CHARGE_DAY, "Foreign")
        )
        self._days_until(SUCCESS)
        events = self.env["payment.event"].search([("provider_id", "=", self.provider.id)])
        self.assertTrue(events)
        self.assertEqual(set(events.mapped("state")), {"ignored"})
