import json

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import EventRejected
from odoo.addons.payment_gocardless import webhook
from odoo.addons.payment_gocardless.tests.common import SECRET, body, event, sign

# The test vector that GoCardless publishes with its client libraries.
VECTOR_SECRET = "ED7D658C-D8EB-4941-948B-3973214F2D49"
VECTOR_SIGNATURE = "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"
VECTOR_BODY = (
    b'{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z",'
    b'"resource_type":"subscriptions","action":"created","links":{"subscription":"SB0003JJQ2MR06"},'
    b'"details":{"origin":"api","cause":"subscription_created",'
    b'"description":"Subscription created via the API."},"metadata":{}},'
    b'{"id":"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z",'
    b'"resource_type":"mandates","action":"created","links":{"mandate":"MD000AMA19XGEC"},'
    b'"details":{"origin":"api","cause":"mandate_created",'
    b'"description":"Mandate created via the API."},"metadata":{}}]}'
)


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    def _status(self, headers, secrets=(SECRET,), raw=b"{}"):
        try:
            webhook.verify(raw, headers, secrets)
        except EventRejected as error:
            return error.status
        return 200

    def test_the_published_vector_is_accepted(self):
        headers = {"Webhook-Signature": VECTOR_SIGNATURE}
        self.assertEqual(self._status(headers, (VECTOR_SECRET,), VECTOR_BODY), 200)
        self.assertEqual(self._status(headers, (VECTOR_SECRET,), VECTOR_BODY + b"\n"), 498)
        self.assertEqual(len(webhook.parse(VECTOR_BODY)), 2)

    def test_a_header_in_any_letter_case_is_found(self):
        for name in ("Webhook-Signature", "webhook-signature", "WEBHOOK-SIGNATURE"):
            self.assertEqual(self._status({name: sign(b"{}")}), 200)

    def test_whatever_is_not_the_signature_is_refused_as_documented(self):
        good = sign(b"{}")
        wrong = (
            "",
            "é" * 64,
            "\ud800",
            good.upper(),
            good[:-1],
            good + " ",
            sign(b"{}", "another secret"),
            f"sha256={good}",
        )
        self.assertEqual(self._status({}), 498)
        for value in wrong:
            with self.subTest(value=ascii(value)):
                self.assertEqual(self._status({"Webhook-Signature": value}), 498)

    def test_two_secrets_are_accepted_while_one_replaces_the_other(self):
        for secret in ("new", "old"):
            headers = {"Webhook-Signature": sign(b"{}", secret)}
            self.assertEqual(self._status(headers, ("new", "old")), 200)
        self.assertEqual(self._status({"Webhook-Signature": sign(b"{}", "older")}, ("new",)), 498)

    def test_without_a_secret_everything_is_refused(self):
        for secrets in ((), (False,), ("", None)):
            headers = {"Webhook-Signature": sign(b"{}", "")}
            self.assertEqual(self._status(headers, secrets), 403)


@tagged("post_install", "-at_install")
class TestEvents(BaseCase):
    def _topic(self, **values):
        (incoming,) = webhook.parse(body([event(1, **values)]))
        return incoming.topic

    def test_each_event_goes_where_it_is_applied(self):
        cases = (
            ("payments", "confirmed", "PM1", seam.TOPIC_DEBIT),
            ("payments", "chargeback_cancelled", "PM1", seam.TOPIC_DEBIT),
            ("payments", "created", "PM1", seam.TOPIC_OTHER),
            ("payments", "brand_new", "PM1", seam.TOPIC_OTHER),
            ("mandates", "cancelled", "MD1", seam.TOPIC_MANDATE),
            ("mandates", "brand_new", "MD1", seam.TOPIC_MANDATE),
            ("billing_requests", "fulfilled", "BRQ1", seam.TOPIC_SIGNATURE),
            ("billing_requests", "flow_visited", "BRQ1", seam.TOPIC_OTHER),
            ("payouts", "paid", "PO1", seam.TOPIC_PAYOUT),
            ("creditors", "updated", "CR1", seam.TOPIC_OTHER),
            ("spaceships", "landed", "SP1", seam.TOPIC_OTHER),
        )
        for resource, action, ref, topic in cases:
            link = {"billing_requests": "billing_request"}.get(resource, resource[:-1])
            with self.subTest(resource=resource, action=action):
                found = self._topic(resource=resource, action=action, links={link: ref})
                self.assertEqual(found, topic)

    def test_a_test_of_the_dashboard_asks_nothing(self):
        self.assertEqual(
            self._topic(id="EVTEST0001", organisation_id="OR1", links={"payment": "index_ID_123"}),
            seam.TOPIC_OTHER,
        )
        self.assertEqual(self._topic(id="EVTEST0001"), seam.TOPIC_OTHER)

    def test_an_event_without_a_usable_link_asks_nothing(self):
        for links in ({}, None, {"payment": None}, {"payment": 7}, {"payment": "../x"}):
            with self.subTest(links=links):
                self.assertEqual(self._topic(links=links), seam.TOPIC_OTHER)

    def test_what_is_kept_is_the_raw_event_and_naive_utc(self):
        (incoming,) = webhook.parse(body([event(1)]))
        self.assertEqual(incoming.payload, event(1))
        self.assertEqual(incoming.occurred_at.isoformat(), "2026-03-12T09:00:00")
        self.assertEqual((incoming.event_key, incoming.ref), ("EV000001", "PM000001"))

    def test_an_empty_notification_is_a_notification(self):
        self.assertEqual(webhook.parse(b'{"events": []}'), [])

    def test_what_gocardless_never_sends_is_a_bad_request(self):
        many = body([event(number) for number in range(251)])
        bad = (
            b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b'{"events": {}}',
            b'{"events": null}', b'{"events": ["x"]}', b'{"events": [{}]}', b"[" * 100_000,
            b'{"events": [{"id": "\\ud800"}]}', many, many[:-40],
            body([event(1, id="EV 1")]), body([event(1, id=None)]), body([event(1, id="E\0V")]),
            body([event(1, created_at="yesterday")]), body([event(1, created_at=None)]),
            json.dumps({"events": [event(1, links="x")]}).encode(),
        )  # fmt: skip
        for raw in bad:
            with self.subTest(raw=raw[:60]), self.assertRaises(EventRejected) as caught:
                webhook.parse(raw)
            self.assertEqual(caught.exception.status, 400)
        self.assertEqual(len(webhook.parse(body([event(n) for n in range(250)]))), 250)
