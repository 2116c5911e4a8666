import base64
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import DebitRetryable
from odoo.addons.payment_gocardless import const
from odoo.addons.payment_gocardless.client import GoCardlessClient
from odoo.addons.payment_gocardless.tests.common import MANDATE, ClientCase, answering
from odoo.addons.payment_gocardless.tests.common_settlement import SettlementCase


@tagged("post_install", "-at_install")
class TestDocumentClient(ClientCase):
    def _link_to(self, url):
        return json.dumps({"mandate_pdfs": {"url": url}}).encode()

    def test_the_document_is_the_mandate_in_french(self):
        content = self.client.mandate_document(MANDATE)
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertIn(f"RUM-{MANDATE}".encode(), content)
        (asked,) = self.sandbox.requests("POST", "/mandate_pdfs")
        self.assertEqual(asked["status"], 201)

    def test_an_unknown_mandate_or_a_feature_not_bought_is_no_document(self):
        self.assertIsNone(self.client.mandate_document("MD0000NONE"))
        refusal = json.dumps({"error": {"type": "invalid_api_usage", "code": 403}}).encode()
        for status in (403, 404):
            with self.subTest(status), answering(status, refusal) as url:
                client = GoCardlessClient("token", url)
                self.assertIsNone(client.mandate_document(MANDATE))

    def test_a_link_that_leads_elsewhere_is_not_followed(self):
        for link in (
            "https://evil.example.com/x.pdf",
            "https://gocardless.com.evil.example/x.pdf",
            "http://mandate-previews.gocardless.com/x.pdf",
            "https://mandate-previews.gocardless.com:8443/x.pdf",
            "file:///etc/passwd",
            "http://127.0.0.1:1/x.pdf",
        ):
            with self.subTest(link), answering(201, self._link_to(link)) as url:
                with self.assertRaises(DebitRetryable) as caught:
                    GoCardlessClient("token", url).mandate_document(MANDATE)
                self.assertIn("elsewhere", str(caught.exception))

    def test_links_of_gocardless_are_followed_and_the_stand_in_only_in_its_place(self):
        live = GoCardlessClient("token", const.API_URLS["enabled"])
        self.assertTrue(live._is_theirs("https://mandate-previews.gocardless.com/?token=1"))
        self.assertFalse(live._is_theirs("http://api.gocardless.com/x"))
        self.assertTrue(self.client._is_theirs(f"{self.sandbox.url}/x"))

    def test_a_file_that_is_no_pdf_or_too_large_is_refused(self):
        for content, size in ((b"<html>", 100), (b"%PDF-" + b"x" * 200, 100)):
            with (
                self.subTest(content[:6]),
                answering(200, content, "application/pdf") as url,
                patch.object(const, "DOCUMENT_SIZE", size),
                self.assertRaises(DebitRetryable),
            ):
                GoCardlessClient("token", url)._download(f"{url}/x")


@tagged("post_install", "-at_install")
class TestDocumentFlow(SettlementCase):
    def _attachment(self, mandate):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", "payment.mandate"),
                ("res_id", "=", mandate.id),
                ("res_field", "=", "document"),
            ]
        )

    def test_an_active_mandate_gets_its_signed_document(self):
        mandate = self._mandate()
        self.assertTrue(mandate.document_next_try)
        with self._committing(self.env["payment.mandate"]) as model:
            model._cron_fetch_documents()
        self.assertTrue(base64.b64decode(mandate.document).startswith(b"%PDF-"))
        self.assertEqual(self._attachment(mandate).mimetype, "application/pdf")
        self.assertFalse(mandate.document_next_try)
        self.assertEqual(mandate.document_name, f"RUM-{MANDATE}.pdf")

    def test_only_finance_reads_the_document(self):
        mandate = self._mandate()
        mandate._fetch_documents()
        attachment = self._attachment(mandate)
        self.assertTrue(attachment.with_user(self.finance).raw)
        # Other addons may show mandates to other people; the document stays where it is.
        self.env["ir.model.access"].create(
            {
                "name": "mandates for everybody",
                "model_id": self.env["ir.model"]._get_id("payment.mandate"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        self.assertTrue(mandate.with_user(self.employee).name)
        with self.assertRaises(AccessError):
            mandate.with_user(self.employee).read(["document"])
        with self.assertRaises(AccessError):
            attachment.with_user(self.employee).read(["raw"])

    def test_a_document_that_is_not_there_is_asked_for_five_times(self):
        mandate = self._mandate()
        with patch.object(GoCardlessClient, "mandate_document", return_value=None) as asked:
            for _day in range(7):
                mandate._fetch_documents() if mandate.document_next_try else None
        self.assertEqual((asked.call_count, mandate.document_tries), (5, 5))
        self.assertFalse(mandate.document_next_try)

    def test_a_failure_waits_for_the_next_day_and_stops_no_other(self):
        self._payer("MD0000XYZ", "Paul Durand")
        first, second = self._mandate(), self._mandate("MD0000XYZ")
        self.sandbox.fault("500", method="POST", path="^/mandate_pdfs$", nth=1)
        self.assertEqual((first + second)._fetch_documents(), second)
        self.assertGreater(first.document_next_try, fields.Datetime.now() + timedelta(hours=20))
        self.assertFalse(first.document_tries, "no answer is no refusal")

    def test_a_mandate_that_is_taken_up_again_keeps_its_document(self):
        mandate = self._mandate()
        mandate._fetch_documents()
        mandate._ask_document()
        self.assertFalse(mandate._fetch_documents())
        self.assertFalse(mandate.document_next_try)
        self.assertEqual(len(self.sandbox.requests("POST", "/mandate_pdfs")), 1)
