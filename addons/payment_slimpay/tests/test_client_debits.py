from dataclasses import replace
from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    ProviderMisconfigured,
)
from odoo.addons.payment_slimpay import const, payloads
from odoo.addons.payment_slimpay.tests.common import (
    CHARGE_DAY,
    LONG_AGO,
    MANDATE,
    MONDAY,
    ClientCase,
)


@tagged("post_install", "-at_install")
class TestSend(ClientCase):
    def test_an_accepted_order_arrives_as_it_was_given(self):
        answer = self.client.send(self.order)
        (payment,) = self.sandbox.payments()
        self.assertEqual(answer.ref, payment["id"])
        self.assertEqual((answer.status, answer.raw_status), (seam.ACCEPTED, "toprocess"))
        self.assertEqual((answer.amount_cents, answer.currency), (4990, "EUR"))
        self.assertEqual(answer.charge_date, CHARGE_DAY)
        self.assertEqual(payment["label"], "Abonnement ' ete ' n. 1")
        self.assertEqual((payment["mandate"], payment["amount"]), (MANDATE, "49.90"))
        self.assertEqual(answer.reference, payloads.reference(self.order))

    def test_the_day_is_the_one_in_paris_in_winter_and_in_summer(self):
        for number, day in enumerate((CHARGE_DAY, date(2026, 4, 15), date(2026, 11, 4))):
            order = self._order(reference=f"D-{number}", requested_date=day)
            self.assertEqual(self.client.send(order).charge_date, day)
        dates = [payment["executionDate"][11:13] for payment in self.sandbox.payments()]
        self.assertEqual(dates, ["23", "22", "23"])

    def test_the_reference_is_alphanumeric_and_of_this_attempt_alone(self):
        orders = [
            self.order,
            self._order(reference="DEBIT1"),
            self._order(reference="INV/2026/00001-" + "9" * 60),
            self._order(reference="é€"),
            self._order(idempotency_key="of another database"),
        ]
        names = {payloads.reference(order) for order in orders}
        self.assertEqual(len(names), len(orders))
        for name in names:
            self.assertRegex(name, r"\A[A-Za-z0-9]{1,35}\Z")
        self.assertEqual(payloads.reference(self.order), payloads.reference(replace(self.order)))
        self.assertTrue(payloads.reference(self.order).startswith("DEBIT1"))

    def test_a_date_without_banking_is_answered_with_the_next_one_and_that_is_kept(self):
        answer = self.client.send(self._order(requested_date=date(2026, 5, 1)))
        self.assertEqual(answer.charge_date, date(2026, 5, 4))

    def test_a_date_refused_as_too_early_becomes_the_first_one_possible(self):
        self.sandbox.control("settings", early_dates="refuse")
        answer = self.client.send(self._order(requested_date=MONDAY))
        self.assertEqual(answer.charge_date, date(2026, 3, 4))
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_the_same_order_again_adopts_the_payment_that_is_there(self):
        first, second = self.client.send(self.order), self.client.send(self.order)
        self.assertEqual(first, second)
        self.assertEqual((len(self.sandbox.payments()), len(self._posts())), (1, 1))

    def test_every_post_is_preceded_by_a_look(self):
        self.client.send(self.order)
        steps = [(item["method"], item["path"]) for item in self._requests(None, "/payments")]
        self.assertEqual(steps, [("GET", "/payments"), ("POST", "/payments/in")])

    def test_what_is_there_under_our_name_but_different_is_never_adopted(self):
        self._payer("RUM-0002", "Paul Durand")
        self.client.send(self.order)
        for values in ({"amount_cents": 5000}, {"mandate_ref": "RUM-0002"}, {"currency": "USD"}):
            with self.subTest(**values), self.assertRaises(DebitOutcomeUnknown) as caught:
                self.client.send(self._order(**values))
            self.assertEqual(caught.exception.code, "idempotency_mismatch")
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_refusals_carry_a_code_and_the_field(self):
        self._payer("RUM-0OFF", "Paul Durand", status="revoked")
        cases = (
            ({"mandate_ref": "RUM-0OFF"}, "MD01", "revoked"),
            ({"mandate_ref": "RUM-NOWHERE"}, "902", "unknown"),
            ({"currency": "GBP"}, "901", "currency"),
        )
        for values, code, words in cases:
            with self.subTest(code=code), self.assertRaises(DebitRefused) as caught:
                self.client.send(self._order(**values))
            self.assertEqual(caught.exception.code, code)
            self.assertIn(words, str(caught.exception))
        self.assertFalse(self.sandbox.payments())

    def test_a_payment_that_is_made_but_refused_is_a_failure_that_is_kept(self):
        self._payer("RUM-0OFF", "Paul Durand", status="revoked")
        self.sandbox.control("settings", refused_payment_state="refused")
        answer = self.client.send(self._order(mandate_ref="RUM-0OFF"))
        self.assertEqual((answer.status, answer.cause), (seam.FAILED, "refused"))
        self.assertEqual(answer.ref, self.sandbox.payments()[0]["id"])

    def test_what_is_no_identifier_never_leaves(self):
        for ref in ("../mandates?x=1", "RUM//1", "", None, "RUM 1", "RUM\n", "é", "R" * 36):
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.send(self._order(mandate_ref=ref))
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.fetch(ref)
        self.assertFalse(self._requests(None, "/payments"))

    def test_a_long_label_is_cut_and_an_empty_one_is_replaced(self):
        self.client.send(self._order(description="é" * 150))
        self.client.send(self._order(reference="D-2", description="//"))
        first, second = self.sandbox.payments()
        self.assertEqual(first["label"], "e" * 140)
        self.assertEqual(second["label"], second["reference"])

    def test_an_entity_is_named_in_every_body_and_search(self):
        client = self._client(entity="north")
        self.assertIsNone(client.find(self.order))
        self.assertIn("entityReference=north", self._requests("GET", "/payments")[0]["query"])
        with self.assertRaises(ProviderMisconfigured) as caught:
            client.send(self.order)  # the stand-in has no entities
        self.assertEqual(caught.exception.code, "904")
        self.assertEqual(self._posts()[0]["body"]["creditor"]["entity"], {"reference": "north"})


@tagged("post_install", "-at_install")
class TestFind(ClientCase):
    def test_an_attempt_is_found_by_its_reference(self):
        self.client.send(self._order(reference="DEBIT-9"))
        sent = self.client.send(self.order)
        self.assertEqual(self.client.find(self.order), sent)

    def test_an_attempt_that_is_surely_absent_is_none(self):
        self.client.send(self._order(reference="DEBIT-9"))
        self.assertIsNone(self.client.find(self.order))

    def test_two_payments_with_one_reference_are_nobodys_guess(self):
        self.client.send(self.order)
        body = payloads.payment(self.order, CHARGE_DAY)
        self.client._create("create-payins", body)
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.find(self.order)
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.send(self.order)

    def test_parts_of_documents_and_single_documents_are_read_as_well(self):
        sent = self.client.send(self.order)
        self.sandbox.control("settings", partial_embedded=True, single_object=True)
        self.assertEqual(self.client.find(self.order), sent)

    def test_a_refund_of_the_same_name_is_no_debit(self):
        ref = self._sent(until=date(2026, 3, 20))
        self.sandbox.control("settings", floor=0)
        refund = seam.RefundOrder("DEBIT-7", "key-7", ref, 100, 0, "EUR")
        self.client.refund(refund)
        self.assertIsNone(
            self.client.find(self._order(reference="DEBIT-7", idempotency_key="key-7"))
        )


@tagged("post_install", "-at_install")
class TestFetchAndCancel(ClientCase):
    def _after(self, plan, until=CHARGE_DAY):
        return self.client.fetch(self._sent(plan, until))

    def test_a_rejection_tells_its_reason_its_day_and_that_nobody_retries(self):
        answer = self._after("failed:AM04")
        self.assertEqual((answer.status, answer.reason_code), (seam.FAILED, "AM04"))
        self.assertEqual((answer.cause, answer.occurred_on), ("rejects", CHARGE_DAY))
        self.assertFalse(answer.will_retry)

    def test_money_that_came_is_collected_and_not_a_day_before(self):
        ref = self.client.send(self.order).ref
        self.sandbox.advance(date(2026, 3, 10))
        self.assertEqual(self.client.fetch(ref).raw_status, "processing")
        self.sandbox.advance(CHARGE_DAY)
        self.assertEqual(self.client.fetch(ref).status, seam.COLLECTED)
        earlier = self._client(today=lambda: date(2026, 3, 10))
        self.assertEqual(earlier.fetch(ref).status, seam.ACCEPTED)

    def test_money_returned_by_the_bank_is_returned_whatever_the_payment_says(self):
        for status in ("rejected", "contested", "processed"):
            self.sandbox.reset(MONDAY)
            self._payer(MANDATE, "Zoé Lefèvre")
            self.sandbox.control("settings", returned_status=status)
            answer = self._after("late:MS03", date(2026, 3, 20))
            with self.subTest(status):
                self.assertEqual((answer.status, answer.reason_code), (seam.RETURNED, "MS03"))
                self.assertEqual(answer.raw_status, status)

    def test_money_taken_back_by_the_debtor_is_returned_with_the_banks_fee(self):
        self.sandbox.control("settings", bank_fee=350)
        answer = self._after("chargeback:MD06", date(2026, 4, 20))
        self.assertEqual((answer.status, answer.reason_code), (seam.RETURNED, "MD06"))
        self.assertEqual((answer.cause, answer.fee_cents), ("refunds", 350))

    def test_a_retry_by_slimpay_is_recognised_and_its_success_is_collected(self):
        self.sandbox.control("settings", auto_retry=True)
        self.sandbox.plan("any", "failed:AM04", "paid")
        ref = self.client.send(self.order).ref
        self.sandbox.advance(CHARGE_DAY)
        answer = self.client.fetch(ref)
        self.assertEqual((answer.status, answer.will_retry), (seam.FAILED, True))
        self.sandbox.advance(date(2026, 3, 17))
        self.assertEqual(self.client.fetch(ref).status, seam.ACCEPTED)
        self.sandbox.advance(date(2026, 3, 27))
        self.assertEqual(self.client.fetch(ref).status, seam.COLLECTED)

    def test_statuses_without_a_definition_are_unmapped_and_kept(self):
        ref = self.client.send(self.order).ref
        for raw in ("contested", "transformed"):
            self.sandbox.act("set_status", ref, raw)
            answer = self.client.fetch(ref)
            self.assertEqual((answer.status, answer.raw_status), (seam.UNMAPPED, raw))

    def test_an_unknown_payment_is_refused_whatever_the_body_is(self):
        for body in ("code", "empty", "html"):
            self.sandbox.control("settings", not_found_body=body)
            with self.subTest(body), self.assertRaises(DebitRefused) as caught:
                self.client.fetch("7d5a0000-0000-4000-8000-000000000002")
            self.assertEqual(caught.exception.code, "404")

    def test_a_waiting_payment_is_cancelled_and_a_second_time_is_a_success(self):
        ref = self.client.send(self.order).ref
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)
        self.assertEqual(self.client.cancel(ref).reason_code, "FOCR")

    def test_a_payment_that_slimpay_no_longer_lets_go_is_refused_unasked(self):
        ref = self.client.send(self.order).ref
        self.sandbox.advance(date(2026, 3, 9))
        with self.assertRaises(DebitRefused) as caught:
            self.client.cancel(ref)
        self.assertEqual(caught.exception.code, "too_late")
        self.assertFalse(self._requests("POST", "/cancellation"))

    def test_a_cancellation_without_an_answer_is_read_back(self):
        ref = self.client.send(self.order).ref
        self.sandbox.fault("drop_after", method="POST", path="cancellation")
        self.assertEqual(self.client.cancel(ref).status, seam.CANCELLED)


@tagged("post_install", "-at_install")
class TestFeed(ClientCase):
    def test_the_issues_come_once_over_all_pages_and_stay_until_acknowledged(self):
        self.sandbox.plan("any", "failed:AM04")
        for number in range(5):
            self.client.send(self._order(reference=f"D-{number}"))
        self.sandbox.advance(CHARGE_DAY)
        with patch.object(const, "PAGE", 2):
            events = self.client.events_since(LONG_AGO)
        self.assertEqual(
            sorted(event.event_key for event in events),
            sorted(f"issue:{issue['id']}" for issue in self._issues()),
        )
        self.assertEqual(
            {event.ref for event in events}, {item["id"] for item in self.sandbox.payments()}
        )
        self.assertEqual({(e.topic, e.action) for e in events}, {(seam.TOPIC_DEBIT, "rejects")})
        self.client.events_stored(events)
        self.assertEqual({issue["executionStatus"] for issue in self._issues()}, {"processed"})

    def test_an_issue_older_than_asked_for_comes_until_it_is_acknowledged(self):
        self._sent("failed:AM04")
        late = CHARGE_DAY.replace(year=2027)
        since = LONG_AGO.replace(year=late.year)
        events = self.client.events_since(since)
        self.assertEqual(len(events), 1)
        self.client.events_stored(events)
        self.assertFalse(self.client.events_since(since))

    def test_an_issue_acknowledged_in_the_dashboard_is_seen_all_the_same(self):
        self._sent("failed:AM04")
        self.sandbox.act("acknowledge", self._issues()[0]["id"])
        (told,) = self.client.events_since(LONG_AGO)
        self.client.events_stored([told])
        self.assertFalse(self._requests("POST", "/acknowledgement"))

    def test_one_acknowledgement_that_fails_stops_no_other(self):
        self.sandbox.plan("any", "failed:AM04")
        for number in range(3):
            self.client.send(self._order(reference=f"D-{number}"))
        self.sandbox.advance(CHARGE_DAY)
        events = self.client.events_since(LONG_AGO)
        self.sandbox.fault("drop_before", method="POST", path="acknowledgement")
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.events_stored(events)
        self.assertEqual(
            sorted(issue["executionStatus"] for issue in self._issues()),
            ["processed", "processed", "toprocess"],
        )
        self.client.events_stored(self.client.events_since(LONG_AGO))
        self.assertEqual({issue["executionStatus"] for issue in self._issues()}, {"processed"})

    def test_parts_of_issues_are_read_in_full(self):
        ref = self._sent("failed:AM04")
        self.sandbox.control("settings", partial_embedded=True)
        (told,) = self.client.events_since(LONG_AGO)
        self.assertEqual((told.ref, told.action), (ref, "rejects"))

    def test_mandates_that_ended_are_told_under_a_key_that_stays(self):
        self._payer("RUM-0002", "Paul Durand")
        self.sandbox.act("revoke", MANDATE)
        self.sandbox.act("expire", "RUM-0002")
        first, second = (self.client.events_since(LONG_AGO) for _time in range(2))
        self.assertEqual({event.ref for event in first}, {MANDATE, "RUM-0002"})
        self.assertEqual([e.event_key for e in first], [e.event_key for e in second])
        self.assertEqual({event.topic for event in first}, {seam.TOPIC_MANDATE})
        later = self.client.events_since(LONG_AGO.replace(year=2027))
        self.assertEqual([event.ref for event in later], ["RUM-0002"])  # of no known date
