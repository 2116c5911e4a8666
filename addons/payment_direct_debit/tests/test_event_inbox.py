from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
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
