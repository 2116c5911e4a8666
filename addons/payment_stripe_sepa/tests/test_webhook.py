import json
import time

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_stripe_sepa import const, webhook
from odoo.addons.payment_stripe_sepa.tests.common import SECRET, body, event, sign


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    def _status(self, headers, secret=SECRET, raw=b"{}"):
        try:
            webhook.verify(raw, headers, (secret,))
        except EventRejected as error:
            return error.status
        return 200

    def _aged(self, seconds):
        return self._status({"Stripe-Signature": sign(b"{}", moment=int(time.time()) - seconds)})

    def test_a_header_in_any_letter_case_is_found(self):
        for name in ("Stripe-Signature", "stripe-signature", "STRIPE-SIGNATURE"):
            self.assertEqual(self._status({name: sign(b"{}")}), 200)

    def test_the_body_counts_byte_by_byte(self):
        raw = '{"name": "Zoé"}'.encode()
        for content, status in ((raw, 200), (raw + b"\n", 400), (raw.replace(b" ", b""), 400)):
            headers = {"Stripe-Signature": sign(raw)}
            self.assertEqual(self._status(headers, raw=content), status)

    def test_whatever_is_not_the_signature_is_refused(self):
        good = sign(b"{}")
        moment = good.split(",")[0]
        wrong = (
            "", ",", "t=1", "v1=abc", "t=x,v1=abc", f"{moment},v1=", f"{moment},v1=é", "\ud800",
            good.upper(), good[:-1], good + " ", good.replace("v1=", "v0="),
            good.replace("t=", "t=1"), sign(b"{}", "another secret"), SECRET,
        )  # fmt: skip
        self.assertEqual(self._status({}), 400)
        for value in wrong:
            with self.subTest(value=ascii(value)):
                self.assertEqual(self._status({"Stripe-Signature": value}), 400)

    def test_a_body_that_is_no_text_is_refused(self):
        self.assertEqual(self._status({"Stripe-Signature": sign(b"\xff")}, raw=b"\xff"), 400)

    def test_two_signatures_are_looked_at_while_stripe_replaces_the_secret(self):
        moment = int(time.time())
        old, new = (sign(b"{}", secret, moment) for secret in ("whsec_old", SECRET))
        both = f"{old},{new.split(',')[1]}"
        self.assertEqual(self._status({"Stripe-Signature": both}), 200)

    def test_an_old_signature_is_no_use_to_who_has_caught_it(self):
        for seconds, status in ((0, 200), (290, 200), (310, 400), (86_400, 400)):
            self.assertEqual(self._aged(seconds), status, seconds)

    def test_a_signature_of_the_future_is_refused(self):
        for seconds, status in ((-290, 200), (-310, 400), (-86_400, 400)):
            self.assertEqual(self._aged(seconds), status, seconds)

    def test_without_a_secret_everything_is_refused(self):
        for secret in (False, "", None, "  "):
            headers = {"Stripe-Signature": sign(b"{}", secret or "")}
            self.assertEqual(self._status(headers, secret), 403)


@tagged("post_install", "-at_install")
class TestEvents(BaseCase):
    def _topic(self, *values, **more):
        (incoming,) = webhook.parse(body(event(1, *values, **more)))
        return incoming.topic

    def test_each_event_goes_where_it_is_applied(self):
        about = {"payment_intent": "pi_1"}
        cases = (
            ("payment_intent.succeeded", {"id": "pi_1"}, seam.TOPIC_DEBIT),
            ("payment_intent.payment_failed", {"id": "pi_1"}, seam.TOPIC_DEBIT),
            ("payment_intent.created", {"id": "pi_1"}, seam.TOPIC_OTHER),
            ("charge.updated", {"id": "py_1", **about}, seam.TOPIC_DEBIT),
            ("charge.dispute.created", {"id": "du_1", **about}, seam.TOPIC_DEBIT),
            ("charge.dispute.funds_reinstated", {"id": "du_1", **about}, seam.TOPIC_DEBIT),
            ("mandate.updated", {"id": "mandate_1"}, seam.TOPIC_MANDATE),
            ("checkout.session.completed", {"id": "cs_test_1"}, seam.TOPIC_SIGNATURE),
            ("checkout.session.expired", {"id": "cs_test_1"}, seam.TOPIC_OTHER),
            ("payout.reconciliation_completed", {"id": "po_1"}, seam.TOPIC_PAYOUT),
            ("refund.failed", {"id": "pyr_1"}, seam.TOPIC_REFUND),
            ("spaceship.landed", {"id": "sp_1"}, seam.TOPIC_OTHER),
        )
        for kind, thing, topic in cases:
            with self.subTest(kind):
                self.assertEqual(self._topic(kind, thing), topic)

    def test_a_dispute_is_about_its_payment(self):
        thing = {"id": "du_1", "charge": "py_1", "payment_intent": "pi_7"}
        (incoming,) = webhook.parse(body(event(1, "charge.dispute.closed", thing)))
        self.assertEqual(incoming.ref, "pi_7")

    def test_an_event_without_a_usable_reference_asks_nothing(self):
        for ref in (None, 7, {}, "../x", "pi_1\n", ""):
            with self.subTest(ref=ref):
                self.assertEqual(self._topic(thing={"id": ref}), seam.TOPIC_OTHER)

    def test_what_is_kept_is_the_event_without_what_is_worth_stealing(self):
        thing = {
            "id": "mandate_1",
            "client_secret": "CANARY",
            "payment_method_details": {"sepa_debit": {"reference": "RUM1", "url": "CANARY"}},
            "list": [{"url": "CANARY"}],
        }
        (incoming,) = webhook.parse(body(event(1, "mandate.updated", thing)))
        self.assertEqual((incoming.event_key, incoming.ref), ("evt_000001", "mandate_1"))
        self.assertEqual(incoming.occurred_at.isoformat(), "2026-03-12T09:00:00")
        self.assertEqual(incoming.payload["type"], "mandate.updated")
        self.assertIn("RUM1", json.dumps(incoming.payload))
        self.assertNotIn("CANARY", json.dumps(incoming.payload))

    def test_what_stripe_never_sends_is_a_bad_request(self):
        whole = body(event(1))
        bad = (
            b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b"[" * 100_000, whole[:-9],
            b'{"id": "\\ud800"}', body({"object": "list", "data": []}), body([event(1)]),
            body(event(1, object="v2.core.event")), body(event(1, id="evt 1")),
            body(event(1, id=None)), body(event(1, id="evt_\0")), body(event(1, type=None)),
            body(event(1, created="yesterday")), body(event(1, created=None)),
            body(event(1, created=10**30)), body(event(1, data={})), body(event(1, data=None)),
            body(event(1, data={"object": "pi_1"})),
        )  # fmt: skip
        for raw in bad:
            with self.subTest(raw=raw[:60]), self.assertRaises(EventRejected) as caught:
                webhook.parse(raw)
            self.assertEqual(caught.exception.status, 400)

    def test_every_type_that_we_ask_for_means_something_to_us(self):
        self.assertNotIn(seam.TOPIC_OTHER, [topic for topic, _field in const.EVENTS.values()])
