import hashlib
import hmac
import json

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import webhooks
from odoo.addons.payment_direct_debit.exceptions import EventRejected


def sign(signed, secret):
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@tagged("post_install", "-at_install")
class TestVerify(BaseCase):
    def _status(self, given, secrets, signed=b"{}"):
        try:
            webhooks.verify(signed, given, secrets, refusal=498)
        except EventRejected as error:
            return error.status
        return 200

    def test_one_right_signature_by_one_of_the_secrets_is_enough(self):
        for secret in ("new", "old"):
            given = ["0" * 64, sign(b"{}", secret)]
            self.assertEqual(self._status(given, ("new", None, "old")), 200)
        self.assertEqual(self._status([sign(b"{}", "older")], ("new", "old")), 498)

    def test_a_published_vector_of_the_algorithm_is_accepted(self):
        # RFC 4231, test case 2.
        vector = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        self.assertEqual(self._status([vector], ("Jefe",), b"what do ya want for nothing?"), 200)

    def test_without_a_secret_everything_is_refused(self):
        for secrets in ((), (None,), (False, ""), ("  ",)):
            with self.subTest(secrets=secrets):
                self.assertEqual(self._status([sign(b"{}", "")], secrets), 403)

    def test_whatever_is_not_the_signature_is_refused(self):
        good = sign(b"{}", "s")
        for given in ([], [""], ["é"], ["\ud800"], [good.upper()], [good + " "], [good[:-1]]):
            with self.subTest(given=ascii(given)):
                self.assertEqual(self._status(given, ("s",)), 498)
        self.assertEqual(self._status([good], ("s",), b"{} "), 498)


@tagged("post_install", "-at_install")
class TestEnvelope(BaseCase):
    def test_a_header_in_any_letter_case_is_found(self):
        self.assertEqual(webhooks.header({"X": "1", "BANK-signature": "s"}, "bank-signature"), "s")
        self.assertIsNone(webhooks.header({"X": "1"}, "bank-signature"))

    def test_time_and_signatures_are_split(self):
        for sent, expected in (
            ("t=12,v1=ab", ("12", ["ab"])),
            ("t=12, v1=ab,v0=x,v1=cd", ("12", ["ab", "cd"])),
            ("v1=ab,t=12", ("12", ["ab"])),
            ("v1=ab", ("", [])),
            ("t=x,v1=ab", ("", [])),
            ("t=²,v1=ab", ("", [])),
            ("t=-1,v1=ab", ("", [])),
            ("t=" + "1" * 15 + ",v1=ab", ("", [])),
            ("", ("", [])),
            (None, ("", [])),
        ):
            with self.subTest(sent=sent):
                self.assertEqual(webhooks.timed_signature(sent), expected)

    def test_what_was_signed_long_ago_or_for_later_is_refused(self):
        for signed_at in (700, 1000, 1300):
            webhooks.check_age(signed_at, 300, now=1000)
        for signed_at in (0, 699, 1301, 10**14):
            with self.subTest(signed_at), self.assertRaises(EventRejected) as caught:
                webhooks.check_age(signed_at, 300, refusal=400, now=1000)
            self.assertEqual(caught.exception.status, 400)


@tagged("post_install", "-at_install")
class TestDocument(BaseCase):
    def test_what_a_database_can_not_keep_is_a_bad_request(self):
        bad = (
            b"", b"{", b"[]", b"null", b'"x"', b"7", b"\xff", b"[" * 100_000,
            b'{"a": "\\ud800"}', b'{"a": "\\u0000"}', b'{"a\\u0000": 1}',
            b'{"a": "\\\\\\u0000"}',
        )  # fmt: skip
        for raw in bad:
            with self.subTest(raw=raw[:40]), self.assertRaises(EventRejected) as caught:
                webhooks.document(raw)
            self.assertEqual(caught.exception.status, 400)

    def test_everything_else_is_read_as_it_is(self):
        for body in ({}, {"a": "é 😀 \\u0000"}, {"a": [1, None, {"b": "\\\\"}]}):
            self.assertEqual(webhooks.document(json.dumps(body).encode()), body)

    def test_an_event_that_can_not_be_read_is_a_bad_request_without_its_content(self):
        for error in (KeyError("CANARY"), ValueError("CANARY"), AttributeError("CANARY")):
            with self.assertRaises(EventRejected) as caught, webhooks.readable():
                raise error
            self.assertEqual(caught.exception.status, 400)
            self.assertNotIn("CANARY", str(caught.exception))
