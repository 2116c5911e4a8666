import time

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_gocardless.tests.common import SECRET, body, event, sign

REFUSALS = "odoo.addons.payment_direct_debit.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhookRoute(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "GoCardless of the tests",
                "code": "gocardless",
                "state": "test",
                "gocardless_access_token": "token",
                "gocardless_webhook_secret": SECRET,
            }
        )
        cls.url = f"/payment/gocardless/webhook/{cls.provider.id}"

    def _post(self, raw, signature=None, url=None, **headers):
        signature = sign(raw) if signature is None else signature
        headers |= {"Content-Type": "application/json"}
        if signature:
            headers["Webhook-Signature"] = signature
        return self.url_open(url or self.url, data=raw, headers=headers, method="POST")

    def _events(self):
        return self.env["payment.event"].search([("provider_id", "=", self.provider.id)])

    def test_the_address_shown_is_the_address_that_answers(self):
        self.assertTrue(self.provider.debit_webhook_url.endswith(self.url))
        answer = self._post(body([event(1)]))
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertNotIn("session_id", answer.cookies)

    def test_signed_events_are_stored_once_however_often_they_come(self):
        raw = body([event(1), event(2), event(1)])
        for _time in range(3):
            self.assertEqual(self._post(raw).status_code, 204)
        self._post(body([event(2), event(3)]))
        self.assertEqual(len(self._events()), 3)
        self.assertEqual(set(self._events().mapped("state")), {"received"})

    @mute_logger(REFUSALS)
    def test_hostile_notifications_store_nothing(self):
        raw = body([event(1)])
        cases = (
            ("unsigned", raw, "", 498),
            ("forged", raw, sign(raw, "guess"), 498),
            ("altered", raw.replace(b"confirmed", b"paid_out"), sign(raw), 498),
            ("upper case", raw, sign(raw).upper(), 498),
            ("truncated, then signed", raw[:-9], None, 400),
            ("no list", b'{"events": 1}', None, 400),
            ("too many", body([event(number) for number in range(251)]), None, 400),
            ("empty body", b"", None, 400),
        )
        for name, content, signature, status in cases:
            with self.subTest(name):
                answer = self._post(content, signature)
                self.assertEqual(answer.status_code, status)
        self.assertFalse(self._events())

    def test_ten_megabytes_are_refused_unread(self):
        self.assertEqual(self._post(b" " * 10_000_000).status_code, 413)

    def test_an_empty_list_and_unknown_things_are_taken_with_thanks(self):
        for raw in (body([]), body([event(1, resource="spaceships", action="landed", links={})])):
            self.assertEqual(self._post(raw).status_code, 204)
        self.env["payment.event"]._apply_received()
        self.assertEqual(self._events().mapped("state"), ["ignored"])

    def test_a_test_of_the_dashboard_is_stored_and_ignored(self):
        self.assertEqual(
            self._post(
                body([event(1, id="EVTEST01", links={"payment": "index_ID_123"})])
            ).status_code,
            204,
        )
        self.env["payment.event"]._apply_received()
        self.assertEqual(self._events().state, "ignored")

    def test_only_a_provider_of_gocardless_that_is_switched_on_has_an_address(self):
        raw = body([event(1)])
        other = self.env["payment.provider"].create({"name": "Other", "code": "none"})
        missing = self.provider.id + 1000
        for number in (other.id, missing):
            url = f"/payment/gocardless/webhook/{number}"
            self.assertEqual(self._post(raw, url=url).status_code, 404)
        self.provider.state = "disabled"
        self.assertEqual(self._post(raw).status_code, 404)

    @mute_logger(REFUSALS)
    def test_without_a_secret_nothing_is_believed(self):
        self.provider.gocardless_webhook_secret = False
        self.assertEqual(self._post(body([event(1)]), sign(body([event(1)]), "")).status_code, 403)

    @mute_logger(REFUSALS)
    def test_the_secret_of_one_provider_opens_no_other(self):
        other = self.provider.copy(
            {
                "name": "Another account",
                "state": "test",
                "gocardless_access_token": "token",
                "gocardless_webhook_secret": "secret of the other",
            }
        )
        url = f"/payment/gocardless/webhook/{other.id}"
        self.assertEqual(self._post(body([event(1)]), url=url).status_code, 498)

    @mute_logger(REFUSALS)
    def test_the_log_of_a_refusal_holds_nothing_of_the_body(self):
        raw = body([event(1, metadata={"note": "CANARY"})])
        with self.assertLogs(REFUSALS, "WARNING") as logs:
            self._post(raw, "0" * 64)
        self.assertNotIn("CANARY", "".join(logs.output))
        self.assertNotIn(SECRET, "".join(logs.output))

    def test_the_largest_notification_is_stored_within_two_seconds(self):
        raw = body([event(number) for number in range(250)])
        self._post(body([event(999)]))
        start = time.monotonic()
        self.assertEqual(self._post(raw).status_code, 204)
        self.assertLess(time.monotonic() - start, 2)
        self.assertEqual(len(self._events()), 251)
