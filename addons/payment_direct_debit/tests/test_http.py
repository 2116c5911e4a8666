import os
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRetryable
from odoo.addons.payment_direct_debit.http import Connection


@contextmanager
def serving(status=200, headers=None, seconds=0.0, breaks=False):
    """Serve the same to everything; yields the address and the list of what was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            self.rfile.read(int(self.headers.get("content-length") or 0))
            asked.append((self.command, self.headers))
            if breaks:
                self.connection.close()
                return
            time.sleep(seconds)
            self.send_response(status)
            for name, value in {"content-length": "0", **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST = answer

        def log_message(self, *_arguments):
            """The test's output is no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@tagged("post_install", "-at_install")
class TestConnection(BaseCase):
    def setUp(self):
        super().setUp()
        self.connection = Connection("The bank", (1, 0.5))

    def test_a_call_is_one_request_whatever_is_answered(self):
        for status, headers in ((500, {}), (429, {}), (302, {"location": "/elsewhere"})):
            with self.subTest(status), serving(status, headers) as (url, asked):
                answer = self.connection.request("POST", url, data=b"{}")
                self.assertEqual((answer.status_code, len(asked)), (status, 1))

    def test_no_cookie_is_kept(self):
        with serving(headers={"set-cookie": "session=1"}) as (url, asked):
            self.connection.request("GET", url)
            self.connection.request("GET", url)
            self.assertNotIn("cookie", asked[1][1])

    def test_neither_a_proxy_nor_a_password_of_the_host_is_used(self):
        host = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        with (
            serving() as (url, asked),
            patch.dict(os.environ, host, NO_PROXY="", no_proxy="", NETRC="/nowhere"),
        ):
            self.connection.request("GET", url, headers={"authorization": "Bearer 1"})
        self.assertEqual(asked[0][1]["authorization"], "Bearer 1")

    def test_silence_ends_with_the_time_out_unclear_for_a_write(self):
        with serving(seconds=1.0) as (url, asked):
            start = time.monotonic()
            with self.assertRaises(DebitOutcomeUnknown):
                self.connection.request("POST", url)
            self.assertLess(time.monotonic() - start, 0.9)
            with self.assertRaises(DebitRetryable):
                self.connection.request("GET", url)
            self.assertEqual([verb for verb, _headers in asked], ["POST", "GET"])

    def test_a_connection_that_breaks_after_the_request_is_unclear(self):
        unknown = self.assertRaises(DebitOutcomeUnknown)
        with serving(breaks=True) as (url, asked), unknown as caught:
            self.connection.request("POST", url)
        self.assertIn("The bank", str(caught.exception))
        self.assertEqual(len(asked), 1)

    def test_a_host_that_takes_no_connection_has_executed_nothing(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self.assertRaises(DebitRetryable):
            self.connection.request("POST", f"http://127.0.0.1:{port}/")

    def test_each_thread_has_a_session_of_its_own_and_keeps_it(self):
        here, there = self.connection.session(), []
        thread = threading.Thread(target=lambda: there.append(self.connection.session()))
        thread.start()
        thread.join()
        self.assertIs(here, self.connection.session())
        self.assertIsNot(here, there[0])
