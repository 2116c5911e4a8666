import time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_stripe_sepa.tests.common import SECRET, body, event, sign

REFUSALS = "odoo.addons.payment_direct_debit.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhookRoute(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Stripe of the tests",
                "code": "stripe_sepa",
                "state": "test",
                "stripe_sepa_secret_key": "sk_test_1",
                "stripe_sepa_webhook_secret": SECRET,
            }
        )
        cls.url = f"/payment/stripe_sepa/webhook/{cls.provider.id}"

    def _post(self, raw, signature=None, url=None, **headers):
        signature = sign(raw) if signature is None else signature
        headers |= {"Content-Type": "application/json"}
        if signature:
            headers["Stripe-Signature"] = signature
        return self.url_open(url or self.url, data=raw, headers=headers, method="POST")

    def _events(self):
        return self.env["payment.event"].search([("provider_id", "=", self.provider.id)])

    def test_the_address_shown_is_the_address_that_answers(self):
        self.assertTrue(self.provider.debit_webhook_url.endswith(self.url))
        answer = self._post(body(event(1)))
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertNotIn("session_id", answer.cookies)

    def test_signed_events_are_stored_once_however_often_they_come(self):
        for number in (1, 2, 1, 1, 3):
            self.assertEqual(self._post(body(event(number))).status_code, 204)
        self.assertEqual(len(self._events()), 3)
        self.assertEqual(set(self._events().mapped("state")), {"received"})

    @mute_logger(REFUSALS)
    def test_hostile_notifications_store_nothing(self):
        raw = body(event(1))
        now = int(time.time())
        cases = (
            ("unsigned", raw, "", 400),
            ("forged", raw, sign(raw, "guess"), 400),
            ("altered", raw.replace(b"succeeded", b"canceled"), sign(raw), 400),
            ("upper case", raw, sign(raw).upper(), 400),
            ("caught long ago", raw, sign(raw, moment=now - 3600), 400),
            ("signed for later", raw, sign(raw, moment=now + 3600), 400),
            ("truncated, then signed", raw[:-9], None, 400),
            ("a list", body([event(1)]), None, 400),
            ("empty body", b"", None, 400),
        )
        for name, content, signature, status in cases:
            with self.subTest(name):
                answer = self._post(content, signature)
                self.assertEqual(answer.status_code, status)
        self.assertFalse(self._events())

    def test_ten_megabytes_are_refused_unread(self):
        self.assertEqual(self._post(b" " * 10_000_000).status_code, 413)

    def test_unknown_things_are_taken_with_thanks(self):
        self.assertEqual(self._post(body(event(1, "spaceship.landed"))).status_code, 204)
        self.env["payment.event"]._apply_received()
        self.assertEqual(self._events().mapped("state"), ["ignored"])

    def test_only_a_provider_of_ours_that_is_switched_on_has_an_address(self):
        raw = body(event(1))
        other = self.env["payment.provider"].create({"name": "Other", "code": "none"})
        missing = self.provider.id + 1000
        for number in (other.id, missing):
            url = f"/payment/stripe_sepa/webhook/{number}"
            self.assertEqual(self._post(raw, url=url).status_code, 404)
        self.provider.state = "disabled"
        self.assertEqual(self._post(raw).status_code, 404)

    @mute_logger(REFUSALS)
    def test_without_a_secret_nothing_is_believed(self):
        self.provider.stripe_sepa_webhook_secret = False
        self.assertEqual(self._post(body(event(1)), sign(body(event(1)), "")).status_code, 403)

    @mute_logger(REFUSALS)
    def test_the_secret_of_one_provider_opens_no_other(self):
        other = self.provider.copy(
            {
                "name": "Another account",
                "state": "test",
                "stripe_sepa_secret_key": "sk_test_1",
                "stripe_sepa_webhook_secret": "secret of the other",
            }
        )
        url = f"/payment/stripe_sepa/webhook/{other.id}"
        self.assertEqual(self._post(body(event(1)), url=url).status_code, 400)

    @mute_logger(REFUSALS)
    def test_the_log_of_a_refusal_holds_nothing_of_the_body(self):
        raw = body(event(1, thing={"note": "CANARY"}))
        with self.assertLogs(REFUSALS, "WARNING") as logs:
            self._post(raw, "t=1,v1=" + "0" * 64)
        self.assertNotIn("CANARY", "".join(logs.output))
        self.assertNotIn(SECRET, "".join(logs.output))
