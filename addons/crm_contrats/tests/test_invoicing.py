from datetime import date

from odoo.tests import tagged

from .common import TODAY, ContractCommon

AWKWARD = (0.29, 1.15, 8.20, 19.99, 0.05, 33.33)


@tagged("post_install", "-at_install")
class TestInvoicing(ContractCommon):
    def test_invoice_equals_the_installment_to_the_cent(self):
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            contracts = self.env["crm.contract"]
            for price in AWKWARD:
                for discount in (0, 5, 12.5):
                    contracts |= self.active_contract(
                        {"price_unit": price, "discount": discount, "quantity": 3},
                        {"price_unit": price, "tax_ids": [(6, 0, self.tax_10.ids)]},
                        {"price_unit": price, "product_id": self.hosting.id},
                        date_end=date(2026, 2, 17),
                    )
            rows = contracts.installment_ids
            self.assertEqual(len(rows), 2 * len(contracts))
            rows._invoice(TODAY)
            with self.subTest(method=method):
                self.assertEqual(set(rows.mapped("state")), {"invoiced"})
                for row in rows:
                    self.assertEqual(row.invoice_id.amount_total, row.amount)

    def test_invoice_tells_the_client_the_period_in_his_language(self):
        contract = self.active_contract(user_id=self.env.ref("base.user_admin").id)
        row = contract.installment_ids.sorted("due_date")[1]
        row._invoice(date(2026, 1, 25))
        invoice = row.invoice_id
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.invoice_date, date(2026, 1, 25))
        self.assertEqual(invoice.invoice_date_due, date(2026, 2, 1))
        self.assertEqual(invoice.invoice_origin, contract.name)
        self.assertEqual(invoice.invoice_user_id, contract.user_id)
        self.assertIn("Maintenance", invoice.invoice_line_ids.name)
        self.assertIn("28/02/2026", invoice.invoice_line_ids.name)

    def test_payment_term_of_the_client_does_not_move_the_due_date(self):
        self.partner.property_payment_term_id = self.env.ref("account.account_payment_term_30days")
        row = self.active_contract().installment_ids.sorted("due_date")[0]
        row._invoice(TODAY)
        self.assertEqual(row.invoice_id.invoice_date_due, TODAY)

    def test_a_new_price_bills_the_lines_of_the_period(self):
        contract = self.active_contract(
            {"price_unit": 10.0, "date_end": date(2026, 1, 31)},
            {"price_unit": 20.0, "date_start": date(2026, 2, 1)},
        )
        rows = contract.installment_ids.sorted("due_date")[:2]
        rows._invoice(TODAY)
        self.assertEqual(rows.mapped("invoice_id.amount_untaxed"), [10.0, 20.0])

    def test_a_contract_is_collected_by_a_run(self):
        partner, mandate = self.client_with_mandate()
        contract = self.active_contract(
            partner_id=partner.id,
            collection_mode="automatic",
            mandate_id=mandate.id,
            date_start=date(2026, 2, 4),
            billing_day=4,
        )
        self.execute()
        row = contract.installment_ids.sorted("due_date")[0]
        self.env.invalidate_all()
        self.assertEqual(row.state, "in_collection")
        self.bank_reaches(date(2026, 2, 5))
        self.assertEqual(row.state, "paid")
        self.assertEqual(contract.debit_count, 1)

    def test_a_suspended_contract_is_held_by_the_run(self):
        partner, mandate = self.client_with_mandate()
        contract = self.active_contract(
            partner_id=partner.id,
            collection_mode="automatic",
            mandate_id=mandate.id,
            date_start=date(2026, 2, 4),
            billing_day=4,
        )
        contract._suspend(date(2026, 2, 1))
        self.execute()
        self.env.invalidate_all()
        row = contract.installment_ids.sorted("due_date")[0]
        self.assertEqual((row.state, row.hold_reason), ("held", "contract_suspended"))
