from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRetryable
from odoo.addons.payment_direct_debit_demo.client import DemoClient
from odoo.addons.payment_direct_debit_demo.tests.common import (
    DAY,
    LATER,
    NEXT_WEEK,
    DebitCommon,
)

NIGHT = DAY + timedelta(days=1)


@tagged("post_install", "-at_install")
class TestComparison(DebitCommon):
    """Every night, what we know is held against what the provider knows."""

    def _compare(self, on=NIGHT):
        return self.env["payment.transaction"]._debit_compare(on)

    def _ledger(self, debit):
        return self.env["payment.demo.debit"].search([("ref", "=", debit.provider_reference)])

    def test_news_that_never_came_are_taken_over_and_told(self):
        debit = self._debit()
        self._send(debit)
        self._bank_day(notify=False)
        self.assertEqual(self._compare(), debit)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.invoice_ids.payment_state, "paid")
        self.assertIn(debit.reference, self._alerts(self.provider, "missed_news").message)

    def test_a_provider_that_tells_failures_only_has_missed_nothing(self):
        profile = seam.DebitProfile(tells_collected=False)
        self.patch(type(self.provider), "_debit_profile", lambda provider: profile)
        debit = self._debit()
        self._send(debit)
        self._bank_day(notify=False)
        self.assertFalse(self._compare())
        self.assertEqual(debit.debit_status, "collected")
        self.assertFalse(self._alerts(self.provider, "missed_news"))

    def test_news_that_wait_in_the_inbox_have_not_been_missed(self):
        debit = self._debit()
        self._send(debit)
        self.provider._demo_advance(DAY)  # notified, not applied yet
        self.assertFalse(self._compare())
        self.assertEqual(debit.debit_status, "collected")
        self.assertFalse(self._alerts(self.provider, "missed_news"))

    def test_two_sides_that_agree_change_nothing(self):
        debit = self._settled()
        lines = debit.debit_line_ids
        self.assertFalse(self._compare())
        self.assertEqual(debit.debit_line_ids, lines)
        self.assertFalse(self._alerts(debit))
        self.assertEqual(debit.debit_compared_on, NIGHT)

    def test_a_late_return_of_what_seemed_over_is_found(self):
        debit = self._settled("collect, return:MD06+40", day=DAY)
        self.provider._demo_advance(LATER, notify=False)
        self._compare(LATER)
        self.assertEqual(debit.debit_status, "returned")
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_each_debit_is_read_once_a_night_however_often_it_runs(self):
        debits = self._debits(self._mandate() + self._mandate())
        self._send(debits)
        self._compare()
        read = []
        fetch = DemoClient.fetch

        def counting(client, ref):
            read.append(ref)
            return fetch(client, ref)

        self.patch(DemoClient, "fetch", counting)
        self._compare()
        self.assertFalse(read)
        self._compare(NIGHT + timedelta(days=1))
        self.assertEqual(sorted(read), sorted(debits.mapped("provider_reference")))

    def test_a_bank_that_does_not_answer_stops_no_comparison(self):
        debit = self._debit()
        self._send(debit)

        def down(client, ref):
            raise DebitRetryable("down for maintenance")

        self.patch(DemoClient, "fetch", down)
        self.assertFalse(self._compare())
        self.assertEqual(debit.debit_status, "submitted")

    def test_a_contradiction_is_an_alert_until_a_person_takes_the_providers_word(self):
        debit = self._debit()
        self._send(debit)
        debit.action_debit_cancel()
        self._ledger(debit).write({"status": seam.COLLECTED, "charge_date": DAY})
        self._compare()
        alert = self._alerts(debit, "drift")
        self.assertEqual((debit.debit_status, alert.state), ("cancelled", "open"))
        alert.action_resync()
        self.assertEqual((debit.debit_status, alert.state), ("collected", "closed"))
        self.assertEqual(debit.state, "done")
        self.assertEqual(debit.invoice_ids.payment_state, "paid")

    def test_a_resync_that_gets_no_answer_says_so_and_changes_nothing(self):
        debit = self._debit()
        self._send(debit)

        def down(client, ref):
            raise DebitRetryable("down for maintenance")

        self.patch(DemoClient, "fetch", down)
        with self.assertRaisesRegex(UserError, f"{debit.reference}: down"):
            debit.action_debit_resync()
        self.assertEqual(debit.debit_status, "submitted")


@tagged("post_install", "-at_install")
class TestSilence(DebitCommon):
    """What has not been heard of for too long is told to a person."""

    def _told(self, hours, topic=seam.TOPIC_DEBIT, source="webhook"):
        """One event, so many hours ago."""
        self.count = getattr(self, "count", 0) + 1
        stamp = datetime(2026, 3, 4)
        event = seam.IncomingEvent(f"S{self.count}", topic, "X", "a", stamp, {})
        inbox = self.env["payment.event"]
        inbox._receive(self.provider, [event], source)
        record = inbox.search([("event_key", "=", event.event_key)])
        moment = self.now - timedelta(hours=hours)
        self.env.cr.execute(
            "UPDATE payment_event SET create_date = %s WHERE id = %s", (moment, record.id)
        )

    def _silent(self):
        return self.env["payment.provider"]._debit_watch_silence(self.now)

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now()

    def test_a_silence_longer_than_any_known_one_is_told(self):
        for hours in range(100, 700, 24):
            self._told(hours)
        self.assertEqual(self._silent(), self.provider)
        alert = self._alerts(self.provider, "webhook_silent")
        self._told(1)
        self.assertFalse(self._silent())
        self.assertEqual(alert.state, "closed")

    def test_a_week_end_that_happens_every_week_is_no_silence(self):
        for week in range(1, 8):
            for hours in range(0, 72, 24):
                self._told(week * 168 - 70 + hours)
        self.assertFalse(self._silent())

    def test_a_new_provider_has_no_rhythm_yet(self):
        self._told(300)
        self.assertFalse(self._silent())

    def test_news_that_must_be_fetched_although_they_used_to_be_notified(self):
        self._told(30)
        for hours in (20, 10, 5):
            self._told(hours, source="poll")
        self.assertEqual(self._silent(), self.provider)

    def test_kinds_that_were_never_notified_are_no_silence(self):
        self._told(1)
        for hours in (20, 10, 5):
            self._told(hours, topic=seam.TOPIC_MANDATE, source="poll")
        self.assertFalse(self._silent())

    def test_an_outcome_unknown_for_an_hour_is_told_once_and_closed_once_known(self):
        debit = self._debit("lost, collect")
        self._send(debit)
        watch = self.env["payment.transaction"]._debit_alert_long_unknown
        watch(fields.Datetime.now())
        self.assertFalse(self._alerts(debit, "unknown_long"))
        watch(fields.Datetime.now() + timedelta(hours=2))
        alert = self._alerts(debit, "unknown_long")
        self.assertEqual((alert.state, alert.times), ("open", 1))
        self._resolve(debit)
        watch(fields.Datetime.now() + timedelta(hours=3))
        self.assertEqual(alert.state, "closed")

    def test_a_debit_without_a_word_for_weeks_is_told_once_and_closed_once_heard_of(self):
        debit = self._debit("collect+40")
        self._send(debit)
        watch = self.env["payment.transaction"]._debit_alert_long_submitted
        watch(date(2026, 3, 24))
        self.assertFalse(self._alerts(debit, "submitted_long"))
        for day in (25, 26):
            watch(date(2026, 3, day))
        alert = self._alerts(debit, "submitted_long")
        self.assertEqual((alert.state, alert.times), ("open", 1))
        self.assertEqual(debit.debit_status, "submitted")
        self._bank_day(date(2026, 4, 20))
        watch(date(2026, 4, 20))
        self.assertEqual((debit.debit_status, alert.state), ("collected", "closed"))


@tagged("post_install", "-at_install")
class TestClocksOfDebits(DebitCommon):
    """Collected is not kept yet."""

    def _figure(self, on):
        return self.env["payment.transaction"]._debit_still_refundable(self.company, on)

    def test_what_was_collected_may_be_asked_back_for_eight_weeks(self):
        debit = self._settled(amount=80.0)
        self.assertEqual(debit.debit_refundable_until, date(2026, 4, 29))
        self.assertEqual(debit.debit_contestable_until, date(2027, 4, 4))
        self.assertEqual(self._figure(date(2026, 4, 29)), [(self.euro, 1, 80.0)])
        self.assertFalse(self._figure(date(2026, 4, 30)))

    def test_what_came_back_can_not_be_asked_back_again(self):
        self._settled("collect, return:MD06", day=NEXT_WEEK)
        self.assertFalse(self._figure(DAY))
