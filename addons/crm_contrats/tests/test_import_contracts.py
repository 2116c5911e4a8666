import re
from datetime import date

from odoo.tests import tagged

from .common import DEMO, TODAY, ContractCommon, file_of


@tagged("post_install", "-at_install")
class TestImportContracts(ContractCommon):
    def run_file(self, *rows, **options):
        return self.importer()._run_file("contracts.csv", file_of(*rows), **options)

    def imported(self, reference="X-1"):
        return self.env["crm.contract"].search([("reference", "=", reference)])

    def test_a_contract_is_made_active_with_its_client(self):
        report = self.run_file(
            self.row(
                siret="00000007500010",
                email="a@example.com",
                city="Nantes",
                tax="10",
                discount="12,5",
                label="Forfait",
                signed_on="15/09/2025",
            )
        )
        self.assertEqual((report.kind, report.created, report.rejected), ("contracts", 1, []))
        contract = self.imported()
        self.assertEqual((contract.state, contract.billing_day), ("active", 5))
        self.assertEqual(contract.signed_on, date(2025, 9, 15))
        partner = contract.partner_id
        self.assertEqual((partner.ref, partner.company_registry), ("C1", "00000007500010"))
        self.assertEqual((partner.city, partner.customer_rank), ("Nantes", 1))
        line = contract.line_ids
        self.assertEqual((line.name, line.price_unit, line.discount), ("Forfait", 19.99, 12.5))
        self.assertEqual(line.tax_ids, self.tax_10)

    def test_empty_tax_and_label_come_from_the_product(self):
        self.run_file(self.row())
        line = self.imported().line_ids
        self.assertEqual((line.name, line.tax_ids), ("Maintenance", self.tax_20))

    def test_an_archived_rate_is_switched_on_and_said(self):
        self.tax_10.active = False
        report = self.run_file(self.row(tax="10 %"))
        self.assertTrue(self.imported().line_ids.tax_ids.active)
        self.assertIn("is active now", " ".join(report.messages))

    def test_same_file_again_changes_nothing_and_says_so(self):
        rows = [self.row(), self.row(line="2", product="HOST", unit_price="8,2")]
        self.run_file(*rows)
        contract = self.imported()
        partners = self.env["res.partner"].search_count([])
        stamp = contract.write_date
        report = self.run_file(*rows)
        self.assertEqual((report.created, report.unchanged, report.rejected), (0, 1, []))
        self.assertIn("1 are here already", report.messages[0])
        self.assertEqual(self.imported(), contract)
        self.assertEqual(contract.write_date, stamp)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_same_reference_with_another_price_is_a_conflict(self):
        self.run_file(self.row())
        report = self.run_file(self.row(unit_price="21"))
        ((row, column, reason),) = report.rejected
        self.assertEqual((row, column), (2, "unit_price"))
        self.assertIn("19.99 here, 21.0 in the file", reason)

    def test_nothing_is_imported_when_one_row_is_refused(self):
        rows = [self.row(), self.row(reference="X-2", client_code="C2", product="NONE")]
        sequence = self.env.ref("crm_contrats.sequence_contract")
        before = sequence.number_next_actual
        report = self.run_file(*rows)
        self.assertEqual((report.created, len(report.rejected)), (0, 1))
        self.assertFalse(self.imported())
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "C1")]))
        self.assertEqual(sequence.number_next_actual, before)

    def test_valid_rows_are_imported_when_asked(self):
        rows = [
            self.row(),
            self.row(reference="X-2", client_code="C2"),
            self.row(reference="X-2", client_code="C2", line="2", product="NONE"),
        ]
        report = self.run_file(*rows, skip_rejected=True)
        self.assertEqual(report.created, 1)
        self.assertTrue(self.imported())
        # A contract with a bad line is refused whole, and both rows say it.
        self.assertFalse(self.imported("X-2"))
        self.assertEqual([row for row, _column, _reason in report.rejected], [3, 4])

    def test_a_rehearsal_writes_nothing(self):
        report = self.run_file(self.row(), dry_run=True)
        self.assertEqual(report.created, 1)
        self.assertFalse(self.imported())

    def test_a_known_client_is_kept_as_he_is_and_the_difference_told(self):
        partner = self.env["res.partner"].create({"name": "Old name", "ref": "C1", "city": "Lyon"})
        report = self.run_file(self.row(city="Nantes"))
        self.assertEqual(self.imported().partner_id, partner)
        self.assertEqual((partner.name, partner.city), ("Old name", "Lyon"))
        self.assertIn("client, city", " ".join(report.messages))

    def test_two_clients_with_one_code_are_not_guessed(self):
        self.env["res.partner"].create([{"name": "A", "ref": "C1"}, {"name": "B", "ref": "C1"}])
        ((_row, column, reason),) = self.run_file(self.row()).rejected
        self.assertEqual(column, "client_code")
        self.assertIn("Several clients", reason)

    def test_what_was_due_before_is_not_billed(self):
        self.run_file(self.row(), bill_from=TODAY)
        rows = self.imported().installment_ids
        self.assertEqual(min(rows.mapped("due_date")), date(2026, 1, 5))
        self.assertFalse(self.run_file(self.row(), bill_from=TODAY).created)

    def test_without_a_day_the_first_planning_decides(self):
        self.run_file(self.row())
        self.assertFalse(self.imported().installment_ids)
        self.env["crm.contract"]._cron_plan(date(2026, 3, 1))
        self.assertEqual(min(self.imported().installment_ids.mapped("due_date")).month, 3)

    def test_sales_rep_is_found_by_login(self):
        self.run_file(self.row(sales_rep="admin"))
        self.assertEqual(self.imported().user_id.login, "admin")
        self.run_file(self.row(reference="X-2", line="1"))
        self.assertFalse(self.imported("X-2").user_id)

    def test_unreadable_file_is_one_refusal(self):
        report = self.importer()._run_file("x.csv", b"reference;caf\xe9\n")
        ((row, column, reason),) = report.rejected
        self.assertEqual((row, column), (1, ""))
        self.assertIn("UTF-8", reason)
        self.assertIn("x.csv", report.messages[0])

    def test_every_bad_row_has_its_reason_in_words(self):
        for product in ("MAINT-INFO",):
            self._product(product, product, 1)
        content = (DEMO / "bad_contracts.csv").read_bytes()
        report = self.importer()._run_file("bad_contracts.csv", content)
        rows = content.decode().splitlines()
        good = [
            number
            for number, line in enumerate(rows, 1)
            if line.startswith("OK-") and "Autre" not in line
        ]
        refused = [row for row, _column, _reason in report.rejected]
        self.assertEqual(refused, [n for n in range(2, len(rows) + 1) if n not in good])
        for row, column, reason in report.rejected:
            self.assertTrue(column, row)
            self.assertNotRegex(reason, r"%\(|\bNone\b|^\s*$")

    def test_the_demonstration_is_imported_quickly(self):
        products = [
            line.split(",")[0]
            for line in (DEMO / "products.csv").read_text(encoding="utf-8").splitlines()[1:]
        ]
        for code in products:
            self._product(code, code, 10)
        content = (DEMO / "contracts.csv").read_bytes()
        before = self.env.cr.sql_log_count
        report = self.importer()._run_file("contracts.csv", content, bill_from=TODAY)
        self.assertEqual(report.rejected, [])
        self.assertGreaterEqual(report.created, 220)
        self.assertLess(self.env.cr.sql_log_count - before, 12 * report.created)
        again = self.importer()._run_file("contracts.csv", content, bill_from=TODAY)
        self.assertEqual((again.created, again.unchanged), (0, report.created))
        self.assertFalse(re.search("differs", " ".join(again.messages)))
