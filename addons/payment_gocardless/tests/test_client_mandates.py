from dataclasses import replace

import requests

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRefused
from odoo.addons.payment_gocardless.tests.common import IBAN, MANDATE, ClientCase

SIGNER = {"given_name": "Zoé", "family_name": "Lefèvre", "email": "zoe@example.com", "iban": IBAN}


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

    def _prefilled(self):
        return self.sandbox.read("tables/billing_request_flows")[-1]["prefilled_customer"]

    def test_a_signed_page_gives_a_mandate_that_can_be_charged_at_once(self):
        session = self.client.mandate_start(self.asked)
        self.assertIsNone(self.client.mandate_signed(session.session_ref))
        self.assertEqual(self.sandbox.sign(session.url, **SIGNER), self.asked.return_url)
        signed = self.client.mandate_signed(session.session_ref)
        self.assertEqual((signed.status, signed.raw_status), ("active", "pending_submission"))
        self.assertEqual((signed.iban_ending, signed.country_code), (IBAN[-2:], "FR"))
        self.assertTrue(signed.rum)
        self.assertEqual(self.client.send(self._order(mandate_ref=signed.ref)).status, "accepted")

    def test_the_page_is_filled_with_what_we_know(self):
        self.client.mandate_start(self.asked)
        self.assertEqual(
            self._prefilled(),
            {
                "given_name": "Zoé",
                "family_name": "Lefèvre",
                "email": "zoe@example.com",
                "address_line1": "1 rue de l'Église",
                "postal_code": "75002",
                "city": "Paris",
                "country_code": "FR",
            },
        )

    def test_a_company_has_one_name_and_what_is_not_known_is_left_out(self):
        self.client.mandate_start(
            replace(
                self.asked, partner_name="Été & Fils SARL", is_company=True, email="", lang="ja"
            )
        )
        self.assertEqual(self._prefilled()["company_name"], "Été & Fils SARL")
        self.assertFalse({"given_name", "family_name", "email"} & self._prefilled().keys())

    def test_a_signature_begun_goes_on_with_a_fresh_page(self):
        first = self.client.mandate_start(self.asked)
        again = self.client.mandate_start(replace(self.asked, session_ref=first.session_ref))
        self.assertEqual(again.session_ref, first.session_ref)
        self.assertNotEqual(again.url, first.url)

    def test_a_signature_cancelled_or_of_somewhere_else_is_begun_anew(self):
        first = self.client.mandate_start(self.asked).session_ref
        self.client._api.billing_requests.cancel(first)
        other = self.client.mandate_start(replace(self.asked, reference="RUM-8", metadata={}))
        for ref in (first, other.session_ref, "BRQ0NOWHERE", "no identifier"):
            with self.subTest(ref=ref):
                again = self.client.mandate_start(replace(self.asked, session_ref=ref))
                self.assertNotEqual(again.session_ref, ref)

    def test_who_has_signed_is_sent_back_to_us(self):
        session = self.client.mandate_start(self.asked)
        self.sandbox.sign(session.url, **SIGNER)
        again = self.client.mandate_start(replace(self.asked, session_ref=session.session_ref))
        self.assertEqual(again.url, self.asked.return_url)

    def test_a_signature_being_fulfilled_is_not_finished(self):
        self.sandbox.control("settings", fulfilling_reads=1)
        session = self.client.mandate_start(self.asked)
        self.sandbox.sign(session.url, **SIGNER)
        self.assertIsNone(self.client.mandate_signed(session.session_ref))
        self.assertTrue(self.client.mandate_signed(session.session_ref))

    def test_a_signature_that_is_not_ours_gives_no_mandate(self):
        params = {"mandate_request": {"currency": "EUR", "scheme": "sepa_core"}}
        foreign = self.client._api.billing_requests.create(params=params).id
        self.sandbox.act("fulfil", foreign, IBAN)
        with self.assertRaises(DebitRefused):
            self.client.mandate_signed(foreign)

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
    def test_a_mandate_tells_two_digits_of_its_account_and_no_more(self):
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual((answer.status, answer.rum), ("active", f"RUM-{MANDATE}"))
        self.assertEqual((answer.iban_ending, answer.country_code), ("89", "FR"))
        self.assertTrue(answer.bank_name)
        self.assertTrue(answer.next_possible_date)

    def test_cancelling_twice_is_a_success(self):
        for _time in range(2):
            self.assertEqual(self.client.mandate_cancel(MANDATE).status, seam.MANDATE_CANCELLED)

    def test_a_mandate_killed_by_the_bank_says_why(self):
        self.sandbox.act("cancel", MANDATE, "MD07")
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual((answer.status, answer.reason_code), ("cancelled", "MD07"))

    def test_a_replaced_mandate_names_its_successor(self):
        self.sandbox.act("replace", MANDATE)
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual(answer.status, seam.MANDATE_REPLACED)
        self.assertEqual(answer.replaced_by, self.sandbox.read("tables/mandates")[-1]["id"])

    def test_other_ends_of_a_mandate(self):
        for number, (action, status) in enumerate((("expire", "expired"), ("block", "suspended"))):
            ref = self._payer(f"MD0000T{number}", "Paul Durand")["mandate"]
            self.sandbox.act(action, ref)
            self.assertEqual(self.client.mandate_fetch(ref).status, status)

    def test_an_expired_mandate_can_not_be_cancelled_any_more(self):
        self.sandbox.act("expire", MANDATE)
        with self.assertRaises(DebitRefused):
            self.client.mandate_cancel(MANDATE)
