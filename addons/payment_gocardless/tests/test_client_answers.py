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
from odoo.addons.payment_gocardless import const, snapshots
from odoo.addons.payment_gocardless.client import GoCardlessClient
from odoo.addons.payment_gocardless.tests.common import IBAN, answering, event

PAYMENT = {"id": "PM1", "status": "failed", "amount": 100, "currency": "EUR"}


def failure(status, kind, errors=None, **values):
    return status, {"error": {"type": kind, "message": "No", "errors": errors, **values}}


@tagged("post_install", "-at_install")
class TestStrangeAnswers(BaseCase):
    """Bodies that the documents do not promise; each crashes or misleads the library's own code."""

    def _call(self, status, content, method):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        with answering(status, raw) as url:
            client = GoCardlessClient("token", url)
            calls = {
                "send": lambda: client.mandate_cancel("MD1"),
                "fetch": lambda: client.fetch("PM1"),
            }
            with self.assertRaises(DebitError) as caught:
                calls[method]()
        return caught.exception

    def test_refusals_that_lack_their_usual_parts_are_still_refusals(self):
        cases = (
            failure(422, "invalid_state"),
            failure(422, "validation_failed", [{"field": "amount", "message": "bad"}]),
            failure(422, "validation_failed", ["a string"]),
            failure(404, "invalid_api_usage", []),
        )
        for status, content in cases:
            with self.subTest(content=content):
                self.assertIsInstance(self._call(status, content, "fetch"), DebitRefused)

    def test_what_can_not_be_understood_leaves_a_write_unknown_and_a_read_repeatable(self):
        cases = (
            (200, []),
            (200, "text"),
            (200, {}),
            (200, {"payments": {}, "mandates": {}}),
            (200, {"payments": [], "mandates": []}),
            (200, {"payments": {"id": "PM1"}, "mandates": {"id": "MD1"}}),
            (200, b"\xff\xfe"),
            (302, {}),
            (400, {"error": "just a string"}),
            (403, b"<html>firewall</html>"),
            failure(400, "brand_new_type"),
            failure(409, "invalid_state", [{"reason": "idempotent_creation_conflict"}]),
            failure(503, "gocardless"),
        )
        for status, content in cases:
            with self.subTest(status=status, content=content):
                self.assertIsInstance(self._call(status, content, "fetch"), DebitRetryable)
        order = seam.DebitOrder("D", "k", 100, "EUR", "MD1", date(2026, 3, 2), "x")
        for status, content in cases:
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            with (
                self.subTest(status=status, content=content),
                answering(status, raw) as url,
                self.assertRaises(DebitOutcomeUnknown),
            ):
                GoCardlessClient("token", url).send(order)

    def test_the_rate_limit_counts_whatever_its_body_is(self):
        self.assertIsInstance(self._call(429, b"<html>slow down</html>", "fetch"), DebitRetryable)

    def test_rights_are_told_by_the_status_before_the_type(self):
        error = self._call(*failure(401, "invalid_api_usage"), "fetch")
        self.assertIsInstance(error, ProviderMisconfigured)

    def test_a_list_that_never_ends_or_is_none_is_not_taken_for_complete(self):
        circle = {"events": [], "meta": {"cursors": {"after": "EV1"}}}
        for content in (circle, {"payments": []}, {"events": {"id": "EV1"}, "meta": {}}):
            raw = json.dumps(content).encode()
            with (
                self.subTest(content=content),
                answering(200, raw) as url,
                self.assertRaises(DebitRetryable),
            ):
                GoCardlessClient("token", url).events_since(datetime(2026, 3, 1))

    def test_an_account_number_in_a_message_is_masked(self):
        errors = [{"field": "iban", "message": f"{IBAN} is not reachable"}]
        error = self._call(*failure(422, "validation_failed", errors), "fetch")
        self.assertNotIn(IBAN, str(error))
        self.assertIn("iban", str(error))

    def test_the_number_for_the_providers_support_is_kept(self):
        error = self._call(*failure(422, "invalid_state", request_id="RQ7"), "fetch")
        self.assertIn("RQ7", str(error))


@tagged("post_install", "-at_install")
class TestTranslation(BaseCase):
    def test_a_status_that_is_not_known_is_unmapped_and_kept(self):
        answer = snapshots.debit({**PAYMENT, "status": "teleported"})
        self.assertEqual((answer.status, answer.raw_status), (seam.UNMAPPED, "teleported"))
        mandate = snapshots.mandate({"id": "MD1", "status": "dreaming"}, {})
        self.assertEqual((mandate.status, mandate.raw_status), (seam.UNMAPPED, "dreaming"))

    def test_every_sepa_mandate_that_can_be_charged_is_active_for_us(self):
        for raw in ("pending_customer_approval", "pending_submission", "submitted", "active"):
            self.assertEqual(const.MANDATE_STATUSES[raw], seam.MANDATE_ACTIVE)

    def test_the_cause_stands_in_for_a_missing_code_unless_we_asked_for_the_end(self):
        cases = (
            ({"origin": "bank", "cause": "insufficient_funds"}, "AM04"),
            ({"origin": "bank", "cause": "mandate_cancelled", "reason_code": "MD07"}, "MD07"),
            ({"origin": "api", "cause": "mandate_cancelled"}, ""),
            ({"origin": "bank", "cause": "brand_new_cause"}, ""),
            ({}, ""),
            (None, ""),
        )
        for details, code in cases:
            with self.subTest(details=details):
                answer = snapshots.debit(PAYMENT, [event(1, action="failed", details=details)])
                self.assertEqual(answer.reason_code, code)

    def test_the_day_of_a_failure_is_the_day_in_paris(self):
        failed = event(1, action="failed", created_at="2026-03-11T23:30:00.000Z")
        answer = snapshots.debit(PAYMENT, [failed])
        self.assertEqual(answer.occurred_on, date(2026, 3, 12))

    def test_a_failure_after_the_money_came_is_a_return_but_not_one_of_a_new_attempt(self):
        def told(*actions):
            events = [
                event(day, action=action, created_at=f"2026-03-{day:02}T09:00:00.000Z")
                for day, action in enumerate(actions, 1)
            ]
            return snapshots.debit(PAYMENT, events[::-1])

        self.assertEqual(told("submitted", "failed").status, seam.FAILED)
        self.assertEqual(told("confirmed", "failed").status, seam.RETURNED)
        self.assertEqual(told("confirmed", "paid_out", "failed").status, seam.RETURNED)
        again = told("confirmed", "failed", "resubmission_requested", "submitted", "failed")
        self.assertEqual(again.status, seam.FAILED)
        self.assertEqual(again.occurred_on.day, 5)

    def test_timestamps_with_and_without_fractions_are_read(self):
        for text in ("2026-03-11T23:30:00Z", "2026-03-11T23:30:00.000Z"):
            self.assertEqual(snapshots.moment(text).isoformat(), "2026-03-11T23:30:00")
        self.assertEqual(snapshots.moment("2026-03-12T00:30:00+01:00").hour, 23)
