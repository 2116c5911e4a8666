import json
from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_slimpay import const, payloads, snapshots
from odoo.addons.payment_slimpay.client import SlimPayClient
from odoo.addons.payment_slimpay.tests.common import IBAN, UUID, answering

TODAY = date(2026, 3, 20)
PAYMENT = {
    "id": UUID,
    "executionStatus": "processed",
    "amount": "1.00",
    "currency": "EUR",
    "executionDate": "2026-03-10T23:00:00.000+0000",
}


def refusal(code=901, message="No", **values):
    return {"code": code, "message": message, **values}


def issue(kind="returns", code="AM04", created="2026-03-18T05:00:00.000+0000", **values):
    return {"type": kind, "returnReasonCode": code, "dateCreated": created, **values}


@tagged("post_install", "-at_install")
class TestStrangeAnswers(BaseCase):
    """Bodies that the documents do not promise."""

    def _call(self, status, content, method="fetch"):
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        with answering(status, raw) as url:
            client = SlimPayClient("app", "secret", "creditor", url)
            calls = {
                "create": lambda: client._create_debit({}),
                "fetch": lambda: client.fetch(UUID),
            }
            with self.assertRaises(DebitError) as caught:
                calls[method]()
        return caught.exception

    def test_documented_refusals_are_refusals_with_their_code(self):
        for status in (400, 404, 405, 406, 409, 415, 422):
            for method in ("fetch", "create"):
                error = self._call(status, refusal(), method)
                with self.subTest(status=status, method=method):
                    self.assertIsInstance(error, DebitRefused)
                    self.assertEqual(error.code, "404" if status == 404 else "901")

    def test_what_can_not_be_understood_leaves_a_write_unknown_and_a_read_repeatable(self):
        cases = (
            (200, []),
            (200, "text"),
            (200, {}),
            (200, {"id": UUID}),
            (200, {**PAYMENT, "_links": {}, "amount": "1.001"}),
            (200, {**PAYMENT, "_links": {}, "amount": None}),
            (200, {**PAYMENT, "_links": {}, "executionDate": "soon"}),
            (200, {**PAYMENT, "_links": {}, "id": "../x"}),
            (200, {**PAYMENT, "_links": {}, "id": 7}),
            (200, b"\xff\xfe"),
            (200, b"[" * 100_000),
            (302, {}),
            (400, {"error": "just a string"}),
            (400, {"code": "901", "message": "a code that is text"}),
            (403, b"<html>firewall</html>"),
            (500, refusal(100, "Internal error : Rounding necessary")),
            (503, refusal(100)),
            (504, b""),
        )
        for status, content in cases:
            with self.subTest(status=status, content=content):
                self.assertIsInstance(self._call(status, content), DebitRetryable)
                self.assertIsInstance(self._call(status, content, "create"), DebitOutcomeUnknown)

    def test_another_document_than_was_asked_for_is_not_taken(self):
        other = {**PAYMENT, "_links": {}, "id": UUID.replace("7d5a", "ffff")}
        self.assertIsInstance(self._call(200, other), DebitRetryable)

    def test_the_rate_limit_counts_whatever_its_body_is(self):
        self.assertIsInstance(self._call(429, b"<html>slow down</html>"), DebitRetryable)

    def test_rights_are_the_administrators_business_and_tell_no_token(self):
        for status, content in ((401, {"error": "invalid_token"}), (403, refusal(904))):
            error = self._call(status, content, "create")
            self.assertIsInstance(error, ProviderMisconfigured)
            self.assertNotIn("canned", str(error))
        self.assertIsInstance(self._call(403, refusal(902), "create"), DebitRefused)

    def test_the_two_refusals_that_are_known_by_their_text(self):
        error = self._call(400, refusal(message="Duplicate order : exists"), "create")
        self.assertEqual(error.code, const.DUPLICATE_ORDER)
        error = self._call(400, refusal(message="Invalid executionDate property"), "create")
        self.assertEqual(error.code, const.TOO_EARLY)

    def test_an_account_number_in_a_message_is_masked_and_the_code_kept(self):
        error = self._call(400, refusal(230, f"Invalid iban property: {IBAN}"))
        self.assertNotIn(IBAN, str(error))
        self.assertIn("230", str(error))


@tagged("post_install", "-at_install")
class TestTranslation(BaseCase):
    def _debit(self, *issues, **values):
        return snapshots.debit({**PAYMENT, **values}, TODAY, issues)

    def test_a_status_that_is_not_known_is_unmapped_and_kept(self):
        for raw in ("teleported", "contested", "transformed"):
            answer = self._debit(executionStatus=raw)
            self.assertEqual((answer.status, answer.raw_status), (seam.UNMAPPED, raw))
        mandate = snapshots.mandate({"id": UUID, "state": "dreaming"}, {})
        self.assertEqual((mandate.status, mandate.raw_status), (seam.UNMAPPED, "dreaming"))
        refund = snapshots.refund({**PAYMENT, "executionStatus": "teleported"})
        self.assertEqual(refund.status, seam.UNMAPPED)

    def test_each_documented_status_has_its_meaning(self):
        meanings = {
            "toprocess": seam.ACCEPTED,
            "togenerate": seam.ACCEPTED,
            "processing": seam.ACCEPTED,
            "processed": seam.COLLECTED,
            "rejected": seam.FAILED,
            "toreplay": seam.FAILED,
            "notprocessed": seam.CANCELLED,
        }
        for raw, status in meanings.items():
            self.assertEqual(self._debit(executionStatus=raw).status, status)

    def test_processed_counts_from_the_day_of_execution_in_paris_on(self):
        on_the_day, before = date(2026, 3, 11), date(2026, 3, 10)
        self.assertEqual(snapshots.debit(PAYMENT, on_the_day).status, seam.COLLECTED)
        self.assertEqual(snapshots.debit(PAYMENT, before).status, seam.ACCEPTED)

    def test_a_state_that_nobody_has_seen_is_a_failure_only_where_nothing_runs(self):
        dead = self._debit(state="refused", executionStatus="notprocessed")
        self.assertEqual((dead.status, dead.raw_status), (seam.FAILED, "refused notprocessed"))
        self.assertEqual(
            self._debit(state="refused", executionStatus="toprocess").status, seam.UNMAPPED
        )

    def test_a_return_counts_for_its_own_attempt_only(self):
        before = issue(created="2026-03-05T05:00:00.000+0000")
        self.assertEqual(self._debit(before).status, seam.COLLECTED)
        self.assertEqual(self._debit(before, issue()).status, seam.RETURNED)
        self.assertEqual(self._debit(issue("rejects")).status, seam.COLLECTED)
        self.assertEqual(self._debit(issue("brand_new")).status, seam.COLLECTED)

    def test_the_latest_issue_tells_the_reason_and_the_day_in_paris(self):
        answer = self._debit(
            issue("rejects", "MS03", "2026-03-11T23:30:00.000+0000"),
            issue("rejects", "AM04", "2026-03-11T09:00:00.000+0000"),
            executionStatus="rejected",
        )
        self.assertEqual((answer.reason_code, answer.occurred_on), ("MS03", date(2026, 3, 12)))

    def test_the_fee_is_what_the_bank_took_beyond_the_amount(self):
        for reject, fee in (("1.00", None), ("3.50", 250), ("0.50", None)):
            self.assertEqual(self._debit(issue(rejectAmount=reject)).fee_cents, fee)

    def test_amounts_are_exact_as_text_and_as_numbers(self):
        for raw, cents in ((b'"10.10"', 1010), (b"10.10", 1010), (b"8.2", 820), (b"1000", 100000)):
            document = b'{"_links": {}, "id": "%s", "amount": %s,' % (UUID.encode(), raw)
            document += b'"currency": "EUR", "executionStatus": "toprocess"}'
            with answering(200, document) as url:
                client = SlimPayClient("app", "secret", "creditor", url)
                self.assertEqual(client.fetch(UUID).amount_cents, cents)

    def test_dates_with_every_offset_seen_are_read(self):
        for text in (
            "2017-05-21T22:00:00.000+0000",
            "2017-05-21T22:00:00.000+00:00",
            "2017-05-22T00:00:00.000+0200",
            "2017-05-21T22:00:00Z",
        ):
            self.assertEqual(snapshots.moment(text).isoformat(), "2017-05-21T22:00:00")
            self.assertEqual(snapshots.day(text), date(2017, 5, 22))

    def test_a_day_is_sent_as_its_midnight_in_paris_in_28_characters(self):
        for day, text in (
            (date(2026, 12, 5), "2026-12-05T00:00:00.000+0100"),
            (date(2026, 7, 5), "2026-07-05T00:00:00.000+0200"),
        ):
            self.assertEqual(payloads.stamp(day), text)
            self.assertEqual(len(text), 28)
            self.assertEqual(snapshots.day(text), day)

    def test_no_more_than_four_characters_of_an_account_are_kept(self):
        document = {"id": UUID, "reference": "RUM-1", "state": "active"}
        answer = snapshots.mandate(document, {"iban": IBAN, "institutionName": "BANK"})
        self.assertEqual((answer.iban_ending, answer.country_code), ("0189", "FR"))
        self.assertNotIn(IBAN[4:-4], repr(answer))
