import json
from unittest.mock import patch

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_slimpay import transport
from odoo.addons.payment_slimpay.tests.common import (
    IBAN,
    SandboxMixin,
    answering,
)

REFUSALS = "odoo.addons.payment_direct_debit.controllers.webhook"
HAL = 'application/hal+json; profile="https://api.slimpay.net/alps/v1";charset=UTF-8'


class RouteCase(SandboxMixin, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("payment_slimpay.api_base_url", cls.sandbox.url)
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "SlimPay of the tests",
                "code": "slimpay",
                "state": "test",
                **cls.provider_values(),
            }
        )
        cls.url = f"/payment/slimpay/webhook/{cls.provider.id}"

    def _post(self, raw, url=None, content_type="application/json"):
        headers = {"Content-Type": content_type}
        return self.url_open(url or self.url, data=raw, headers=headers, method="POST")

    def _events(self):
        return self.env["payment.event"].search([("provider_id", "=", self.provider.id)])


@tagged("post_install", "-at_install")
class TestOrderNotification(RouteCase):
    """Nobody signs it: it may say which order to read, and nothing else."""

    def setUp(self):
        super().setUp()
        self.mandate = self.env["payment.mandate"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Zoé Lefèvre"}).id,
                "provider_id": self.provider.id,
            }
        )
        self.mandate.action_request_signature()
        self.page = self.mandate._signature_start()
        self.reference = self.mandate.signature_session_ref

    def _notify(self, **values):
        document = {"reference": self.reference, "state": "closed.completed", **values}
        return self._post(json.dumps(document).encode(), content_type=HAL)

    def test_the_notification_that_slimpay_sends_brings_the_mandate(self):
        self.sandbox.sign(self.page, iban=IBAN)
        (sent,) = self.sandbox.events()
        answer = self._post(json.dumps(sent["body"]).encode(), content_type=HAL)
        self.assertEqual(answer.status_code, 204)
        self.env["payment.event"]._apply_received()
        self.assertEqual(self.mandate.state, "active")

    def test_a_forged_completion_brings_nothing_and_hides_nothing(self):
        self.assertEqual(self._notify().status_code, 204)
        self.assertFalse(self._events())
        self.sandbox.sign(self.page, iban=IBAN)
        self._notify()
        self.assertEqual(len(self._events()), 1, "the true one counts all the same")
        self.env["payment.event"]._apply_received()
        self.assertEqual(self.mandate.state, "active")

    def test_no_address_of_a_notification_is_ever_asked(self):
        seen = []
        with answering(200, b"{}", seen=seen) as elsewhere:
            links = {
                "self": {"href": f"{elsewhere}/orders/x"},
                "https://api.slimpay.net/alps#get-mandate": {"href": f"{elsewhere}/mandates/x"},
            }
            self._notify(_links=links, id="7d5a0000-0000-4000-8000-000000000002")
        self.assertFalse(seen)
        self.assertEqual(self.mandate.state, "to_sign")

    def test_an_order_that_nobody_here_waits_for_is_not_even_asked_for(self):
        before = len(self.sandbox.requests())
        for reference in ("S00042-1", "../creditors", self.reference[:-1] + "2"):
            self.assertEqual(self._notify(reference=reference).status_code, 204)
        self.assertEqual(len(self.sandbox.requests()), before)
        self.assertFalse(self._events())

    def test_what_is_kept_is_what_slimpay_says_and_once(self):
        self.sandbox.sign(self.page, iban=IBAN)
        for _time in range(3):
            self._notify(state="<script>", note="CANARY")
        (event_kept,) = self._events()
        self.assertNotIn("CANARY", event_kept.payload)
        self.assertIn("closed.completed", event_kept.payload)

    @mute_logger(REFUSALS)
    def test_slimpay_is_asked_to_come_again_when_it_can_not_be_read(self):
        self.sandbox.sign(self.page, iban=IBAN)
        self.sandbox.fault("502", method="GET")
        self.assertEqual(self._notify().status_code, 503)
        self.assertEqual(self._notify().status_code, 204)
        self.assertEqual(len(self._events()), 1)

    def test_an_aborted_order_leaves_the_mandate_to_be_signed(self):
        self.sandbox.act("abort", self.sandbox.read("tables/orders")[0]["id"])
        self._notify()
        self.env["payment.event"]._apply_received()
        self.assertEqual(self.mandate.state, "to_sign")
        self.assertNotEqual(self.mandate._signature_start(), self.page)

    def test_another_provider_can_not_be_told_of_our_order(self):
        other = self.provider.copy({"name": "Other account", "state": "test"})
        raw = json.dumps({"reference": self.reference}).encode()
        with patch.object(transport.Transport, "get") as get:
            answer = self._post(raw, url=f"/payment/slimpay/webhook/{other.id}")
        self.assertEqual(answer.status_code, 204)
        get.assert_not_called()
