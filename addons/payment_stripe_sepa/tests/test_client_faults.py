import os
import socket
import time
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient
from odoo.addons.payment_stripe_sepa.tests.common import MANDATE, ClientCase

UNCLEAR = ("drop_after", "drop_before", "500", "502", "html_200", "empty_200")


@tagged("post_install", "-at_install")
class TestFaults(ClientCase):
    def test_a_write_without_a_clear_answer_is_unknown_and_sent_again_makes_one_payment(self):
        for number, kind in enumerate(UNCLEAR):
            order = self._order(reference=f"D-{kind}", idempotency_key=f"k-{kind}", metadata={})
            self.sandbox.fault(kind, method="POST", path="^/v1/payment_intents$")
            with self.subTest(fault=kind), self.assertRaises(DebitOutcomeUnknown):
                self.client.send(order)
            self.client.send(order)
            self.assertEqual(len(self.sandbox.payments()), number + 1)

    def test_a_read_without_a_clear_answer_may_be_repeated(self):
        ref = self.client.send(self.order).ref
        reads = (
            lambda: self.client.fetch(ref),
            lambda: self.client.find(self.order),
            lambda: self.client.mandate_fetch(self.order.mandate_ref),
            self.client.account,
        )
        for kind in UNCLEAR:
            for read in reads:
                self.sandbox.fault(kind, method="GET")
                with self.subTest(fault=kind), self.assertRaises(DebitRetryable):
                    read()

    def test_the_rate_limit_is_a_pause_of_a_minute_and_nothing_was_executed(self):
        self.sandbox.fault("429", method="POST")
        with self.assertRaises(DebitRetryable) as caught:
            self.client.send(self.order)
        self.assertEqual(caught.exception.after, 60)
        self.assertFalse(self.sandbox.payments())

    def test_a_silent_server_costs_one_time_out_and_no_second_request(self):
        client = StripeSepaClient(self.sandbox.token, self.sandbox.url, timeouts=(1, 0.3))
        self.sandbox.fault("slow", method="POST", seconds=1.5)
        start = time.monotonic()
        with self.assertRaises(DebitOutcomeUnknown):
            client.send(self.order)
        self.assertLess(time.monotonic() - start, 1.2)
        self.assertEqual(len(self._posts()), 1)

    def test_one_call_is_one_request(self):
        self.sandbox.fault("502", method="POST", count=None)
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.send(self.order)
        self.assertEqual(len(self._posts()), 1)

    def test_a_host_that_takes_no_connection_has_executed_nothing(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        client = StripeSepaClient(self.sandbox.token, f"http://127.0.0.1:{port}")
        # What is read before the write is known, so that it is the write that meets nobody.
        client._accounts[MANDATE] = ("pm_1", "cus_1")
        with self.assertRaises(DebitRetryable):
            client.send(self.order)

    def test_a_proxy_of_the_host_is_not_used(self):
        proxies = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        with patch.dict(os.environ, proxies, NO_PROXY="", no_proxy=""):
            self.assertTrue(self.client.account())

    def test_wrong_credentials_are_the_administrators_business(self):
        for token, code in (("sk_test_wrong", "401"), ("rk_test_sandbox_readonly", "403")):
            client = StripeSepaClient(token, self.sandbox.url)
            with self.subTest(code=code), self.assertRaises(ProviderMisconfigured) as caught:
                client.send(self.order)
            self.assertEqual(caught.exception.code, code)
            self.assertNotIn(token, str(caught.exception))

    def test_what_can_not_be_a_token_makes_no_client(self):
        for token in ("", None, "pk_test_1", "sk_test_", "sk_test_é", "sk_test_1\r\nX-Header: 1"):
            with self.subTest(token=token), self.assertRaises(ProviderMisconfigured):
                StripeSepaClient(token, self.sandbox.url)
