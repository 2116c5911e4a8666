"""What the provider answers when it is asked for a debit, and what becomes of the debit."""

import re
import time
from unittest.mock import patch

from odoo import fields

from .servers import between

HTML = b"<html><body>Bad Gateway</body></html>"


class Answers:
    """Nobody knows: then the debit is neither an error nor sent twice. Mixed into `Sound`."""

    def _asked(self, *amounts):
        debits = self._debits(self._mandate(), *amounts or (49.9,))
        self.env.flush_all()
        return debits

    def _assert_unknown_then_one(self, debit):
        """The outcome is unknown, which is no error; looked up, it is one debit."""
        self.assertEqual(debit.debit_status, "unknown")
        self.assertNotEqual(debit.state, "error")
        self.assertTrue(debit.debit_next_check)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.sandbox.clear("faults")
        self._resolve(debit)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(len(self._there(debit)), 1)
        self.assertEqual(debit.provider_reference, self._there(debit)[0]["id"])

    def _struck(self, kind, **values):
        debit = self._asked()
        self.sandbox.fault(kind, **self.SEND, **values)
        self._send(debit)
        self._assert_unknown_then_one(debit)

    def _answered(self, status, body):
        """The provider executes; something on the way answers in its place."""
        debit = self._asked()

        def spoilt(method, path, real_status, real_body):
            ours = method == self.SEND["method"] and re.search(self.SEND["path"], path)
            return (status, body) if ours else (real_status, real_body)

        with between(self.sandbox.url, spoilt) as line, self._led_to(line):
            self._send(debit)
        self._assert_unknown_then_one(debit)

    # === ANSWERS THAT SAY NOTHING === #

    def test_html_with_status_200_is_no_success(self):
        self._struck("html_200")
        self._answered(200, HTML)

    def test_an_empty_answer_with_status_200_is_no_success(self):
        self._struck("empty_200")
        self._answered(200, b"")

    def test_no_content_is_no_success(self):
        self._answered(204, b"")

    def test_a_redirect_is_not_followed_and_is_no_success(self):
        self._answered(302, b"{}")

    def test_an_error_of_the_server_says_nothing_about_the_debit(self):
        self._struck("500")
        self._struck("500", execute=True)

    def test_a_gateway_says_nothing_about_the_debit(self):
        self._struck("502")
        self._struck("502", execute=True)
        self._struck("504")

    def test_html_with_a_refusals_status_is_no_refusal(self):
        self._answered(403, HTML)
        self._answered(400, HTML)

    # === NO ANSWER === #

    def test_an_answer_dropped_after_execution_is_found(self):
        self._struck("drop_after")
        self.assertEqual(len(self._posts()), 1)

    def test_a_request_that_was_lost_is_sent_again_under_the_same_key(self):
        debit = self._asked()
        key, name = debit.debit_key, self.reference_of(debit)
        self.sandbox.fault("drop_before", **self.SEND)
        self._send(debit)
        self._assert_unknown_then_one(debit)
        self.assertEqual((debit.debit_key, self.reference_of(debit)), (key, name))
        self.assertEqual(len({str(post["idempotency_key"]) for post in self._posts()}), 1)

    def test_a_slow_answer_costs_one_time_out_and_no_second_request(self):
        debit = self._asked()
        client = self.new_client(timeouts=(1, 0.3))
        self.sandbox.fault("slow", seconds=1.2, **self.SEND)
        start = time.monotonic()
        with patch.object(type(self.provider), "_debit_client", lambda _provider: client):
            self._send(debit)
        self.assertLess(time.monotonic() - start, 1.1)
        self.assertEqual(len(self._posts()), 1)
        self._assert_unknown_then_one(debit)

    def test_a_lost_answer_stops_no_other_debit(self):
        debits = self._asked(49.9, 10.0, 11.0)
        self.sandbox.fault("drop_after", nth=2, **self.SEND)
        self._send(debits)
        self.assertEqual(sorted(debits.mapped("debit_status")), ["submitted"] * 2 + ["unknown"])
        lost = debits.filtered(lambda debit: debit.debit_status == "unknown")
        self._assert_unknown_then_one(lost)
        self.assertEqual((len(self._there()), len(self._posts())), (3, 3))

    def test_an_outcome_that_can_not_be_looked_up_stays_unknown(self):
        debit = self._asked()
        self.sandbox.fault("drop_after", **self.SEND)
        self._send(debit)
        for kind in ("500", "html_200", "empty_200", "429", "drop_before"):
            self.sandbox.fault(kind, method="GET", count=None)
            with self.subTest(kind):
                self._resolve(debit)
                self.assertEqual((debit.debit_status, len(self._posts())), ("unknown", 1))
            self.sandbox.clear("faults")
        self._assert_unknown_then_one(debit)

    # === SURELY NOT EXECUTED === #

    def _slowed_down(self, **values):
        """Send against the rate limit; returns for how many seconds the debit then waits."""
        debit = self._asked()
        self.sandbox.fault("429", **self.SEND, **values)
        before = fields.Datetime.now()
        self._send(debit)
        self.assertEqual((debit.debit_status, debit.state), ("draft", "draft"))
        self.assertFalse(self._there(debit))
        wait = (debit.debit_next_check - before).total_seconds()
        self._send(debit)
        self.assertFalse(self._there(debit), "not before its time")
        debit._state_writer().write({"debit_next_check": before})
        self._send(debit)
        self.assertEqual((debit.debit_status, len(self._there(debit))), ("submitted", 1))
        return wait

    def test_the_rate_limit_is_a_pause_of_a_minute(self):
        self.assertAlmostEqual(self._slowed_down(), 60, delta=5)

    def test_the_rate_limit_pauses_as_long_as_the_provider_asks(self):
        self.assertAlmostEqual(self._slowed_down(retry_after=300), 300, delta=5)

    def test_a_host_that_takes_no_connection_has_executed_nothing(self):
        debit = self._asked()
        with self._led_to("http://127.0.0.1:9"):
            self._send(debit)
        self.assertEqual((debit.debit_status, debit.state), ("draft", "draft"))
        self.assertFalse(self._posts())
