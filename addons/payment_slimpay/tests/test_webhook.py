import json
import time

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_slimpay import webhook
from odoo.addons.payment_slimpay.tests.common import SECRET, UUID, event, sign

# A vector computed apart from this code, from the documented rule.
VECTOR_SECRET = "unit-test-secret"
VECTOR_TIME = 1_700_000_000_000
VECTOR_SIGNATURE = "d10a6a9f06a6038dffb3dad4f49c2a55532ad8a290f59735426356184fdea2cf"
VECTOR_BODY = (
    b'{"Id":"0b9f7c1e-0000-4000-8000-000000000001","version":"1","createdAt":1700000000000,'
    b'"eventType":"payment_slimcollectpay.update",'
    b'"data":{"uuid":"7d5a0000-0000-4000-8000-000000000002","status":"PROCESSING","code":10001,'
    b'"statusMessage":"made-up"}}'
)


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    def _status(self, sent, secrets=(SECRET,), raw=b"{}", now=None):
        try:
            webhook.verify(raw, {"Slimpay-Signature": sent}, secrets, now)
        except EventRejected as error:
            return error.status
        return 200

    def test_the_vector_is_accepted(self):
        sent = f"t={VECTOR_TIME},v1={VECTOR_SIGNATURE}"
        values = {"secrets": (VECTOR_SECRET,), "now": VECTOR_TIME / 1000}
        self.assertEqual(self._status(sent, raw=VECTOR_BODY, **values), 200)
        self.assertEqual(self._status(sent, raw=VECTOR_BODY + b"\n", **values), 403)
        self.assertEqual(webhook.parse(VECTOR_BODY)[0].ref, UUID)

    def test_a_header_in_any_letter_case_is_found(self):
        for name in ("Slimpay-Signature", "slimpay-signature", "SLIMPAY-SIGNATURE"):
            self.assertTrue(webhook.is_signed({"x": "y", name: "z"}))
        self.assertFalse(webhook.is_signed({"Webhook-Signature": "z"}))

    def test_whatever_is_not_the_signature_is_refused(self):
        good = sign(b"{}")
        moment, digest = good.split(",v1=")
        wrong = (
            "",
            "é" * 64,
            "\ud800",
            digest,
            moment,
            f"v1={digest}",
            f"{moment},v1={digest.upper()}",
            f"{moment},v1={digest[:-1]}",
            f"{moment}0,v1={digest}",
            good + " ",
            sign(b"{}", "another secret"),
        )
        self.assertEqual(self._status(good), 200)
        for value in wrong:
            with self.subTest(value=ascii(value)):
                self.assertEqual(self._status(value), 403)

    def test_an_old_signature_and_one_of_the_future_are_refused(self):
        now = time.time()
        for seconds, status in ((0, 200), (-300, 200), (300, 200), (-700, 403), (700, 403)):
            sent = sign(b"{}", moment=int((now + seconds) * 1000))
            self.assertEqual(self._status(sent, now=now), status)

    def test_two_secrets_are_accepted_while_one_replaces_the_other(self):
        for secret in ("new", "old"):
            self.assertEqual(self._status(sign(b"{}", secret), ("new", "old")), 200)
        self.assertEqual(self._status(sign(b"{}", "older"), ("new",)), 403)

    def test_without_a_secret_everything_signed_is_refused(self):
        for secrets in ((), (False,), ("", None)):
            self.assertEqual(self._status(sign(b"{}", ""), secrets), 403)


@tagged("post_install", "-at_install")
class TestEvents(BaseCase):
    def test_both_shapes_of_the_documents_are_read(self):
        (first,) = webhook.parse(event())
        self.assertEqual((first.topic, first.ref), (seam.TOPIC_DEBIT, UUID))
        self.assertEqual(first.occurred_at.isoformat(), "2026-03-12T09:00:00")
        other = json.loads(event())
        other = {**other, "id": other.pop("Id"), "version": 1}
        (second,) = webhook.parse(json.dumps(other).encode())
        self.assertEqual(second.event_key, first.event_key)

    def test_what_is_not_about_a_payment_asks_nothing(self):
        for values in (
            {"eventType": "order_slimcollectpay.update"},
            {"eventType": "mandate_slimcollectpay.update"},
            {"eventType": "brand_new.update"},
            {"eventType": None},
            {"data": {}},
            {"data": {"uuid": "../x"}},
        ):
            with self.subTest(**values):
                (found,) = webhook.parse(event(**values))
                self.assertEqual((found.topic, found.ref), (seam.TOPIC_OTHER, ""))

    def test_what_slimpay_never_sends_is_a_bad_request(self):
        bad = (
            b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b"[" * 100_000,
            b'{"Id": "\\ud800"}', event(Id=None), event(Id="E 1"), event(Id="E\0V"),
            event(createdAt="yesterday"), event(createdAt=None), event(createdAt=10**15),
            event(createdAt=-1), event(data=[]), event(data=None), event(data={"x": "a\0b"}),
        )  # fmt: skip
        for raw in bad:
            with self.subTest(raw=raw[:60]), self.assertRaises(EventRejected) as caught:
                webhook.parse(raw)
            self.assertEqual(caught.exception.status, 400)

    def test_of_an_order_notification_only_the_reference_is_read(self):
        raw = json.dumps({"reference": "R-1", "state": "closed.completed", "_links": 7}).encode()
        self.assertEqual(webhook.order_reference(raw), "R-1")
        for content in ({}, {"reference": 7}, {"reference": "a b"}, {"reference": "x" * 41}, []):
            with self.subTest(content=content), self.assertRaises(EventRejected):
                webhook.order_reference(json.dumps(content).encode())
