from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestAmounts(ContractCommon):
    def test_line_takes_price_text_and_tax_of_the_product(self):
        line = self.contract().line_ids
        self.assertEqual(line.name, "Maintenance")
        self.assertEqual(line.price_unit, 19.99)
        self.assertEqual(line.tax_ids, self.tax_20)

    def test_total_has_taxes_and_the_month_a_third_of_a_quarter(self):
        contract = self.contract({"quantity": 3}, billing_period="quarterly")
        self.assertEqual(contract.amount_untaxed, 59.97)
        self.assertEqual(contract.amount_tax, 11.99)
        self.assertEqual(contract.amount_total, 71.96)
        self.assertEqual(contract.amount_monthly, 19.99)

    def test_taxes_are_rounded_over_the_contract_as_over_the_invoice(self):
        contract = self.contract(*[{"price_unit": 1.15}] * 3)
        self.company.tax_calculation_rounding_method = "round_globally"
        contract.line_ids.invalidate_recordset()
        tax = contract.line_ids._tax_totals()["tax_amount_currency"]
        self.assertAlmostEqual(tax, 0.69)

    def test_fiscal_position_of_the_client_replaces_the_tax(self):
        position = self.env["account.fiscal.position"].create(
            {"name": "Réduit", "company_id": self.company.id}
        )
        self.tax_10.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.set(self.tax_20.ids)],
            }
        )
        self.partner.with_company(self.company).property_account_position_id = position
        self.assertEqual(self.contract().line_ids.tax_ids, self.tax_10)

    def test_dated_lines_count_from_their_day_on(self):
        contract = self.contract(
            {"date_end": date(2026, 6, 30)},
            {"price_unit": 30.0, "date_start": date(2026, 7, 1)},
        )
        self.assertEqual(contract._recurring_amounts(date(2026, 6, 30))["amount_untaxed"], 19.99)
        self.assertEqual(contract._recurring_amounts(date(2026, 7, 1))["amount_untaxed"], 30.0)

    def test_cron_brings_stored_amounts_up_to_date(self):
        contract = self.active_contract(
            {"date_end": date(2030, 6, 30)},
            {"price_unit": 30.0, "date_start": date(2030, 7, 1)},
        )
        self.assertEqual(contract.amount_untaxed, 19.99)
        self.env["crm.contract"]._cron_plan(date(2030, 7, 1))
        self.assertEqual(contract.amount_untaxed, 30.0)

    @mute_logger("odoo.sql_db")
    def test_amounts_that_make_no_sense_are_refused(self):
        for values in ({"quantity": 0}, {"price_unit": -1}, {"discount": 101}):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.contract(values)

    def test_form_computes_the_amounts_of_a_new_contract(self):
        form = Form(self.env["crm.contract"].with_company(self.company))
        form.partner_id = self.partner
        with form.line_ids.new() as line:
            line.product_id = self.hosting
            line.quantity = 2
        contract = form.save()
        self.assertRegex(contract.name, r"^CT/\d{4}/\d{5}$")
        self.assertEqual(contract.amount_total, 19.68)

    def test_billed_line_is_fixed_but_can_end(self):
        contract = self.active_contract()
        line = contract.line_ids
        line.price_unit = 25.0
        contract.installment_ids.sorted("due_date")[0]._set_state("notified")
        line.price_unit = 27.0
        self.assertEqual(set(contract.installment_ids.mapped("amount")), {32.4})
        contract.installment_ids.sorted("due_date")[0]._set_state("invoiced")
        with self.assertRaisesRegex(UserError, "already billed"):
            line.price_unit = 30.0
        with self.assertRaisesRegex(UserError, "already billed"):
            line.unlink()
        line.date_end = date(2026, 6, 30)

    def test_signed_terms_are_fixed_once_active(self):
        contract = self.active_contract()
        for values in (
            {"partner_id": self.partner.copy().id},
            {"date_start": date(2026, 2, 1)},
            {"billing_period": "yearly"},
        ):
            with self.assertRaisesRegex(UserError, "is signed"):
                contract.write(values)
        contract.write({"date_start": TODAY, "billing_period": "monthly"})
