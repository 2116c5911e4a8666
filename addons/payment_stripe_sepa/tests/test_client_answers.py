import json
from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_stripe_sepa import const, snapshots
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient
from odoo.addons.payment_stripe_sepa.tests.common import IBAN, answering

KEY = "sk_test_of_the_tests"
INTENT = {"id": "pi_1", "status": "succeeded", "amount": 100, "currency": "eur"}
FAILED = {"status": "failed", "failure_code": "insufficient_funds"}
DISPUTE = {"id": "du_1", "status": "lost", "amount": 100, "created": 1773273000, "reason": "x"}


def failure(status, kind, **values):
    return status, {"error": {"type": kind, "message": "No", **values}}


def raw(content):
    return content if isinstance(content, bytes) else json.dumps(content).encode()


@tagged("post_install", "-at_install")
class TestStrangeAnswers(BaseCase):
    """Bodies that the documents do not promise."""

    def _call(self, status, content, method="fetch"):
        with answering(status, raw(content)) as url:
            client = StripeSepaClient(KEY, url)
            # What `send` reads beforehand is known, so that the answer is that to the write.
            client._accounts["mandate_1"] = ("pm_1", "cus_1")
            order = seam.DebitOrder("D", "k", 100, "EUR", "mandate_1", date(2026, 3, 9), "x")
            calls = {"send": lambda: client.send(order), "fetch": lambda: client.fetch("pi_1")}
            with self.assertRaises(DebitError) as caught:
                calls[method]()
        return caught.exception

    def test_refusals_that_lack_their_usual_parts_are_still_refusals(self):
        cases = (
            failure(400, "invalid_request_error"),
            failure(404, "invalid_request_error", code="resource_missing", param="id"),
            failure(402, "card_error", code="insufficient_funds"),
            failure(402, "card_error", payment_intent=None),
            failure(402, "card_error", payment_intent={"status": "no id"}),
        )
        for status, content in cases:
            for method in ("send", "fetch"):
                with self.subTest(content=content, method=method):
                    self.assertIsInstance(self._call(status, content, method), DebitRefused)

    def test_what_can_not_be_understood_leaves_a_write_unknown_and_a_read_repeatable(self):
        cases = (
            (200, []),
            (200, "text"),
            (200, {}),
            (200, {"id": "pi_1"}),
            (200, {"id": "pi_1", "object": "payment_intent", "status": "processing"}),
            (200, b"<html>maintenance</html>"),
            (200, b""),
            (200, b"\xff\xfe"),
            (302, {}),
            (400, {"error": "just a string"}),
            (400, b"<html>bad</html>"),
            (403, b"<html>firewall</html>"),
            failure(400, "brand_new_type"),
            failure(409, "invalid_request_error", code="idempotency_key_in_use"),
            failure(500, "api_error"),
            failure(503, "api_error"),
        )
        for status, content in cases:
            with self.subTest(status=status, content=content):
                self.assertIsInstance(self._call(status, content), DebitRetryable)
                self.assertIsInstance(self._call(status, content, "send"), DebitOutcomeUnknown)

    def test_the_rate_limit_counts_whatever_its_body_is(self):
        for content in (b"<html>slow down</html>", {"error": {"code": "rate_limit"}}):
            for method in ("send", "fetch"):
                self.assertIsInstance(self._call(429, content, method), DebitRetryable)

    def test_rights_are_told_by_the_status_before_the_type(self):
        for status in (401, 403):
            error = self._call(*failure(status, "invalid_request_error"))
            self.assertIsInstance(error, ProviderMisconfigured)
            self.assertEqual(error.code, str(status))

    def test_a_key_that_was_used_for_something_else_is_said_clearly(self):
        error = self._call(*failure(400, "idempotency_error"), "send")
        self.assertIsInstance(error, DebitOutcomeUnknown)
        self.assertEqual(error.code, "idempotency_mismatch")
        self.assertIn("used for another request", str(error))

    def test_a_list_that_never_ends_or_is_none_is_not_taken_for_complete(self):
        circle = {"object": "list", "data": [{"id": "evt_1"}], "has_more": True}
        for content in (circle, {**circle, "data": []}, {"data": []}, {"has_more": False}):
            with (
                self.subTest(content=content),
                answering(200, raw(content)) as url,
                self.assertRaises(DebitRetryable),
            ):
                StripeSepaClient(KEY, url).events_since(datetime(2026, 3, 1))

    def test_an_account_number_in_a_message_is_masked(self):
        status, content = failure(400, "invalid_request_error", param="iban")
        content["error"]["message"] = f"{IBAN} is not reachable"
        error = self._call(status, content)
        self.assertNotIn(IBAN, str(error))
        self.assertIn("iban", str(error))

    def test_a_redirect_is_not_followed(self):
        empty = raw({"object": "list", "data": [], "has_more": False})
        with (
            answering(200, empty) as there,
            answering(302, b"{}", location=there) as url,
            self.assertRaises(DebitRetryable),
        ):
            StripeSepaClient(KEY, url).events_since(datetime(2026, 3, 1))


@tagged("post_install", "-at_install")
class TestTranslation(BaseCase):
    def _debit(self, *disputes, **values):
        return snapshots.debit({**INTENT, **values}, disputes)

    def test_a_status_that_is_not_known_is_unmapped_and_kept(self):
        answer = self._debit(status="teleported")
        self.assertEqual((answer.status, answer.raw_status), (seam.UNMAPPED, "teleported"))
        details = {"sepa_debit": {}}
        mandate = {
            "id": "mandate_1",
            "status": "dreaming",
            "payment_method": {"customer": "cus_1"},
            "payment_method_details": details,
        }
        self.assertEqual(snapshots.mandate(mandate).status, seam.UNMAPPED)

    def test_a_processing_payment_is_accepted_although_its_charge_says_complete(self):
        charge = {"status": "pending", "captured": True, "paid": False}
        self.assertEqual(
            self._debit(status="processing", latest_charge=charge).status, seam.ACCEPTED
        )

    def test_off_session_whatever_waits_for_somebody_has_failed(self):
        for raw_status in const.LEFT_OPEN:
            answer = self._debit(status=raw_status)
            self.assertEqual((answer.status, answer.cause), (seam.FAILED, raw_status))

    def test_a_failure_that_was_closed_afterwards_is_still_a_failure(self):
        answer = self._debit(status="canceled", latest_charge=FAILED)
        self.assertEqual((answer.status, answer.reason_code), (seam.FAILED, "AM04"))
        answer = self._debit(status="canceled", cancellation_reason="abandoned")
        self.assertEqual((answer.status, answer.cause), (seam.CANCELLED, "abandoned"))

    def test_the_banks_own_code_comes_before_the_translated_one(self):
        for bank, code in (("AC06", "AC06"), ("05", "AM04"), (None, "AM04")):
            charge = {**FAILED, "outcome": {"network_decline_code": bank}}
            answer = self._debit(status="requires_payment_method", latest_charge=charge)
            self.assertEqual((answer.reason_code, answer.cause), (code, "insufficient_funds"))

    def test_a_cause_that_is_not_known_has_no_code(self):
        charge = {"status": "failed", "failure_code": "brand_new"}
        answer = self._debit(status="requires_payment_method", latest_charge=charge)
        self.assertEqual((answer.reason_code, answer.cause), ("", "brand_new"))

    def test_a_dispute_takes_the_money_unless_it_was_won(self):
        for status, ours in (
            ("lost", seam.RETURNED),
            ("needs_response", seam.RETURNED),
            ("under_review", seam.RETURNED),
            ("won", seam.COLLECTED),
            ("warning_closed", seam.COLLECTED),
            ("brand_new", seam.UNMAPPED),
        ):
            with self.subTest(status=status):
                self.assertEqual(self._debit({**DISPUTE, "status": status}).status, ours)

    def test_of_several_disputes_the_latest_that_stands_counts(self):
        first = {**DISPUTE, "status": "won", "reason": "duplicate"}
        second = {**DISPUTE, "created": DISPUTE["created"] + 1, "reason": "insufficient_funds"}
        answer = self._debit(second, first)
        self.assertEqual((answer.status, answer.reason_code), (seam.RETURNED, "AM04"))

    def test_a_dispute_of_a_part_is_a_persons_business(self):
        answer = self._debit({**DISPUTE, "amount": 60})
        self.assertEqual((answer.status, answer.raw_status), (seam.UNMAPPED, "disputed in part"))

    def test_the_day_of_a_return_is_the_day_in_paris(self):
        late = int(datetime.fromisoformat("2026-03-11T23:30:00+00:00").timestamp())
        self.assertEqual(self._debit({**DISPUTE, "created": late}).occurred_on, date(2026, 3, 12))

    def test_the_fee_of_a_return_is_what_the_dispute_cost(self):
        entries = [{"fee": 750}, {"fee": 0}]
        self.assertEqual(self._debit({**DISPUTE, "balance_transactions": entries}).fee_cents, 750)

    def test_a_mandate_that_can_not_be_used_again_is_not_active(self):
        document = {
            "id": "mandate_1",
            "status": "active",
            "type": "multi_use",
            "payment_method": {"customer": "cus_1", "sepa_debit": {"last4": "0189"}},
            "payment_method_details": {"sepa_debit": {"reference": "RUM1"}},
        }
        self.assertEqual(snapshots.mandate(document).status, seam.MANDATE_ACTIVE)
        once = snapshots.mandate({**document, "type": "single_use"})
        self.assertEqual((once.status, once.raw_status), (seam.MANDATE_EXPIRED, "single_use"))
        loose = snapshots.mandate({**document, "payment_method": {"customer": None}})
        self.assertEqual((loose.status, loose.raw_status), (seam.MANDATE_CANCELLED, "detached"))
