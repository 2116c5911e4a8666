import os
import socket
import time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_slimpay.client import SlimPayClient
from odoo.addons.payment_slimpay.tests.common import LONG_AGO, ClientCase, answering

# Whether the payment is made by then.
UNCLEAR = {
    "drop_after": True,
    "drop_before": False,
    "500": False,
    "502": False,
    "504": True,
    "html_200": True,
    "empty_200": True,
}
SEND = {"method": "POST", "path": "^/payments/in$"}


@tagged("post_install", "-at_install")
class TestFaults(ClientCase):
    def test_a_write_without_a_clear_answer_is_unknown_and_sent_again_makes_one_payment(self):
        for number, (kind, made) in enumerate(UNCLEAR.items()):
            order = self._order(reference=f"D-{kind}", idempotency_key=f"k-{kind}")
            self.sandbox.fault(kind, **SEND)
            with self.subTest(fault=kind), self.assertRaises(DebitOutcomeUnknown):
                self.client.send(order)
            self.assertEqual(bool(self.client.find(order)), made)
            self.client.send(order)
            self.assertEqual(len(self.sandbox.payments()), number + 1)

    def test_a_read_without_a_clear_answer_may_be_repeated(self):
        ref = self.client.send(self.order).ref
        reads = (
            lambda: self.client.fetch(ref),
            lambda: self.client.find(self.order),
            lambda: self.client.mandate_fetch(self.order.mandate_ref),
            lambda: self.client.mandate_document(self.order.mandate_ref),
            lambda: self.client.events_since(LONG_AGO),
            self.client.creditor,
        )
        for kind in UNCLEAR:
            for read in reads:
                self.sandbox.fault(kind, method="GET")
                with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                    read()

    def test_a_look_that_fails_sends_nothing(self):
        for kind in (*UNCLEAR, "429"):
            self.sandbox.fault(kind, method="GET", path="^/payments$")
            with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                self.client.send(self.order)
        self.assertFalse(self._posts())

    def test_a_look_that_is_refused_proves_nothing(self):
        for status in (400, 404, 422):
            with answering(status, b'{"code": 901, "message": "no"}') as url:
                client = self._client(base_url=url)
                for look in (client.find, client.send):
                    with self.subTest(status=status), self.assertRaises(DebitRetryable):
                        look(self.order)

    def test_the_rate_limit_is_a_pause_of_a_minute_and_nothing_was_executed(self):
        self.sandbox.fault("429", **SEND)
        with self.assertRaises(DebitRetryable) as caught:
            self.client.send(self.order)
        self.assertEqual(caught.exception.after, 60)
        self.assertFalse(self.sandbox.payments())

    def test_a_silent_server_costs_one_time_out_and_no_second_request(self):
        client = self._client(timeouts=(1, 0.3))
        self.sandbox.fault("slow", seconds=1.5, **SEND)
        start = time.monotonic()
        with self.assertRaises(DebitOutcomeUnknown):
            client.send(self.order)
        self.assertLess(time.monotonic() - start, 1.2)
        self.assertEqual(len(self._posts()), 1)

    def test_one_call_is_one_write(self):
        self.sandbox.fault("502", count=None, **SEND)
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.send(self.order)
        self.assertEqual(len(self._posts()), 1)

    def test_a_host_that_takes_no_connection_has_executed_nothing(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self.assertRaises(DebitRetryable):
            self._client(base_url=f"http://127.0.0.1:{port}").send(self.order)

    def test_a_proxy_of_the_host_is_not_used(self):
        proxies = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        with patch.dict(os.environ, proxies, NO_PROXY="", no_proxy=""):
            self.assertTrue(self.client.creditor())

    def test_wrong_credentials_are_the_administrators_business(self):
        cases = (
            ({"app_secret": "wrong"}, "401"),
            ({"app_name": "nobody"}, "401"),
            ({"creditor": "somebody-else"}, "904"),
        )
        for values, code in cases:
            with self.subTest(code=code), self.assertRaises(ProviderMisconfigured) as caught:
                self._client(**values).send(self.order)
            self.assertEqual(caught.exception.code, code)
            self.assertNotIn("wrong", str(caught.exception))
        self.assertFalse(self.sandbox.payments())

    def test_what_can_not_be_a_credential_makes_no_client(self):
        for name in ("app_name", "app_secret", "creditor"):
            for value in ("", None, "two words", "clé", "a\r\nX-Header: 1"):
                with self.subTest(**{name: value}), self.assertRaises(ProviderMisconfigured):
                    SlimPayClient(**{**self.app, name: value}, base_url=self.sandbox.url)


@tagged("post_install", "-at_install")
class TestToken(ClientCase):
    def _tokens(self):
        return len(self.sandbox.requests("POST", "/oauth/token"))

    def test_one_token_serves_many_calls_and_clients(self):
        self.client.creditor()
        before = self._tokens()
        for _time in range(3):
            self._client().creditor()
        self.assertEqual(self._tokens(), before)

    def test_a_token_that_ended_early_is_replaced_and_the_write_made_once(self):
        self.client.find(self.order)
        self.sandbox.act("expire", "tokens")
        self.client.find(self.order)
        before = self._tokens()
        address = self.client._http.address("create-payins")
        self.sandbox.act("expire", "tokens")
        self.client.send(self.order)
        self.assertEqual(self._tokens(), before + 1)
        self.assertEqual((len(self.sandbox.payments()), len(self._posts())), (1, 1))
        self.assertTrue(address.endswith("/payments/in"))

    def test_a_token_is_renewed_before_its_end(self):
        self.sandbox.act("expire", "tokens")
        self.sandbox.control("settings", token_seconds=60, token_clock="real")
        self.client.creditor()
        before = self._tokens()
        self.client.creditor()
        self.assertEqual(self._tokens(), before + 1)

    def test_without_a_token_a_write_has_surely_not_been_made(self):
        self.client.find(self.order)
        for kind in (*UNCLEAR, "429"):
            self.sandbox.act("expire", "tokens")
            self.sandbox.fault(kind, method="POST", path="oauth")
            with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                self.client._account.create("create-payins", {})
        self.assertFalse(self._posts())

    def test_a_changed_secret_does_not_live_on_in_an_old_token(self):
        self.client.creditor()
        with self.assertRaises(ProviderMisconfigured):
            self._client(app_secret="wrong").creditor()

    def test_a_session_cookie_is_not_kept(self):
        with self.assertRaises(DebitRefused):
            self.client._account.create("create-orders", {})
        self.assertFalse(self.client._http._session().cookies)
