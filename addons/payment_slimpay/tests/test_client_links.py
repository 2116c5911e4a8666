import json
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.exceptions import DebitRetryable, ProviderMisconfigured
from odoo.addons.payment_slimpay import const, hal, transport
from odoo.addons.payment_slimpay.client import SlimPayClient
from odoo.addons.payment_slimpay.tests.common import LONG_AGO, ClientCase, answering, entry

PAYMENT = {
    "_links": {"self": {"href": "x"}},
    "id": "7d5a0000-0000-4000-8000-000000000002",
    "amount": "1.00",
    "currency": "EUR",
    "executionStatus": "rejected",
}


@tagged("post_install", "-at_install")
class TestTemplates(BaseCase):
    def test_templates_are_filled_by_name_and_escaped(self):
        cases = (
            ("/orders/{id}", {"id": "a/b c"}, "/orders/a%2Fb%20c"),
            ("/x{?a,b}", {"b": "1+2&c=3"}, "/x?b=1%2B2%26c%3D3"),
            ("/x{?a,b}", {}, "/x"),
            ("/x?z=1{&a,b}", {"a": "é", "b": 0}, "/x?z=1&a=%C3%A9&b=0"),
            ("/{a,b}/y", {"a": 1, "b": 2}, "/1,2/y"),
            ("/plain", {}, "/plain"),
        )
        for template, values, address in cases:
            with self.subTest(template):
                self.assertEqual(hal.expand(template, values), address)

    def test_a_filter_that_the_template_lost_is_an_error_and_one_that_it_gained_is_not(self):
        self.assertEqual(hal.expand("/x{?new,a}", {"a": 1}), "/x?a=1")
        with self.assertRaises(LookupError):
            hal.expand("/x{?new}", {"a": 1})

    def test_embedded_documents_are_none_one_or_many(self):
        for given, count in ((None, 0), ([], 0), ({"id": 1}, 1), ([{"id": 1}, {"id": 2}], 2)):
            self.assertEqual(
                len(hal.embedded({"_links": {}, "_embedded": {"payments": given}}, "payments")),
                count,
            )
        self.assertEqual(hal.embedded({"_links": {}}, "payments"), [])
        with self.assertRaises(KeyError):
            hal.embedded({}, "payments")


@tagged("post_install", "-at_install")
class TestOwnHostOnly(BaseCase):
    def _client(self, url):
        return SlimPayClient("app", "secret", "creditor", url)

    def test_no_link_to_another_host_is_ever_followed(self):
        seen = []
        with answering(200, b"{}", seen=seen) as elsewhere:
            host = elsewhere.removeprefix("http://")
            hostile = (
                f"{elsewhere}/issues",
                f"//{host}/issues",
                f"HTTP://{host}/issues",
                f"http://user@{host}/issues",
                "https://127.0.0.1/issues",
                "http://api.slimpay.net.example.com/issues",
                "file:///etc/passwd",
            )
            for address in hostile:
                links = {f"{const.RELATION}get-payment-issues": {"href": address}}
                raw = json.dumps({**PAYMENT, "_links": links}).encode()
                with (
                    self.subTest(address=address),
                    answering(200, raw) as url,
                    self.assertRaises(ProviderMisconfigured) as caught,
                ):
                    self._client(url).fetch(PAYMENT["id"])
                self.assertIn("not the host of the API", str(caught.exception))
        self.assertFalse(seen)

    def test_an_entry_point_of_another_host_is_not_followed(self):
        with answering(200, b"{}") as url:
            links = entry("attacker.example")
            with (
                patch.object(transport.Transport, "_read_entry_point", lambda _s: (links, 60)),
                self.assertRaises(ProviderMisconfigured),
            ):
                self._client(url).account()

    def test_a_redirection_is_not_followed(self):
        with answering(302, b"{}") as url, self.assertRaises(DebitRetryable):
            self._client(url).account()

    def test_a_signature_page_is_slimpays_or_there_is_none(self):
        with answering(200, b"{}") as url:
            client = self._client(url)
            for address in (
                "https://checkout.slimpay.com/userApproval?accessCode=x",
                "https://checkout.preprod.slimpay.com/userApproval?accessCode=x",
                "https://slimpay.net/checkout/x",
                f"{url}/userApproval",
            ):
                self.assertEqual(client._page(self._order(address)), address)
            for address in (
                "http://checkout.slimpay.com/x",
                "https://slimpay.com.example.org/x",
                "https://notslimpay.com/x",
                "javascript:alert(1)",
                "",
            ):
                with self.subTest(address=address), self.assertRaises(DebitRetryable):
                    client._page(self._order(address))

    def _order(self, address):
        return {"_links": {f"{const.RELATION}user-approval": {"href": address}}}


@tagged("post_install", "-at_install")
class TestDiscovery(ClientCase):
    def test_the_entry_point_is_read_once_and_again_for_a_relation_that_it_lacked(self):
        self.client.account()
        self._client().account()
        count = len(self._requests("GET", "/")) - len(self._requests("GET", "/creditors"))
        kept = transport._ENTRY_POINTS[self.sandbox.url]
        kept.get(None).pop(f"{const.RELATION}get-creditors")
        self.client.account()
        again = len(self._requests("GET", "/")) - len(self._requests("GET", "/creditors"))
        self.assertEqual(again, count + 1)

    def test_a_relation_that_is_gone_is_told_to_the_administrator(self):
        with self.assertRaises(ProviderMisconfigured) as caught:
            self.client._http.address("create-unicorns")
        self.assertIn("create-unicorns", str(caught.exception))

    def test_a_next_page_that_is_the_page_itself_hides_nothing(self):
        self.sandbox.plan("any", "failed:AM04")
        for number in range(5):
            self.client.send(self._order(reference=f"D-{number}"))
        self.sandbox.advance(self.order.requested_date)
        self.sandbox.control("settings", next_is_self=True)
        with patch.object(const, "PAGE", 2):
            self.assertEqual(len(self.client.events_since(LONG_AGO)), 5)


@tagged("post_install", "-at_install")
class TestLists(BaseCase):
    def test_a_list_that_never_ends_or_is_none_is_not_taken_for_complete(self):
        circle = {
            "_links": {"self": {"href": "x"}, "next": {"href": "x"}},
            "_embedded": {"payments": [{"id": "1"}], "paymentIssues": [{"id": "1"}]},
        }
        no_list = {"_links": {}, "_embedded": {"paymentIssues": "text"}}
        for content in (circle, {}, {"_embedded": {}}, no_list):
            raw = json.dumps(content).encode()
            with (
                self.subTest(content=content),
                answering(200, raw) as url,
                self.assertRaises(DebitRetryable),
            ):
                SlimPayClient("app", "secret", "creditor", url).events_since(LONG_AGO)
