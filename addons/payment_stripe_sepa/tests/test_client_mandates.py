from dataclasses import replace

import requests

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, ProviderMisconfigured
from odoo.addons.payment_stripe_sepa.tests.common import IBAN, MANDATE, ClientCase, rum

SIGNER = {"name": "Zoé Lefèvre", "email": "zoe@example.com", "iban": IBAN}


@tagged("post_install", "-at_install")
class TestSignature(ClientCase):
    def setUp(self):
        super().setUp()
        self.asked = seam.MandateOrder(
            reference="RUM-7",
            scheme="core",
            partner_name="Zoé Lefèvre",
            is_company=False,
            email="zoe@example.com",
            street="1 rue de l'Église",
            zip="75002",
            city="Paris",
            country_code="FR",
            lang="fr",
            return_url="http://127.0.0.1/back",
            exit_url="http://127.0.0.1/exit",
            metadata={"odoo_mandate": "RUM-7"},
        )

    def _made(self, table):
        return self.sandbox.read(f"tables/{table}")[-1]

    def test_a_signed_page_gives_a_mandate_that_can_be_charged_at_once(self):
        session = self.client.mandate_start(self.asked)
        self.assertTrue(session.session_ref.startswith("cs_"))
        self.assertIsNone(self.client.mandate_signed(session.session_ref))
        self.assertEqual(self.sandbox.sign(session.url, **SIGNER), self.asked.return_url)
        signed = self.client.mandate_signed(session.session_ref)
        self.assertEqual((signed.status, signed.raw_status), ("active", "active"))
        self.assertEqual((signed.iban_ending, signed.country_code), (IBAN[-4:], "FR"))
        self.assertEqual(len(signed.rum), 16)
        self.assertEqual(self.client.send(self._order(mandate_ref=signed.ref)).status, "accepted")

    def test_the_page_is_filled_with_what_we_know(self):
        self.client.mandate_start(self.asked)
        customer, session = self._made("customers"), self._made("sessions")
        self.assertEqual((customer["name"], customer["email"]), ("Zoé Lefèvre", "zoe@example.com"))
        self.assertEqual(customer["address"]["line1"], "1 rue de l'Église")
        self.assertEqual(customer["address"]["country"], "FR")
        self.assertEqual((session["customer"], session["locale"]), (customer["id"], "fr"))
        self.assertEqual(session["metadata"], {"odoo_mandate": "RUM-7"})

    def test_what_is_not_known_is_left_out(self):
        blank = {"email": "", "street": "", "zip": "", "city": "", "country_code": "", "lang": "ja"}
        self.client.mandate_start(replace(self.asked, **blank))
        self.assertIsNone(self._made("customers")["email"])
        self.assertIsNone(self._made("sessions")["locale"])

    def test_a_signature_begun_goes_on_on_its_page(self):
        first = self.client.mandate_start(self.asked)
        again = self.client.mandate_start(replace(self.asked, session_ref=first.session_ref))
        self.assertEqual(again, first)

    def test_a_page_that_has_expired_is_followed_by_a_fresh_one_for_the_same_customer(self):
        first = self.client.mandate_start(self.asked)
        self.sandbox.act("expire", first.session_ref)
        self.assertIsNone(self.client.mandate_signed(first.session_ref))
        again = self.client.mandate_start(replace(self.asked, session_ref=first.session_ref))
        self.assertNotEqual((again.session_ref, again.url), (first.session_ref, first.url))
        one, other = self.sandbox.read("tables/sessions")
        self.assertEqual(one["customer"], other["customer"])

    def test_a_signature_of_somewhere_else_is_begun_anew(self):
        other = self.client.mandate_start(replace(self.asked, reference="RUM-8", metadata={}))
        for ref in (other.session_ref, "cs_test_nowhere", "no identifier"):
            with self.subTest(ref=ref):
                again = self.client.mandate_start(replace(self.asked, session_ref=ref))
                self.assertNotEqual(again.session_ref, ref)

    def test_who_has_signed_is_sent_back_to_us(self):
        session = self.client.mandate_start(self.asked)
        self.sandbox.sign(session.url, **SIGNER)
        again = self.client.mandate_start(replace(self.asked, session_ref=session.session_ref))
        self.assertEqual(again.url, self.asked.return_url)

    def test_a_signature_that_is_not_ours_gives_no_mandate(self):
        customer = self.client._api.customers.create({"name": "Somebody"}).id
        params = {
            "mode": "setup",
            "customer": customer,
            "allowed_payment_method_types": ["sepa_debit"],
            "success_url": "http://127.0.0.1/",
        }
        foreign = self.client._api.checkout.sessions.create(params).id
        self.sandbox.act("fulfil", foreign, IBAN)
        with self.assertRaises(DebitRefused):
            self.client.mandate_signed(foreign)

    def test_an_account_without_sepa_is_said_and_not_found_out_by_the_debtor(self):
        self.sandbox.control("settings", sepa_debit_enabled=False)
        with self.assertRaises(ProviderMisconfigured):
            self.client.mandate_start(self.asked)

    def test_sepa_b2b_is_refused_before_any_call(self):
        with self.assertRaises(DebitRefused):
            self.client.mandate_start(replace(self.asked, scheme="b2b"))
        self.assertFalse(self.sandbox.requests())

    def test_the_hosted_page_opens_in_the_debtors_browser(self):
        session = self.client.mandate_start(self.asked)
        page = requests.get(session.url, timeout=10)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Lefèvre", page.text)


@tagged("post_install", "-at_install")
class TestMandate(ClientCase):
    def test_a_mandate_tells_four_digits_of_its_account_and_no_more(self):
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual((answer.status, answer.rum), ("active", rum(MANDATE)))
        self.assertEqual((answer.iban_ending, answer.country_code), (IBAN[-4:], "FR"))

    def test_cancelling_twice_is_a_success(self):
        for _time in range(2):
            self.assertEqual(self.client.mandate_cancel(MANDATE).status, seam.MANDATE_CANCELLED)

    def test_a_cancellation_without_an_answer_is_read_back(self):
        self.sandbox.fault("drop_after", method="POST", path="/detach$")
        self.assertEqual(self.client.mandate_cancel(MANDATE).status, seam.MANDATE_CANCELLED)

    def test_a_mandate_killed_by_the_bank_is_cancelled(self):
        self.sandbox.act("cancel", MANDATE)
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual((answer.status, answer.raw_status), ("cancelled", "inactive"))

    def test_what_is_no_mandate_is_refused(self):
        for ref in ("mandate_nowhere", "pm_1", "no identifier"):
            with self.subTest(ref=ref), self.assertRaises(DebitRefused):
                self.client.mandate_fetch(ref)

    def test_stripe_gives_no_document(self):
        self.assertIsNone(self.client.mandate_document(MANDATE))
