import json
from dataclasses import replace

import requests

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
)
from odoo.addons.payment_slimpay import payloads
from odoo.addons.payment_slimpay.tests.common import IBAN, MANDATE, ClientCase, answering

OTHER_IBAN = "FR1420041010050500013M02606"


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
            return_url="http://127.0.0.1/sign/7/secret/back",
            exit_url="http://127.0.0.1/exit",
            metadata={"odoo_mandate": "RUM-7"},
        )

    def _start(self, **values):
        return self.client.mandate_start(replace(self.asked, **values))

    def _body(self):
        return self._requests("POST", "/orders")[-1]["body"]

    def _signatory(self, **values):
        self._start(reference=f"R{len(self._requests('POST', '/orders'))}", **values)
        return self._body()["items"][0]["mandate"]["signatory"]

    def test_a_signed_page_gives_a_mandate_that_can_be_charged_at_once(self):
        session = self._start()
        self.assertIsNone(self.client.mandate_signed(session.session_ref))
        self.assertEqual(self.sandbox.sign(session.url, iban=IBAN), self.asked.return_url)
        signed = self.client.mandate_signed(session.session_ref)
        self.assertEqual((signed.status, signed.rum, signed.ref), ("active", "RUM-7", "RUM-7"))
        self.assertEqual((signed.iban_ending, signed.country_code), (IBAN[-4:], "FR"))
        self.assertEqual(self.client.send(self._order(mandate_ref=signed.ref)).status, "accepted")

    def test_slimpay_makes_the_reference_where_ours_are_not_wanted(self):
        client = self._client(own_rum=False)
        session = client.mandate_start(self.asked)
        self.sandbox.sign(session.url, iban=IBAN)
        self.assertRegex(client.mandate_signed(session.session_ref).rum, r"SLMP\d{9}")

    def test_the_page_is_filled_with_what_we_know(self):
        self._start()
        self.assertEqual(self._body()["locale"], "fr")
        self.assertEqual(
            self._signatory(),
            {
                "givenName": "Zoé",
                "familyName": "Lefèvre",
                "email": "zoe@example.com",
                "billingAddress": {
                    "street1": "1 rue de l'Église",
                    "postalCode": "75002",
                    "city": "Paris",
                    "country": "FR",
                },
            },
        )

    def test_a_company_signs_too_and_what_slimpay_would_refuse_is_left_out(self):
        company = self._signatory(
            partner_name="Été & Fils 24/7 SARL", is_company=True, email="no mail", zip="7500"
        )
        self.assertEqual(
            company,
            {
                "givenName": "-",
                "familyName": "Été & Fils SARL",
                "companyName": "Été & Fils 24/7 SARL",
            },
        )
        self.assertEqual(self._signatory(partner_name="Zoé")["familyName"], "-")
        self.assertNotIn("billingAddress", self._signatory(city=""))
        self.assertIn("billingAddress", self._signatory(country_code="BE", zip="1000"))
        self._start(reference="RUM-ja", lang="ja")
        self.assertNotIn("locale", self._body())

    def test_the_documented_test_name_is_left_as_it_is(self):
        name = "ISSUE-SEPA-REJ-AM04"
        self.assertEqual(self._signatory(partner_name=f"Test {name}")["familyName"], name)

    def test_a_signature_begun_goes_on_under_the_same_order(self):
        first = self._start()
        again = self._start(session_ref=first.session_ref)
        self.assertEqual(again, first)
        self.assertEqual(len(self._requests("POST", "/orders")), 1)

    def test_an_order_whose_answer_was_lost_is_found_again(self):
        self.sandbox.fault("drop_after", method="POST", path="^/orders$")
        with self.assertRaises(DebitOutcomeUnknown):
            self._start()
        session = self._start()
        self.assertEqual(len(self._requests("POST", "/orders")), 1)
        self.assertEqual(session.session_ref, self.sandbox.read("tables/orders")[0]["reference"])

    def test_an_aborted_order_is_followed_by_another_of_the_next_number(self):
        refs = [self._start().session_ref]
        for action in ("abort", "abort_by_server"):
            self.sandbox.act(action, self.sandbox.read("tables/orders")[-1]["id"])
            self.assertIsNone(self.client.mandate_signed(refs[-1]))
            refs.append(self._start(session_ref=refs[-1]).session_ref)
        self.assertEqual([ref.rpartition("-")[2] for ref in refs], ["1", "2", "3"])
        self.assertEqual(self._start().session_ref, refs[-1])  # even when we forgot

    def test_an_order_of_somewhere_else_is_never_continued(self):
        foreign = self._start(return_url="http://other/sign/7/secret/back").session_ref
        for ref in (foreign, "no identifier", "RUM7-0-1", ""):
            with self.subTest(ref=ref):
                self.assertNotEqual(self._start(session_ref=ref).session_ref, foreign)

    def test_the_order_of_another_click_at_the_same_time_is_used(self):
        first = self._start()
        body = payloads.order(self.asked, first.session_ref, True)
        with self.assertRaises(DebitRefused) as caught:
            self.client._create("create-orders", body)
        self.assertEqual(caught.exception.code, "duplicate_order")
        order = self.client._order_created(self.asked, first.session_ref)
        self.assertEqual(order["reference"], first.session_ref)

    def test_who_has_signed_is_sent_back_to_us(self):
        session = self._start()
        self.sandbox.sign(session.url, iban=IBAN)
        again = self._start(session_ref=session.session_ref)
        self.assertEqual(again.url, self.asked.return_url)

    def test_a_signature_that_slimpay_does_not_know_gives_no_mandate(self):
        for ref in ("RUM7-x-1", "no identifier", "../mandates"):
            self.assertIsNone(self.client.mandate_signed(ref))

    def test_an_order_of_another_creditor_or_name_is_not_believed(self):
        document = {"_links": {}, "id": "x", "reference": "R-1", "state": "closed.completed"}
        creditor = {"https://api.slimpay.net/alps#get-creditor": {"href": "/creditors/other"}}
        cases = (({**document, "_links": creditor}, DebitRefused), (document, DebitRetryable))
        for content, error in cases:
            name = "R-1" if error is DebitRefused else "R-2"
            with answering(200, json.dumps(content).encode()) as url:
                client = self._client(base_url=url)
                with self.subTest(error=error), self.assertRaises(error):
                    client.mandate_signed(name)

    def test_a_company_signs_a_b2b_mandate_and_its_debits_are_b2b(self):
        session = self._start(scheme="b2b", is_company=True)
        self.sandbox.sign(session.url, iban=IBAN)
        signed = self.client.mandate_signed(session.session_ref)
        self.assertEqual((signed.status, signed.scheme), ("active", "b2b"))
        self.client.send(self._order(mandate_ref=signed.ref, scheme="b2b"))
        self.assertEqual(self._posts()[-1]["body"]["scheme"], "SEPA.DIRECT_DEBIT.B2B")

    def test_the_hosted_page_opens_in_the_debtors_browser(self):
        page = requests.get(self._start().url, timeout=10)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Lefèvre", page.text)


@tagged("post_install", "-at_install")
class TestMandate(ClientCase):
    def test_a_mandate_tells_four_characters_of_its_account_and_no_more(self):
        answer = self.client.mandate_fetch(MANDATE)
        self.assertEqual((answer.status, answer.rum), ("active", MANDATE))
        self.assertEqual((answer.iban_ending, answer.country_code), ("0189", "FR"))
        self.assertTrue(answer.bank_name)

    def test_a_mandate_is_known_by_its_id_as_well(self):
        made = self._payer("RUM-0002", "Paul Durand")
        answer = self.client.mandate_fetch(made["mandate"])
        self.assertEqual(answer.ref, "RUM-0002")

    def test_revoking_twice_is_a_success_and_an_ended_mandate_is_too_late(self):
        for _time in range(2):
            self.assertEqual(self.client.mandate_cancel(MANDATE).status, seam.MANDATE_CANCELLED)
        self.assertEqual(len(self._requests("POST", "/revocation")), 1)
        self._payer("RUM-0002", "Paul Durand", status="expired")
        with self.assertRaises(DebitRefused) as caught:
            self.client.mandate_cancel("RUM-0002")
        self.assertEqual(caught.exception.code, "too_late")

    def test_a_revocation_without_an_answer_is_read_back(self):
        self.sandbox.fault("drop_after", method="POST", path="revocation")
        self.assertEqual(self.client.mandate_cancel(MANDATE).status, seam.MANDATE_CANCELLED)

    def test_every_state_of_a_mandate_is_known(self):
        states = {
            "created": seam.MANDATE_PENDING,
            "waitingForValidation": seam.MANDATE_PENDING,
            "rejected": seam.MANDATE_FAILED,
            "revoked": seam.MANDATE_CANCELLED,
            "expired": seam.MANDATE_EXPIRED,
        }
        for raw, status in states.items():
            self._payer(f"RUM-{raw}", "Paul Durand", status=raw)
            self.assertEqual(self.client.mandate_fetch(f"RUM-{raw}").status, status)

    def test_the_signed_mandate_is_a_pdf(self):
        self.assertTrue(self.client.mandate_document(MANDATE).startswith(b"%PDF"))

    def test_what_is_no_pdf_is_not_kept_as_proof(self):
        document = {"_links": {}, "reference": MANDATE, "state": "active", "content": "aGVsbG8="}
        link = {"https://api.slimpay.net/alps#get-document": {"href": "/document"}}
        for links, error in ((link, DebitRetryable), ({}, None)):
            content = json.dumps({**document, "_links": links}).encode()
            with answering(200, content) as url:
                client = self._client(base_url=url)
                if error is None:
                    self.assertIsNone(client.mandate_document(MANDATE))
                    continue
                with self.assertRaises(error):
                    client.mandate_document(MANDATE)

    def test_another_account_is_debited_under_the_same_mandate(self):
        answer = self.client.mandate_change_account(MANDATE, OTHER_IBAN)
        self.assertEqual((answer.rum, answer.iban_ending), (MANDATE, OTHER_IBAN[-4:]))
        self.assertEqual(self.client.mandate_change_account(MANDATE, OTHER_IBAN), answer)

    def test_an_account_that_is_none_or_a_mandate_that_ended_is_not_amended(self):
        with self.assertRaises(DebitRefused) as caught:
            self.client.mandate_change_account(MANDATE, "FR7630006000011234567890188")
        self.assertNotIn("FR763000", str(caught.exception))
        self.client.mandate_cancel(MANDATE)
        with self.assertRaises(DebitRefused) as caught:
            self.client.mandate_change_account(MANDATE, OTHER_IBAN)
        self.assertEqual(caught.exception.code, "too_late")
