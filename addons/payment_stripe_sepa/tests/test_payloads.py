"""Our requests against the types of parameters that the library publishes.

The stand-in refuses the same; here each is looked at alone, without a server.
"""

from datetime import date

import stripe
import typing_extensions
from stripe.params import (
    CustomerCreateParams,
    PaymentIntentCreateParams,
    RefundCreateParams,
    WebhookEndpointCreateParams,
    checkout,
)

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_stripe_sepa import const, payloads

from sandbox.stripe import forms
from sandbox.stripe.params import named

DEBIT = seam.DebitOrder(
    "DEBIT-1", "key", 4990, "EUR", "mandate_1", date(2026, 3, 11), "Abonnement", {"odoo_ref": "D"}
)
SIGNATURE = seam.MandateOrder(
    "RUM-1", "core", "Zoé", False, "z@example.com", "1 rue", "75002", "Paris", "FR", "fr",
    "https://example.com/back", "https://example.com/exit",
)  # fmt: skip
REFUND = seam.RefundOrder("REFUND-1", "key", "pi_1", 100, 0, "EUR")


@tagged("post_install", "-at_install")
class TestTypes(BaseCase):
    def test_the_version_is_the_one_of_the_library(self):
        self.assertEqual(const.API_VERSION, stripe.api_version)

    def test_every_request_is_what_the_library_publishes(self):
        cases = (
            (PaymentIntentCreateParams, payloads.payment(DEBIT, "pm_1", "cus_1", None)),
            (PaymentIntentCreateParams, payloads.payment(DEBIT, "pm_1", "cus_1", date.today())),
            (CustomerCreateParams, payloads.customer(SIGNATURE)),
            (checkout.SessionCreateParams, payloads.session(SIGNATURE, "cus_1")),
            (RefundCreateParams, payloads.refund(REFUND)),
            (WebhookEndpointCreateParams, payloads.webhook_endpoint("https://example.com/")),
        )
        for definition, payload in cases:
            with self.subTest(definition.__name__):
                self.assertTrue(typing_extensions.is_typeddict(definition))
                self.assertLessEqual(payload.keys(), definition.__annotations__.keys())
                self.assertLessEqual(definition.__required_keys__, payload.keys())
                package = "checkout." if definition is checkout.SessionCreateParams else ""
                tree = forms.parse(self._form(payload))
                read = named(package + definition.__name__).read(tree)
                self.assertEqual(read, payload)

    def _form(self, payload):
        """The payload as the library writes it."""
        sent = []

        class Line(stripe.HTTPClient):
            name = "line"

            def request(self, _method, _url, _headers, post_data=None):
                sent.append(post_data)
                return b"{}", 200, {}

        client = stripe.StripeClient("sk_test_1", http_client=Line())
        client.raw_request("post", "/v1/customers", **payload)
        return sent[0]

    def test_the_names_that_this_version_refuses_are_not_used(self):
        for payload in (
            payloads.payment(DEBIT, "pm_1", "cus_1", None),
            payloads.session(SIGNATURE, "cus_1"),
        ):
            self.assertNotIn("payment_method_types", payload)
            self.assertEqual(payload["allowed_payment_method_types"], ["sepa_debit"])

    def test_every_language_of_ours_is_one_of_theirs(self):
        for lang in const.LANGUAGES:
            values = payloads.session(SIGNATURE, "cus_1") | {"locale": lang}
            named("checkout.SessionCreateParams").read(forms.parse(self._form(values)))


@tagged("post_install", "-at_install")
class TestDescriptor(BaseCase):
    def test_a_descriptor_keeps_to_the_rules_or_is_left_out(self):
        cases = (
            ("Abonnement « été » n° 1", "Abonnement ete n. 1"),
            ("L'abonnement d'été", "L abonnement d ete"),
            ("x" * 30, "x" * 22),
            ("Abonnement de février de Zoé", "Abonnement de fevrier"),
            ("<script>*\\\"'", "script"),
            ("1234567", ""),
            ("Été", ""),
            ("", ""),
            ("日本語日本語", ""),
        )
        for text, wanted in cases:
            with self.subTest(text):
                found = payloads.descriptor(text)
                self.assertFalse(set(found) & set("<>\\'\"*"))
                if text != "<script>*\\\"'":
                    self.assertEqual(found, wanted)

    def test_without_a_descriptor_the_accounts_own_one_stands(self):
        order = seam.DebitOrder("D", "k", 1, "EUR", "mandate_1", date(2026, 3, 11), "12")
        self.assertNotIn("statement_descriptor", payloads.payment(order, "pm_1", "cus_1", None))
