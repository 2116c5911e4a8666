from datetime import date

from odoo.tests import HttpCase, tagged

from odoo.addons.payment_collection.tests.common import MONDAY
from odoo.addons.payment_collection.tests.common_one_off import IBAN, OneOffCommon

LATER = date(2026, 2, 10)
CODE_ON_PAGE = r'id="qrcode_image">\s*<p[^>]*>\s*<img src="data:image/png;base64,'


@tagged("post_install", "-at_install")
class TestOneOff(OneOffCommon):
    """The client pays by himself: by transfer, by card or by PayPal, chased all the same."""

    def report(self, invoice):
        """Return the invoice as it is printed, in HTML."""
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice_with_payments", invoice.ids
        )
        return html.decode()

    def test_the_invoice_carries_reference_and_sepa_qr_code(self):
        invoice = self.invoiced().invoice_id
        self.assertTrue(invoice.payment_reference)
        self.assertEqual(invoice.partner_bank_id, self.account)
        self.assertTrue(invoice.display_qr_code)
        self.assertTrue(invoice._generate_qr_code().startswith("data:image/png;base64,"))
        self.assertEqual(invoice.qr_code_method, "sct_qr")
        html = self.report(invoice)
        self.assertRegex(html, CODE_ON_PAGE)
        self.assertIn(invoice.payment_reference, html)

    def test_the_code_says_what_to_transfer(self):
        """EPC069-12: service tag, version, character set, SCT, BIC, name, IBAN, amount, text."""
        invoice = self.invoiced().invoice_id
        lines = self.account._get_qr_vals(
            "sct_qr",
            invoice.amount_residual,
            invoice.currency_id,
            invoice.partner_id,
            invoice.payment_reference,
            invoice.payment_reference,
        )
        self.assertEqual(lines[:4], ["BCD", "002", "1", "SCT"])
        self.assertEqual((lines[6], lines[7]), (IBAN, "EUR120.0"))
        self.assertIn(invoice.payment_reference, (lines[9], lines[10]))

    def test_without_an_account_there_is_no_code_and_no_error(self):
        self.account.active = False
        invoice = self.invoiced().invoice_id
        self.assertFalse(invoice.display_qr_code)
        self.assertFalse(invoice._generate_qr_code())
        self.assertIn(invoice.name, self.report(invoice))

    def test_an_invoice_that_is_debited_asks_for_no_transfer(self):
        debited = self.installment()
        self.execute()
        self.assertFalse(debited.invoice_id.display_qr_code)

    def test_a_transfer_on_the_bank_statement_pays_the_installment(self):
        installment = self.invoiced()
        self.transfer(installment, LATER)
        self.assertEqual(installment.state, "paid")
        self.assertEqual(installment.invoice_id.payment_state, "paid")
        self.assertFalse(installment.transaction_ids)

    def overdue(self):
        """Return a one-off installment past its day, and its dunning."""
        installment = self.invoiced()
        self.env["payment.installment"]._chase_overdue(LATER)
        dunning = installment.dunning_ids
        self.assertEqual((installment.state, dunning.state), ("unpaid", "running"))
        return installment, dunning

    def test_a_late_transfer_ends_the_dunning(self):
        installment, dunning = self.overdue()
        self.transfer(installment, LATER)
        self.assertEqual((installment.state, dunning.state), ("paid", "recovered"))

    def test_a_card_payment_pays_the_installment_and_ends_the_dunning(self):
        installment, dunning = self.overdue()
        self.pay_by_card(installment)
        self.assertEqual((installment.state, dunning.state), ("paid", "recovered"))

    def test_a_transfer_that_is_undone_in_the_books_reopens_the_installment(self):
        installment = self.invoiced()
        line = self.transfer(installment, LATER)
        line.action_undo_reconciliation()
        self.assertEqual(installment.state, "unpaid")

    def test_paid_before_the_day_nobody_is_chased(self):
        installment = self.invoiced()
        self.pay_by_card(installment)
        self.env["payment.installment"]._chase_overdue(LATER)
        self.assertEqual(installment.state, "paid")
        self.assertFalse(installment.dunning_ids)


@tagged("post_install", "-at_install")
class TestOneOffPage(HttpCase, OneOffCommon):
    def test_the_page_of_the_link_offers_card_and_transfer(self):
        """The page that the dunning links to: no login, the providers, the code, the reference."""
        # In HttpCase every cursor is the test's.
        installment = self.one_off()
        installment._invoice(MONDAY)
        invoice = installment.invoice_id
        link = installment._payment_link()
        page = self.url_open(link.removeprefix(invoice.get_base_url()))
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_payment_form", page.text)
        self.assertIn(f'data-provider-id="{self.card.id}"', page.text)
        html = self.url_open(f"{invoice.get_portal_url(report_type='html')}")
        self.assertIn(invoice.payment_reference, html.text)
        self.assertRegex(html.text, CODE_ON_PAGE)
