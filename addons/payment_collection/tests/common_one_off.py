"""What the tests of one-off installments share: our bank account, an invoice; no tests."""

from odoo import Command

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.test_dunning import DunningCommon

IBAN = "FR7630006000011234567890189"


class OneOffCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["res.partner.bank"].create(
            {
                "acc_number": IBAN,
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.journal = cls.company_data["default_journal_bank"]
        cls.card = cls.env["payment.provider"].create(
            {
                "name": "Card provider of the tests",
                "code": "none",
                "company_id": cls.company.id,
                "state": "test",
                "is_published": True,
                "payment_method_ids": [Command.set(cls.env.ref("payment.payment_method_card").ids)],
            }
        )
        cls.env.ref("payment.payment_method_card").active = True
        cls._create_dummy_payment_method_for_provider(provider=cls.card, journal=cls.journal)
        cls.journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.card
        ).payment_account_id = cls.provider._debit_outstanding_account()

    @classmethod
    def one_off(cls, **values):
        """Return a one-off installment, not invoiced yet."""
        installment = cls.installment(collection_mode="one_off", mandate_id=False, **values)
        installment.partner_id.email = "compta@rousseau.example"
        return installment

    def invoiced(self, **values):
        """Return a one-off installment whose invoice a run has made."""
        installment = self.one_off(**values)
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()
        return installment

    def transfer(self, installment, day):
        """The client's transfer arrives on the bank statement and is matched with the invoice."""
        invoice = installment.invoice_id
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "date": day,
                "payment_ref": invoice.payment_reference,
                "partner_id": invoice.partner_id.id,
                "amount": invoice.amount_residual,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        owed = invoice.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        suspense.account_id = owed.account_id
        (suspense + owed).reconcile()
        return line

    def pay_by_card(self, installment):
        """The client pays the invoice on its page."""
        invoice = installment.invoice_id
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.card.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"LINK-{installment.name}",
                "amount": invoice.amount_residual,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [Command.set(invoice.ids)],
            }
        )
        payment._set_done()
        payment._post_process()
        return payment
