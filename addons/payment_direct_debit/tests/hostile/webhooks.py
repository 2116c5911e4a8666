"""Notifications over real HTTP: who sent them, how often, in which order, and what about."""

import time

from odoo.tools import mute_logger

from .world import CHARGE_DAY

REFUSALS = "odoo.addons.payment_direct_debit.controllers.webhook"
TEN_MEGABYTES = 10_000_000
LONGEST_ANSWER = 5  # seconds that every provider waits


class Notified:
    """What all rows over HTTP share; mixed into a provider's world, `Sound` and `HttpCase`."""

    def setUp(self):
        super().setUp()
        # The route of the record, on this test's own server.
        self.url = "/payment/" + self.provider.debit_webhook_url.split("/payment/")[1]

    def _post(self, raw, headers=None, url=None):
        """Notify; signed as it should be unless headers are given."""
        headers = self.signed(raw) if headers is None else headers
        headers = {"Content-Type": "application/json", **headers}
        return self.url_open(url or self.url, data=raw, headers=headers, method="POST")

    def _notify(self, events, times=1):
        """Notify of events, each body as often as told; all must be taken with thanks."""
        for raw in self.bodies(events):
            for _time in range(times):
                self.assertEqual(self._post(raw).status_code, 204)

    def _body(self, *events):
        (raw,) = self.bodies(events or [self.event(1, self.UNKNOWN_REF)])
        return raw

    def _listened(self, day):
        """The bank reaches the day, and the stand-in itself notifies Odoo over HTTP."""
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            report = self.sandbox.advance(day)
        self.env.invalidate_all()
        return report


class Senders(Notified):
    """Only who knows the secret is heard."""

    def test_what_the_provider_signs_is_heard_and_collects(self):
        debit = self._sent(49.9)
        self.listen(self.base_url() + self.url)
        report = self._listened(self.COLLECTED_DAY)
        self.assertTrue(report["webhooks"])
        self.assertFalse(report["webhooks_failed"])
        self.assertTrue(self._events())
        self._apply(self.COLLECTED_DAY)
        self.assertEqual(debit.debit_status, "collected")

    @mute_logger(REFUSALS)
    def test_what_the_provider_signs_wrongly_stores_nothing(self):
        self._sent(49.9)
        self.listen(self.base_url() + self.url)
        self.sandbox.control("webhooks/modes", corrupt_signature=True)
        report = self._listened(CHARGE_DAY)
        self.assertTrue(report["webhooks"])
        self.assertEqual(report["webhooks"], report["webhooks_failed"])
        self.assertFalse(self._events())

    @mute_logger(REFUSALS)
    def test_forged_notifications_store_nothing(self):
        raw = self._body()
        name, value = next(iter(self.signed(raw).items()))
        cases = {
            "another secret": (raw, self.signed(raw, "guess")),
            "altered": (raw.replace(b"1", b"2"), self.signed(raw)),
            "one byte more": (raw + b"\n", self.signed(raw)),
            "upper case": (raw, {name: value.upper()}),
            "empty signature": (raw, {name: ""}),
            "the secret itself": (raw, {name: self.SECRET}),
        }
        for case, (content, headers) in cases.items():
            with self.subTest(case):
                answer = self._post(content, headers)
                self.assertEqual(answer.status_code, self.BAD_SIGNATURE)
        self.assertFalse(self._events())

    @mute_logger(REFUSALS)
    def test_a_signature_caught_long_ago_or_made_for_later_is_no_use(self):
        raw = self._body()
        for age in (3600, -3600):
            if self.SIGNATURES_AGE:
                answer = self._post(raw, self.signed(raw, age=age))
                self.assertEqual(answer.status_code, self.BAD_SIGNATURE)
            else:  # the event itself is recognised: to send it again is to say it once
                self.assertEqual(self._post(raw).status_code, 204)
        self.assertEqual(len(self._events()), 0 if self.SIGNATURES_AGE else 1)

    @mute_logger(REFUSALS)
    def test_unsigned_notifications_store_nothing(self):
        for raw, status in self.unsigned():
            with self.subTest(raw[:40]):
                self.assertEqual(self._post(raw, {}).status_code, status)
        self.assertFalse(self._events())

    @mute_logger(REFUSALS)
    def test_without_a_secret_nothing_is_believed(self):
        self.provider.write({self.SECRET_FIELD: False})
        raw = self._body()
        self.assertEqual(self._post(raw, self.signed(raw, "")).status_code, 403)
        self.assertFalse(self._events())

    @mute_logger(REFUSALS)
    def test_the_secret_of_another_account_opens_no_door(self):
        other = self.provider.copy({"name": "Another account", "state": "test"})
        other.write({self.SECRET_FIELD: "secret-of-the-other"})
        url = self.url.replace(str(self.provider.id), str(other.id))
        self.assertEqual(self._post(self._body(), url=url).status_code, self.BAD_SIGNATURE)
        self.assertFalse(self._events())
        other.state = "disabled"

    def test_only_a_provider_of_this_kind_that_is_switched_on_has_an_address(self):
        other = self.env["payment.provider"].create({"name": "Other", "code": "none"})
        for number in (other.id, self.provider.id + 1000):
            url = self.url.replace(str(self.provider.id), str(number))
            self.assertEqual(self._post(self._body(), url=url).status_code, 404)
        self.provider.state = "disabled"
        self.assertEqual(self._post(self._body()).status_code, 404)

    def test_the_address_shown_answers_and_keeps_nobody_in_mind(self):
        answer = self._post(self._body())
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertNotIn("session_id", answer.cookies)

    def test_the_log_of_a_refusal_holds_nothing_of_the_body(self):
        raw = self._body().replace(self.UNKNOWN_REF.encode(), b"CANARY")
        with self.assertLogs(REFUSALS, "WARNING") as logs:
            self._post(raw, self.signed(raw, "guess"))
        self.assertNotIn("CANARY", "".join(logs.output))


class Bodies(Notified):
    """Whatever a signed notification says, it is a hint."""

    def test_events_that_come_again_change_nothing(self):
        self.sandbox.plan("any", "late:MS03")
        debit = self._sent(49.9)
        self.sandbox.advance(self.RETURNED_DAY)
        self._notify(self.notified(), times=3)
        self.assertEqual(len(self._events()), len(self.notified()))
        for _time in range(2):
            self._apply(self.RETURNED_DAY)
            self._events().action_replay()
        self._poll(self.RETURNED_DAY)
        self.assertEqual(debit.debit_status, "returned")
        self.assertEqual((len(debit.return_ids), len(debit.debit_line_ids)), (1, 2))

    def test_events_out_of_order_come_to_the_same_end(self):
        self.sandbox.plan("any", "late:MS03")
        debit = self._sent(49.9)
        self.sandbox.advance(self.RETURNED_DAY)
        events = self.notified()
        for batch in (events[::-1], events[1::2], events):
            self._notify(batch)
            self._apply(self.RETURNED_DAY)
        self._poll(self.RETURNED_DAY)
        self.assertEqual(debit.debit_status, "returned")
        self.assertEqual((len(debit.return_ids), len(debit.debit_line_ids)), (1, 2))

    def test_an_event_of_an_unknown_type_is_stored_and_ignored(self):
        debit = self._sent(49.9)
        self._notify([self.event(1, debit.provider_reference, unknown=True)])
        self._apply(CHARGE_DAY)
        self.assertEqual(self._events().state, "ignored")
        self.assertEqual(debit.debit_status, "submitted")

    def test_an_event_about_an_unknown_object_is_stored_and_ignored(self):
        self._notify([self.event(1, self.UNKNOWN_REF)])
        self._apply(CHARGE_DAY)
        self.assertEqual(self._events().state, "ignored")

    def test_a_payment_that_somebody_else_made_in_the_account_is_left_alone(self):
        debit = self._sent(49.9)
        foreign = self._elsewhere(700)
        self.sandbox.advance(self.COLLECTED_DAY)
        self._notify([self.event(1, foreign)])
        self._apply(self.COLLECTED_DAY)
        self.assertEqual(self._events().state, "ignored")
        self.assertEqual(self._all_debits(), debit)

    def test_a_notification_alone_moves_nothing(self):
        debit = self._sent(49.9)
        self._notify([self.event(1, debit.provider_reference)])
        self._apply(self.COLLECTED_DAY)
        self.assertEqual((debit.debit_status, self._events().state), ("submitted", "applied"))

    def test_250_events_at_once_are_stored_and_their_debit_is_read_once(self):
        debit = self._sent(49.9)
        events = [self.event(number, debit.provider_reference) for number in range(250)]
        bodies = self.bodies(events)
        self.assertEqual(len(bodies), 250 // self.EVENTS_IN_ONE)
        self._post(bodies[0])
        for raw in bodies:
            start = time.monotonic()
            self.assertEqual(self._post(raw).status_code, 204)
            self.assertLess(time.monotonic() - start, LONGEST_ANSWER)
        self.assertEqual(len(self._events()), 250)
        before = len(self._reads_of(debit))
        self._apply(CHARGE_DAY)
        self.assertEqual(set(self._events().mapped("state")), {"applied"})
        self.assertEqual(len(self._reads_of(debit)), before + 1)

    def _reads_of(self, debit):
        return self._requests("GET", f"/{debit.provider_reference}$")

    def test_ten_megabytes_are_refused_unread(self):
        self.assertEqual(self._post(b" " * TEN_MEGABYTES).status_code, 413)
        self.assertFalse(self._events())

    @mute_logger(REFUSALS)
    def test_what_nobody_sends_is_a_bad_request_although_it_is_signed(self):
        for raw in (b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, self._body()[:-9]):
            with self.subTest(raw[:20]):
                self.assertEqual(self._post(raw).status_code, 400)
        self.assertFalse(self._events())

    def test_an_event_that_comes_before_our_commit_waits_for_it(self):
        """The provider made the debit; the answer to us was lost, its notification was not."""
        debit = self._debits(self._mandate(), 49.9)
        self.sandbox.fault("drop_after", **self.SEND)
        self._send(debit)
        self.sandbox.advance(self.COLLECTED_DAY)
        self._notify([self.event(1, self._there(debit)[0]["id"])])
        self._apply(self.COLLECTED_DAY)
        self.assertEqual((debit.debit_status, self._events().state), ("unknown", "received"))
        self._resolve(debit)
        self._apply(self.COLLECTED_DAY)
        self.assertEqual((debit.debit_status, self._events().state), ("collected", "applied"))

    def test_silence_is_mended_by_asking(self):
        debit = self._sent(49.9)
        self._days_until(self.COLLECTED_DAY)
        self.assertEqual(debit.debit_status, "collected")
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
