from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_stripe_sepa import const, payloads
from odoo.addons.payment_stripe_sepa.tests.common import MANDATE, ClientCase

LONG_AGO = datetime(2026, 3, 2)
FAILURE, SUCCESS = date(2026, 3, 16), date(2026, 3, 18)  # 3 and 5 working days after the debit
CHARGED_BACK = date(2026, 4, 10)  # 20 working days after the debit


@tagged("post_install", "-at_install")
class TestSend(ClientCase):
    def test_an_accepted_order_arrives_as_it_was_given(self):
        answer = self.client.send(self.order)
        (payment,) = self.sandbox.payments()
        self.assertEqual(answer.ref, payment["id"])
        self.assertEqual((answer.status, answer.raw_status), (seam.ACCEPTED, "processing"))
        self.assertEqual((answer.amount_cents, answer.currency), (4990, "EUR"))
        self.assertEqual(answer.charge_date, date(2026, 3, 11))
        self.assertEqual(answer.reference, "DEBIT-1")
        self.assertEqual(payment["description"], "Abonnement « été » n° 1")
        self.assertEqual(payment["statement_descriptor"], "Abonnement ete n. 1")
        self.assertEqual(payment["metadata"], {"odoo_ref": "DEBIT-1"})
        self.assertEqual(payment["allowed_payment_method_types"], ["sepa_debit"])
        self.assertEqual(self._posts()[0]["idempotency_key"], "key-1")

    def test_the_day_of_the_debit_is_known_once_it_was_submitted(self):
        ref = self.client.send(self._order(requested_date=date(2026, 3, 14))).ref  # a Saturday
        self.assertEqual(self.client.fetch(ref).charge_date, date(2026, 3, 14))
        self.sandbox.advance(date(2026, 3, 4))
        self.assertEqual(self.client.fetch(ref).charge_date, date(2026, 3, 16))

    def test_a_date_too_near_becomes_as_soon_as_possible_under_the_same_key(self):
        today = date.today()
        self.sandbox.reset(today)
        self._payer(MANDATE, "Zoé Lefèvre")
        answer = self.client.send(self._order(requested_date=today + timedelta(days=1)))
        self.assertEqual((answer.status, answer.charge_date), (seam.ACCEPTED, None))
        self.assertEqual([post["idempotency_key"] for post in self._posts()], ["key-1"] * 2)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_date_too_far_waits_rather_than_being_debited_too_early(self):
        today = date.today()
        self.sandbox.reset(today)
        self._payer(MANDATE, "Zoé Lefèvre")
        with self.assertRaises(DebitRetryable) as caught:
            self.client.send(self._order(requested_date=today + timedelta(days=20)))
        self.assertAlmostEqual(caught.exception.after, 5 * 24 * 3600, delta=24 * 3600)
        self.assertFalse(self.sandbox.payments())

    def test_a_date_grown_too_near_meanwhile_never_makes_a_second_payment(self):
        order = self._order(requested_date=date(2026, 3, 5))
        self.sandbox.control("settings", idempotency_hours=100)
        first = self.client.send(order)
        self.sandbox.advance(date(2026, 3, 4))
        self.assertEqual(self.client.send(order).ref, first.ref)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_request_repeated_in_its_other_form_gets_the_payment_that_is_there(self):
        method, customer = self.client._account(MANDATE)
        first = self.client._create(self.order, method, customer, None)
        self.assertEqual(self.client.send(self.order).ref, first.ref)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_the_same_order_again_gets_the_payment_that_is_there(self):
        first, second = self.client.send(self.order), self.client.send(self.order)
        self.assertEqual(first, second)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_key_that_made_anything_else_is_never_adopted(self):
        self._payer("mandate_xyz", "Paul Durand")
        self.client.send(self.order)
        others = (
            {"amount_cents": 5000},
            {"mandate_ref": "mandate_xyz"},
            {"reference": "DEBIT-2", "metadata": {}},
        )
        for values in others:
            with self.subTest(**values), self.assertRaises(DebitOutcomeUnknown) as caught:
                self.client.send(self._order(**values))
            self.assertEqual(caught.exception.code, "idempotency_mismatch")
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_debit_declined_at_once_has_failed_with_its_reason_and_is_closed(self):
        self.sandbox.plan("any", "failed:AM04")
        self.sandbox.control("settings", refused_at_once="insufficient_funds")
        answer = self.client.send(self.order)
        (payment,) = self.sandbox.payments()
        self.assertEqual((answer.status, answer.reason_code), (seam.FAILED, "AM04"))
        self.assertEqual((answer.ref, payment["status"]), (payment["id"], "canceled"))

    def test_refusals_carry_a_code_and_the_parameter(self):
        self._payer("mandate_off", "Paul Durand", status="inactive")
        self.sandbox.control("settings", max_amount=500_000)
        cases = (
            ({"mandate_ref": "mandate_off"}, "MD01", "mandate"),
            ({"mandate_ref": "mandate_nowhere"}, "resource_missing", "No such mandate"),
            ({"amount_cents": 500_001}, "AM02", "limited"),
            ({"amount_cents": 49}, "amount_too_small", "(amount)"),
            ({"currency": "GBP"}, "invalid_request_error", "(currency)"),
        )
        for number, (values, code, words) in enumerate(cases):
            with self.subTest(code=code), self.assertRaises(DebitRefused) as caught:
                self.client.send(self._order(idempotency_key=f"key-{number}", **values))
            self.assertEqual(caught.exception.code, code)
            self.assertIn(words, str(caught.exception))
            self.assertIn("Stripe request", str(caught.exception))
        self.assertFalse(self.sandbox.payments())

    def test_a_mandate_whose_account_was_detached_is_dead(self):
        self.client.mandate_cancel(MANDATE)
        with self.assertRaises(DebitRefused) as caught:
            self.client.send(self.order)
        self.assertEqual(caught.exception.code, "MD01")

    def test_an_account_without_sepa_pauses_the_provider_and_fails_no_debit(self):
        self.sandbox.control("settings", sepa_debit_enabled=False)
        with self.assertRaises(ProviderMisconfigured):
            self.client.send(self.order)

    def test_what_is_no_identifier_never_leaves(self):
        for ref in ("../mandates/mandate_1?x=1", "pi_1/../x", "MD1", "mandate_1\n", "", None):
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.send(self._order(mandate_ref=ref))
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.fetch(ref)
        self.assertFalse(self.sandbox.requests())

    def test_long_texts_are_cut_to_what_is_allowed(self):
        self.client.send(self._order(description="é" * 1500, metadata={"note": "x" * 600}))
        (payment,) = self.sandbox.payments()
        self.assertEqual(len(payment["description"]), 500)
        self.assertEqual(payment["statement_descriptor"], "e" * 22)
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
        order = self._order(requested_date=date.today() + timedelta(days=5))
        self.assertIsNone(self.client.find(order))
        self.assertEqual(self.client.send(order), self.client.find(order))

    def test_a_mandate_that_ended_meanwhile_hides_no_payment(self):
        sent = self.client.send(self.order)
        self.client.mandate_cancel(MANDATE)
        self.client._accounts.clear()
        self.assertEqual(self.client.find(self._order(sent_at=LONG_AGO)).ref, sent.ref)

    def test_a_refusal_to_look_is_no_end_of_the_attempt(self):
        self.client._accounts[MANDATE] = ("pm_1", "cus_1\n")
        self.client._accounts["mandate_x"] = ("pm_1", "")
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.find(self._order(mandate_ref="mandate_x", sent_at=LONG_AGO))

    def test_an_attempt_found_failed_is_closed(self):
        self.sandbox.plan("any", "failed:AM04")
        self.client.send(self.order)
        self.sandbox.advance(FAILURE)
        found = self.client.find(self._order(sent_at=LONG_AGO))
        self.assertEqual((found.status, found.reason_code), (seam.FAILED, "AM04"))
        self.assertEqual(self.sandbox.payments()[0]["status"], "canceled")


@tagged("post_install", "-at_install")
class TestFetchAndCancel(ClientCase):
    def _after(self, plan, until):
        self.sandbox.plan("any", plan)
        ref = self.client.send(self.order).ref
        self.sandbox.advance(until)
        return self.client.fetch(ref)

    def test_a_failure_tells_its_reason_and_nobody_retries(self):
        answer = self._after("failed:AM04", FAILURE)
        self.assertEqual((answer.status, answer.reason_code), (seam.FAILED, "AM04"))
        self.assertEqual(answer.cause, "insufficient_funds")
        self.assertFalse(answer.will_retry)

    def test_a_failed_payment_is_closed_before_anybody_hears_of_it(self):
        answer = self._after("failed:AC04", FAILURE)
        self.assertEqual(answer.raw_status, "requires_payment_method")
        self.assertEqual(self.sandbox.payments()[0]["status"], "canceled")
        again = self.client.fetch(answer.ref)
        self.assertEqual((again.status, again.reason_code), (seam.FAILED, "AC04"))
        self.assertEqual(again.raw_status, "canceled")

    def test_a_failed_payment_that_may_be_open_is_not_told_as_failed(self):
        self.sandbox.plan("any", "failed:AM04")
        ref = self.client.send(self.order).ref
        self.sandbox.advance(FAILURE)
        for kind in ("500", "drop_before", "429"):
            self.sandbox.fault(kind, method="POST", path="/cancel$")
            with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                self.client.fetch(ref)
        self.assertEqual(self.client.fetch(ref).status, seam.FAILED)

    def test_money_that_came_is_collected(self):
        answer = self._after("paid", SUCCESS)
        self.assertEqual(answer.status, seam.COLLECTED)
        self.assertEqual(answer.charge_date, date(2026, 3, 11))

    def test_money_taken_back_by_the_debtor_is_returned(self):
        answer = self._after("chargeback:MD06", CHARGED_BACK)
        self.assertEqual((answer.status, answer.reason_code), (seam.RETURNED, "MD06"))
        self.assertEqual((answer.cause, answer.fee_cents), ("customer_initiated", 750))
        self.assertEqual(answer.occurred_on, CHARGED_BACK)

    def test_a_dispute_that_was_won_brings_the_money_back(self):
        ref = self._after("chargeback:MD06", CHARGED_BACK).ref
        (dispute,) = self.sandbox.read("tables/disputes")
        self.sandbox.act("win", dispute["id"])
        self.assertEqual(self.client.fetch(ref).status, seam.COLLECTED)

    def test_an_unknown_payment_is_refused_not_invented(self):
        with self.assertRaises(DebitRefused) as caught:
            self.client.fetch("pi_nowhere")
        self.assertEqual(caught.exception.code, "resource_missing")

    def test_a_payment_at_the_bank_can_not_be_cancelled(self):
        ref = self.client.send(self.order).ref
        with self.assertRaises(DebitRefused) as caught:
            self.client.cancel(ref)
        self.assertEqual(caught.exception.code, "payment_intent_unexpected_state")

    def _open(self):
        method, customer = self.client._account(MANDATE)
        params = payloads.payment(self.order, method, customer, None)
        for name in ("confirm", "off_session", "mandate"):
            del params[name]
        return self.client._api.payment_intents.create(params).id

    def test_an_open_payment_is_cancelled_and_a_second_time_is_a_success(self):
        ref = self._open()
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)

    def test_a_cancellation_without_an_answer_is_read_back(self):
        ref = self._open()
        self.sandbox.fault("drop_after", method="POST", path="/cancel$")
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)


@tagged("post_install", "-at_install")
class TestFeed(ClientCase):
    def test_the_feed_gives_every_event_once_over_all_pages(self):
        with patch.object(const, "PAGE", 3):
            self.sandbox.plan("any", "chargeback:MD06")
            self.client.send(self.order)
            self.sandbox.advance(CHARGED_BACK)
            events = self.client.events_since(datetime(2026, 3, 1))
        ours = [item for item in self.sandbox.events() if item["type"] in const.EVENTS]
        recent = [i["id"] for i in ours if i["created"] > ours[-1]["created"] - 29 * 24 * 3600]
        keys = [item.event_key for item in events]
        self.assertLessEqual(set(recent), set(keys))
        self.assertEqual(len(keys), len(set(keys)))
        self.assertIn("charge.dispute.created", [item.action for item in events])
        self.assertFalse(self.client.events_since(datetime(2026, 4, 25)))

    def test_the_types_asked_for_fit_into_one_request(self):
        self.assertLessEqual(len(const.EVENTS), 20)
