from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_gocardless import const
from odoo.addons.payment_gocardless.tests.common import MANDATE, MONDAY, ClientCase

LONG_AGO = datetime(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestSend(ClientCase):
    def test_an_accepted_order_arrives_as_it_was_given(self):
        answer = self.client.send(self.order)
        (payment,) = self.sandbox.payments()
        self.assertEqual(answer.ref, payment["id"])
        self.assertEqual((answer.status, answer.raw_status), (seam.ACCEPTED, "pending_submission"))
        self.assertEqual((answer.amount_cents, answer.currency), (4990, "EUR"))
        self.assertEqual(answer.charge_date, date(2026, 3, 11))
        self.assertEqual(payment["description"], "Abonnement « été » n° 1")
        self.assertEqual(payment["metadata"], {"odoo_ref": "DEBIT-1"})
        self.assertIs(payment["retry_if_possible"], False)
        self.assertEqual(self._posts()[0]["idempotency_key"], "key-1")

    def test_a_date_without_banking_is_answered_with_the_next_one_and_that_is_kept(self):
        answer = self.client.send(self._order(requested_date=date(2026, 5, 1)))
        self.assertEqual(answer.charge_date, date(2026, 5, 4))

    def test_a_date_too_early_becomes_the_first_one_allowed_under_the_same_key(self):
        answer = self.client.send(self._order(requested_date=MONDAY))
        self.assertEqual(answer.charge_date, date(2026, 3, 5))
        self.assertEqual({post["idempotency_key"] for post in self._posts()}, {"key-1"})
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_date_grown_too_early_meanwhile_never_makes_a_second_payment(self):
        first = self.client.send(self._order(requested_date=date(2026, 3, 5)))
        self.sandbox.advance(date(2026, 3, 4))
        self.assertEqual(
            self.client.send(self._order(requested_date=date(2026, 3, 5))).ref, first.ref
        )
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_the_same_order_again_adopts_the_payment_that_is_there(self):
        first, second = self.client.send(self.order), self.client.send(self.order)
        self.assertEqual(first, second)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_key_that_made_anything_else_is_never_adopted(self):
        self._payer("MD0000XYZ", "Paul Durand")
        self.client.send(self.order)
        others = (
            {"amount_cents": 5000},
            {"mandate_ref": "MD0000XYZ"},
            {"reference": "DEBIT-2", "metadata": {}},
        )
        for values in others:
            with self.subTest(**values), self.assertRaises(DebitOutcomeUnknown) as caught:
                self.client.send(self._order(**values))
            self.assertEqual(caught.exception.code, "idempotency_mismatch")
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_an_existing_payment_that_can_not_be_read_leaves_the_outcome_unknown(self):
        self.client.send(self.order)
        self.sandbox.fault("500", method="GET", path="/payments/PM")
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.send(self.order)

    def test_a_mandate_that_no_bank_has_seen_yet_can_be_charged(self):
        self._payer("MD0000NEW", "Paul Durand", status="pending_submission")
        answer = self.client.send(self._order(mandate_ref="MD0000NEW"))
        self.assertEqual(answer.status, seam.ACCEPTED)

    def test_refusals_carry_a_code_and_the_field(self):
        self._payer("MD0000OFF", "Paul Durand", status="cancelled")
        self._payer("MD0000OLD", "Anne Petit")
        self.sandbox.act("replace", "MD0000OLD")
        new = self.sandbox.read("tables/mandates")[-1]["id"]
        cases = (
            ({"mandate_ref": "MD0000OFF"}, "MD01", "cancelled"),
            ({"mandate_ref": "MD0000OLD"}, "mandate_replaced", new),
            ({"mandate_ref": "MD0NOWHERE"}, "link_not_found", "not found"),
            ({"amount_cents": 500_001}, "validation_failed", "amount must be at most 500000"),
            ({"currency": "GBP"}, "validation_failed", "currency"),
        )
        for values, code, words in cases:
            with self.subTest(code=code), self.assertRaises(DebitRefused) as caught:
                self.client.send(self._order(**values))
            self.assertEqual(caught.exception.code, code)
            self.assertIn(words, str(caught.exception))
        self.assertFalse(self.sandbox.payments())

    def test_what_is_no_identifier_never_leaves(self):
        for ref in ("../mandates/MD1?x=1", "MD1/../PM1", "md1", "MD1\n", "", None):
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.send(self._order(mandate_ref=ref))
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.fetch(ref)
        self.assertFalse(self.sandbox.requests())

    def test_long_texts_are_cut_to_what_is_allowed(self):
        self.client.send(self._order(description="é" * 150, metadata={"note": "x" * 600}))
        (payment,) = self.sandbox.payments()
        self.assertEqual(len(payment["description"]), 100)
        self.assertEqual(len(payment["metadata"]["note"]), 500)


@tagged("post_install", "-at_install")
class TestFind(ClientCase):
    def test_an_attempt_is_found_by_its_reference(self):
        self.client.send(self._order(reference="DEBIT-9", idempotency_key="key-9", metadata={}))
        sent = self.client.send(self.order)
        self.assertEqual(self.client.find(self._order(sent_at=LONG_AGO)), sent)

    def test_an_attempt_that_is_surely_absent_is_none(self):
        self.client.send(self._order(reference="DEBIT-9", metadata={}))
        self.assertIsNone(self.client.find(self._order(sent_at=LONG_AGO)))

    def test_all_pages_are_read_before_anything_is_said_to_be_absent(self):
        with patch.object(const, "PAGE", 2):
            sent = self.client.send(self.order)
            for number in range(5):
                values = {"reference": f"OTHER-{number}", "idempotency_key": f"other-{number}"}
                self.client.send(self._order(**values, metadata={}))
            self.assertEqual(self.client.find(self._order(sent_at=LONG_AGO)).ref, sent.ref)

    def test_two_payments_with_one_reference_are_nobodys_guess(self):
        self.client.send(self.order)
        self.client.send(self._order(idempotency_key="key-2"))
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.find(self._order(sent_at=LONG_AGO))

    def test_without_a_moment_the_last_month_is_searched(self):
        self.sandbox.reset(date.today() - timedelta(days=3))
        self._payer(MANDATE, "Zoé Lefèvre")
        order = self._order(requested_date=date.today() + timedelta(days=20))
        self.assertEqual(self.client.find(order), None)
        self.assertEqual(self.client.send(order), self.client.find(order))


@tagged("post_install", "-at_install")
class TestFetchAndCancel(ClientCase):
    def _after(self, plan, until):
        self.sandbox.plan("any", plan)
        ref = self.client.send(self.order).ref
        self.sandbox.advance(until)
        return self.client.fetch(ref)

    def test_a_failure_tells_its_reason_its_day_and_that_nobody_retries(self):
        answer = self._after("failed:AM04", date(2026, 3, 13))
        self.assertEqual((answer.status, answer.reason_code), (seam.FAILED, "AM04"))
        self.assertEqual(answer.cause, "insufficient_funds")
        self.assertEqual(answer.occurred_on, date(2026, 3, 12))
        self.assertFalse(answer.will_retry)

    def test_money_that_came_is_collected_then_paid_out(self):
        ref = self.client.send(self.order).ref
        self.sandbox.advance(date(2026, 3, 12))
        self.assertEqual(self.client.fetch(ref).status, seam.COLLECTED)
        self.sandbox.advance(date(2026, 3, 20))
        self.assertEqual(self.client.fetch(ref).status, seam.PAID_OUT)

    def test_money_taken_back_by_the_debtor_is_returned(self):
        answer = self._after("chargeback:MD06", date(2026, 5, 1))
        self.assertEqual((answer.status, answer.reason_code), (seam.RETURNED, "MD06"))
        self.assertEqual(answer.cause, "refund_requested")

    def test_a_retry_by_the_provider_is_recognised(self):
        self.sandbox.control("settings", success_plus=True)
        ref = self.client.send(self.order).ref
        self.sandbox.plan("any", "failed:AM04")
        payload = {"retry_if_possible": True}
        self.client._api.payments.update(ref, params=payload)
        self.sandbox.advance(date(2026, 3, 12))
        self.assertTrue(self.client.fetch(ref).will_retry)

    def test_an_unknown_payment_is_refused_not_invented(self):
        with self.assertRaises(DebitRefused) as caught:
            self.client.fetch("PM0NOWHERE")
        self.assertEqual(caught.exception.code, "resource_not_found")

    def test_a_waiting_payment_is_cancelled_and_a_second_time_is_a_success(self):
        ref = self.client.send(self.order).ref
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)
        self.assertEqual(self.client.cancel(ref).cause, "payment_cancelled")

    def test_a_payment_at_the_bank_can_not_be_cancelled(self):
        ref = self.client.send(self.order).ref
        self.sandbox.advance(date(2026, 3, 10))
        with self.assertRaises(DebitRefused) as caught:
            self.client.cancel(ref)
        self.assertEqual(caught.exception.code, "cancellation_failed")

    def test_a_cancellation_without_an_answer_is_read_back(self):
        ref = self.client.send(self.order).ref
        self.sandbox.fault("drop_after", method="POST", path="/actions/cancel")
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)


@tagged("post_install", "-at_install")
class TestFeed(ClientCase):
    def test_the_feed_gives_every_event_once_over_all_pages(self):
        with patch.object(const, "PAGE", 3):
            self.client.send(self.order)
            self.sandbox.advance(date(2026, 3, 20))
            events = self.client.events_since(datetime(2026, 3, 1))
        self.assertEqual(
            sorted(item.event_key for item in events),
            sorted(item["id"] for item in self.sandbox.events()),
        )
        self.assertEqual(
            {item.action for item in events if item.topic == seam.TOPIC_DEBIT},
            {"submitted", "confirmed", "paid_out"},
        )
        self.assertFalse(self.client.events_since(datetime(2026, 3, 25)))
