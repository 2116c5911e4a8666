from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestInvoicing(CollectionCommon):
    def test_awkward_cents_come_out_as_planned(self):
        amounts = (0.29, 1.15, 8.20, 19.99, 9999.99)
        installments = [self.installment(amount=amount) for amount in amounts]
        self.execute()
        for installment, amount in zip(installments, amounts, strict=True):
            with self.subTest(amount=amount):
                self.assertEqual(installment.invoice_id.amount_total, amount)
                self.assertEqual(
                    self.bank_rows(installment).amount_cents, int(f"{amount:.2f}".replace(".", ""))
                )

    def test_an_invoice_that_comes_to_another_amount_is_not_kept(self):
        installment = self.installment()
        real = type(installment)._prepare_invoice_values

        def dearer(record, on):
            values = real(record, on)
            values["invoice_line_ids"][0][2]["price_unit"] += 0.01
            return values

        before = self.env["account.move"].search_count([])
        with patch.object(type(installment), "_prepare_invoice_values", dearer):
            self.execute()
        self.assertEqual(installment.hold_reason, "amount_mismatch")
        self.assertRegex(installment.hold_detail, "120[.,]01")
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_the_invoice_is_dated_when_it_leaves_and_due_on_its_day(self):
        installment = self.installment()
        self.execute()
        invoice = installment.invoice_id
        self.assertEqual((invoice.invoice_date, invoice.invoice_date_due), (MONDAY, WEDNESDAY))

    def test_many_debits_of_a_day_make_one_entry(self):
        installments = [self.installment(amount=10 + number) for number in range(5)]
        self.execute()
        self.bank_reaches(WEDNESDAY)
        debits = self.env["payment.transaction"].union(*[i.transaction_ids for i in installments])
        entry = debits.debit_line_ids.move_id
        self.assertEqual(len(entry), 1)
        self.assertEqual(entry.date, WEDNESDAY)
        self.assertEqual(sum(entry.line_ids.mapped("debit")), 60)
        self.assertEqual({i.state for i in installments}, {"paid"})

    def test_no_message_for_each_invoice(self):
        installment = self.installment()
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertLessEqual(len(installment.invoice_id.message_ids), 1)
