from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRetryable, ProviderMisconfigured
from odoo.addons.payment_direct_debit.models import payment_transaction_outcome as outcome
from odoo.addons.payment_direct_debit_demo.client import DemoClient
from odoo.addons.payment_direct_debit_demo.tests.common import (
    DAY,
    LATER,
    NEXT_WEEK,
    DebitCommon,
)


@tagged("post_install", "-at_install")
class TestEvents(DebitCommon):
    """Money rule 5: a notification is a hint; duplicates, disorder and silence change nothing."""

    def _event(self, ref, action="collected", key="X1", topic=seam.TOPIC_DEBIT):
        event = seam.IncomingEvent(key, topic, ref, action, datetime(2026, 3, 4), {"ref": ref})
        self.env["payment.event"]._receive(self.provider, [event], "webhook")
        return self.env["payment.event"].search([("event_key", "=", key)])

    def test_what_the_bank_did_arrives_by_its_notification(self):
        debit = self._debit("collect, pay_out")
        self._send(debit)
        self.assertFalse(self._bank_day(DAY - timedelta(days=1)), "not before its day")
        self._bank_day(DAY)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.debit_settled_date, DAY)
        self._bank_day(NEXT_WEEK)
        self.assertEqual(debit.debit_status, "paid_out")
        self.assertEqual(debit.state, "done")

    def test_the_same_event_twice_is_one_event(self):
        debit = self._debit()
        self._send(debit)
        events = self._bank_day()
        self.assertEqual(events._notify(), 0)
        self.assertEqual(self._apply(), 0)
        self.assertEqual(len(debit.debit_line_ids), 1)

    def test_another_event_about_the_same_return_books_nothing_twice(self):
        debit = self._settled("collect, return:MD06", day=NEXT_WEEK)
        lines = debit.debit_line_ids
        self.assertEqual(len(lines), 2)
        self._event(debit.provider_reference, "returned", key="another")
        self._apply(NEXT_WEEK)
        self.assertEqual(debit.debit_line_ids, lines)
        self.assertEqual(len(debit.return_ids), 1)

    def test_events_in_reverse_order_come_to_the_same(self):
        debit = self._debit("collect, return:MD06, retry, collect")
        self._send(debit)
        events = self.provider._demo_advance(NEXT_WEEK, notify=False)
        for event in events.sorted("id", reverse=True):
            event._notify()
            self._apply(NEXT_WEEK)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.invoice_ids.amount_residual, 0)

    def test_an_event_that_never_came_is_polled(self):
        debit = self._debit()
        self._send(debit)
        self._bank_day(notify=False)
        self.assertEqual(debit.debit_status, "submitted")
        with self._committing(self.env["payment.event"]) as inbox:
            inbox._cron_poll(datetime(2026, 3, 5))
        self._apply()
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(self.provider.debit_events_polled_at, datetime(2026, 3, 5))

    def test_an_overdue_debit_is_read_again_without_any_event(self):
        debit = self._debit()
        self._send(debit)
        self.env["payment.demo.debit"].search([("ref", "=", debit.provider_reference)])._settle(DAY)
        with freeze_time("2026-03-05 08:00:00"):
            self.env["payment.transaction"]._cron_poll_debits()
        self.assertEqual(debit.debit_status, "collected")

    def test_all_that_is_overdue_is_read_again_however_many_on_the_day_of_the_engine(self):
        self.patch(outcome, "POLL_CHUNK", 2)
        debits = self.env["payment.transaction"].union(*(self._debit() for _number in range(3)))
        self._send(debits)
        self._bank_day(notify=False)
        self.env["payment.transaction"]._cron_poll_debits(NEXT_WEEK)
        self.assertEqual(set(debits.mapped("debit_status")), {"collected"})
        steps = debits.history_ids.filtered(lambda line: line.to_state == "collected")
        self.assertEqual(set(steps.mapped("date")), {NEXT_WEEK})

    def test_an_event_about_nothing_of_ours_is_ignored(self):
        event = self._event("DD9999999")
        self._apply()
        self.assertEqual(event.state, "ignored")

    def test_an_event_quicker_than_our_commit_is_looked_at_again(self):
        debit = self._debit("lost, collect")
        self._send(debit)
        event = self._event(self._at_bank(debit).ref)
        self._apply()
        self.assertEqual((event.state, event.tries), ("received", 1))
        self._resolve(debit)
        event._state_write({"next_try": False})
        self._apply()
        self.assertEqual(event.state, "applied")

    def test_a_bank_out_of_reach_leaves_the_event_for_later(self):
        debit = self._debit()
        self._send(debit)

        def down(client, ref):
            raise DebitRetryable("down for maintenance")

        self.patch(DemoClient, "fetch", down)
        self._bank_day()
        event = self.env["payment.event"].search([("ref", "=", debit.provider_reference)])
        self.assertEqual((event.state, event.tries), ("received", 1))
        self.assertGreater(event.next_try, fields.Datetime.now())
        event._state_write({"tries": 7, "next_try": False})
        self._apply()
        self.assertEqual(event.state, "failed")
        self.assertEqual(self._alerts(event).kind, "not_applied")
        event.action_replay()
        self.assertEqual((event.state, event.tries), ("received", 0))

    def test_one_misconfigured_provider_does_not_stop_the_inbox(self):
        healthy = self._debit()
        other = self._provider(self.company, name="Other")
        broken = self._debits(self._mandate(provider=other))
        self._send(broken + healthy)
        client = type(self.provider)._debit_client

        def picky(provider):
            if provider == other:
                raise ProviderMisconfigured("the key was withdrawn.")
            return client(provider)

        (self.provider + other)._demo_advance(DAY, notify=True)
        self.patch(type(self.provider), "_debit_client", picky)
        self._apply()
        self.assertEqual(healthy.debit_status, "collected")
        self.assertEqual(broken.debit_status, "submitted")
        self.assertTrue(other.debit_paused)
        waiting = self.env["payment.event"].search([("provider_id", "=", other.id)])
        self.assertEqual(waiting.mapped("state"), ["received"])

    def test_news_of_a_mandate_wait_for_a_provider_that_is_set_up(self):
        mandate = self._mandate()
        self.env["payment.demo.mandate"].search([("ref", "=", mandate.provider_mandate_ref)])._move(
            "cancelled", DAY
        )._notify()

        def broken(provider):
            raise ProviderMisconfigured("the key was withdrawn.")

        with patch.object(type(self.provider), "_debit_client", broken):
            self._apply()
        event = self.env["payment.event"].search([("ref", "=", mandate.provider_mandate_ref)])
        self.assertEqual((event.state, mandate.state), ("received", "active"))
        event._state_write({"next_try": False})
        self._apply()
        self.assertEqual((event.state, mandate.state), ("applied", "cancelled"))

    def test_one_bad_record_in_ten_stops_nobody(self):
        partners = [self.client] * 4 + [self.partner_b.with_env(self.env)] + [self.client] * 5
        debits = self._debits(
            self.env["payment.mandate"].union(*(self._mandate(partner=one) for one in partners))
        )
        self._send(debits)
        bad = debits[4]
        account = bad.partner_id.with_company(self.company).property_account_receivable_id
        account.active = False
        self._bank_day()
        self.assertEqual(set((debits - bad).mapped("debit_status")), {"collected"})
        self.assertEqual(set((debits - bad).invoice_ids.mapped("amount_residual")), {0.0})
        self.assertEqual(bad.debit_status, "submitted")
        self.assertEqual(self._alerts(bad).kind, "not_applied")
        event = self.env["payment.event"].search([("ref", "=", bad.provider_reference)])
        self.assertEqual((event.state, event.tries), ("received", 1), "tried again later")
        account.active = True
        event._state_write({"next_try": False})
        self._apply()
        self.assertEqual(bad.debit_status, "collected")


@tagged("post_install", "-at_install")
class TestAnswers(DebitCommon):
    """Money rule 6 and pitfalls of the framework: what is not understood is not guessed."""

    def test_an_unknown_status_changes_nothing_and_tells_a_person(self):
        debit = self._debit("collect, unmapped, return:MD06")
        self._send(debit)
        self._bank_day()
        self._bank_day(DAY + timedelta(days=1))
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.debit_raw_status, "demo_unmapped")
        self.assertEqual(self._alerts(debit).kind, "unknown_status")
        self._bank_day(NEXT_WEEK)
        self.assertEqual(debit.debit_status, "returned", "later news is understood again")

    def test_an_unknown_status_as_first_answer_is_an_unknown_outcome(self):
        debit = self._debit("unmapped, collect")
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertEqual(self._alerts(debit, "unknown_status").times, 2)
        self.provider._demo_advance(DAY)
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(len(self._at_bank(debit)), 1)

    def test_a_wrong_amount_is_never_collected_however_often_it_is_told(self):
        debit = self._debit("wrong_amount, collect")
        self._send(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.provider._demo_advance(DAY)
        for _turn in range(3):
            self._resolve(debit)
        self.assertEqual(debit.debit_status, "unknown")
        self.assertNotEqual(debit.state, "done")
        self.assertFalse(debit.debit_line_ids)
        self.assertEqual(self._alerts(debit).kind, "amount_mismatch")
        self.assertEqual(debit.invoice_ids.amount_residual, 100.0)

    def test_a_wrong_amount_after_the_sending_is_never_collected(self):
        debit = self._debit()
        self._send(debit)
        self._at_bank(debit).amount_cents += 1
        for key in range(3):
            self._bank_day()
            debit._debit_refresh(DAY)
            self.assertEqual((key, debit.debit_status), (key, "submitted"))
        self.assertEqual(len(self._alerts(debit, "amount_mismatch")), 1)

    def test_a_contradiction_is_left_to_a_person(self):
        debit = self._debit()
        self._send(debit)
        debit.action_debit_cancel()
        self.assertEqual(debit.debit_status, "cancelled")
        self._at_bank(debit).write({"status": "accepted", "plan": "collect", "next_on": DAY})
        self._bank_day()
        self.assertEqual(debit.debit_status, "cancelled")
        self.assertEqual(self._alerts(debit).kind, "drift")

    def test_a_failed_debit_that_the_bank_takes_up_again_is_collected_in_the_end(self):
        debit = self._debit("fail:AM04, retry, collect")
        self._send(debit)
        self._bank_day()
        self.assertEqual(debit.debit_status, "failed")
        self.assertTrue(debit.debit_will_retry, "nobody else may retry now")
        self._bank_day(DAY + timedelta(days=1))
        self.assertEqual((debit.debit_status, debit.state), ("submitted", "pending"))
        self.assertFalse(debit.debit_will_retry)
        self._bank_day(NEXT_WEEK)
        self.assertEqual((debit.debit_status, debit.state), ("collected", "done"))
        self.assertEqual(debit.invoice_ids.amount_residual, 0)

    def test_a_rejected_debit_is_recorded_with_its_reason_and_day(self):
        debit = self._settled("fail:AM04")
        self.assertEqual((debit.debit_status, debit.state), ("failed", "error"))
        self.assertEqual(debit.return_ids.kind, "reject")
        self.assertEqual(debit.return_ids.date, DAY)
        self.assertEqual(debit.return_ids.category, "funds")
        self.assertFalse(debit.debit_line_ids, "no money came, none goes back")

    def test_a_code_of_tomorrow_is_kept_raw_and_read_as_unknown(self):
        debit = self._settled("fail:ZZ99")
        self.assertEqual(debit.debit_reason_id.name, "UNKNOWN")
        self.assertIn("ZZ99", debit.debit_reason_raw)

    def test_a_collection_without_any_date_is_dated_by_the_engine(self):
        debit = self._debit()
        self._send(debit)
        debit._state_write({"debit_expected_date": False})
        answer = seam.DebitSnapshot(
            ref=debit.provider_reference,
            status=seam.COLLECTED,
            raw_status="demo_collected",
            amount_cents=10_000,
            currency="EUR",
        )
        debit._debit_apply({debit.id: answer}, LATER)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.debit_settled_date, LATER)
