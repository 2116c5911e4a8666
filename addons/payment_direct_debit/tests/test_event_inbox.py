from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRetryable
from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestInbox(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.inbox = cls.env["payment.event"]

    def _event(self, key="E1", topic=seam.TOPIC_OTHER, payload=None):
        return seam.IncomingEvent(key, topic, "REF", "created", datetime(2026, 3, 4), payload or {})

    def test_an_event_is_stored_once_however_often_it_comes(self):
        two = [self._event("E1"), self._event("E2")]
        self.assertEqual(self.inbox._receive(self.provider, two, "webhook"), 2)
        self.assertEqual(self.inbox._receive(self.provider, [*two, self._event("E3")], "poll"), 1)
        same = [self._event("E4"), self._event("E4")]
        self.assertEqual(self.inbox._receive(self.provider, same, "webhook"), 1)
        self.assertEqual(self.inbox._receive(self.provider, [], "webhook"), 0)

    def test_another_provider_may_use_the_same_key(self):
        other = self.provider.copy()
        self.inbox._receive(self.provider, [self._event()], "webhook")
        self.assertEqual(self.inbox._receive(other, [self._event()], "webhook"), 1)

    def test_the_first_telling_stays(self):
        self.inbox._receive(self.provider, [self._event(payload={"n": 1})], "webhook")
        self.inbox._receive(self.provider, [self._event(payload={"n": 2})], "poll")
        event = self.inbox.search([("provider_id", "=", self.provider.id)])
        self.assertEqual((event.payload, event.source), ('{"n": 1}', "webhook"))

    def test_an_account_number_is_not_kept(self):
        iban = "FR7630006000011234567890189"
        self.inbox._receive(self.provider, [self._event(payload={"iban": iban})], "webhook")
        event = self.inbox.search([("provider_id", "=", self.provider.id)])
        self.assertNotIn(iban, event.payload)
        self.assertNotIn("30006000011234567890", event.payload)

    def test_what_concerns_us_not_is_ignored(self):
        for topic in (seam.TOPIC_OTHER, seam.TOPIC_MANDATE, seam.TOPIC_SIGNATURE):
            self.inbox._receive(self.provider, [self._event(topic, topic)], "webhook")
        events = self.inbox.search([("provider_id", "=", self.provider.id)])
        self.inbox._apply_received()
        self.assertEqual(set(events.mapped("state")), {"ignored"})

    def test_nobody_writes_an_event_by_hand(self):
        with self.assertRaises(AccessError):
            self.inbox.with_user(self.env.ref("base.user_admin")).create(
                {"provider_id": self.provider.id, "event_key": "X", "topic": "debit"}
            )


def told(key):
    """An event as a provider tells it."""
    return seam.IncomingEvent(key, seam.TOPIC_OTHER, "REF", "made", datetime(2026, 3, 4), {})


class KeepingClient:
    """A provider that keeps its events until they are acknowledged."""

    def __init__(self, events, fails=False):
        self.kept, self.fails, self.stored_then = events, fails, None

    def events_since(self, since):
        """All that was not acknowledged."""
        return list(self.kept)

    def events_stored(self, events):
        """Forget them, or be out of reach."""
        if self.fails:
            raise DebitRetryable("out of reach")
        self.stored_then = self.inbox.search_count(
            [("event_key", "in", [e.event_key for e in events])]
        )
        self.kept = [event for event in self.kept if event not in events]


@tagged("post_install", "-at_install")
class TestAcknowledgement(EngineCommon):
    def _poll(self, client):
        provider_class = self.env.registry["payment.provider"]
        profile = seam.DebitProfile()
        self.env["payment.provider"].search([("id", "!=", self.provider.id)]).state = "disabled"
        self.provider.state = "test"
        with (
            patch.object(provider_class, "_debit_profile", lambda _self: profile),
            patch.object(provider_class, "_debit_client", lambda _self: client),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
        ):
            client.inbox = self.env["payment.event"].with_env(self.env(cr=cr))
            client.inbox._cron_poll(datetime(2026, 3, 5))

    def test_what_is_stored_is_acknowledged_and_not_before(self):
        events = [told("A1"), told("A2")]
        client = KeepingClient(events)
        self._poll(client)
        self.assertEqual((client.stored_then, client.kept), (2, []))

    def test_an_acknowledgement_that_fails_loses_nothing(self):
        client = KeepingClient([told("A1")], fails=True)
        self._poll(client)
        self.assertEqual(len(client.kept), 1)
        self.assertTrue(self.env["payment.event"].search([("event_key", "=", "A1")]))
        client.fails = False
        self._poll(client)
        self.assertFalse(client.kept)
