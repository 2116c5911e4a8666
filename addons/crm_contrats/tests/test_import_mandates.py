from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..importing import mandates
from .common import TODAY, ContractCommon, file_of


@tagged("post_install", "-at_install")
class TestImportMandates(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.env["res.partner"].create({"name": "Garage Belorme", "ref": "C1"})
        cls.running = cls.active_contract(partner_id=cls.client.id, collection_mode="automatic")
        cls.held = cls.env["payment.demo.mandate"].create(
            [{"provider_id": cls.provider.id, "rum": f"OLD-{n}"} for n in range(2)]
        )

    def row(self, held=None, **cells):
        held = held or self.held[0]
        return {
            "rum": held.rum,
            "client_code": "C1",
            "iban": held._iban(),
            "scheme": "core",
            "signed_on": "2025-09-01",
            "provider": "demo_debit",
            "provider_mandate": held.ref,
            **cells,
        }

    def run_file(self, *rows, **options):
        return self.importer()._run_file("mandates.csv", file_of(*rows), **options)

    def made(self):
        return self.env["payment.mandate"].search([("name", "like", "OLD-")])

    def test_a_mandate_is_verified_and_given_to_the_contracts(self):
        report = self.run_file(self.row())
        self.assertEqual((report.kind, report.created, report.rejected), ("mandates", 1, []))
        mandate = self.made()
        self.assertEqual((mandate.state, mandate.signature_method), ("active", "imported"))
        self.assertEqual(self.running.mandate_id, mandate)
        self.assertEqual(self.running.installment_ids.mandate_id, mandate)

    def test_same_file_again_changes_nothing(self):
        self.run_file(self.row())
        report = self.run_file(self.row(rum="old-0"))
        self.assertEqual((report.created, report.unchanged, report.rejected), (0, 1, []))
        self.assertEqual(len(self.made()), 1)

    def test_the_same_reference_for_another_account_is_a_conflict(self):
        self.run_file(self.row())
        report = self.run_file(self.row(iban=self.held[1]._iban()))
        ((_row, column, reason),) = report.rejected
        self.assertEqual(column, "iban")
        self.assertIn("is here already", reason)

    def test_contracts_imported_later_get_the_mandate_too(self):
        self.run_file(self.row())
        later = self.active_contract(partner_id=self.client.id, collection_mode="automatic")
        self.run_file(self.row())
        self.assertEqual(later.mandate_id, self.made())

    def test_what_the_provider_does_not_know_is_refused_with_all_the_rest(self):
        rows = [self.row(), self.row(self.held[1], provider_mandate="DM-NONE")]
        report = self.run_file(*rows)
        self.assertEqual(report.created, 0)
        self.assertEqual([rejected[:2] for rejected in report.rejected], [(3, "provider_mandate")])
        self.assertFalse(self.made())
        self.assertFalse(self.running.mandate_id)
        report = self.run_file(*rows, skip_rejected=True)
        self.assertEqual((report.created, len(report.rejected)), (1, 1))
        self.assertEqual(self.made().name, "OLD-0")

    def test_a_mandate_of_somebody_else_is_refused_by_the_provider(self):
        report = self.run_file(self.row(rum="OLD-9"), self.row(self.held[1], rum="OLD-8"))
        self.assertEqual(len(report.rejected), 2)
        self.assertIn("somebody else", report.rejected[0][2])

    def test_a_rehearsal_asks_the_provider_and_writes_nothing(self):
        report = self.run_file(self.row(), self.row(self.held[1], rum="OTHER"), dry_run=True)
        self.assertEqual(len(report.rejected), 1)
        self.assertFalse(self.made())
        report = self.run_file(self.row(), dry_run=True)
        self.assertEqual((report.created, report.rejected), (1, []))
        self.assertFalse(self.made())
        self.assertFalse(self.running.mandate_id)

    def test_unknown_client_and_provider_are_named(self):
        report = self.run_file(
            self.row(client_code="C404"), self.row(self.held[1], provider="nobody")
        )
        self.assertEqual(
            [column for _row, column, _reason in report.rejected], ["client_code", "provider"]
        )
        self.assertIn("C404", report.rejected[0][2])
        self.assertIn("nobody", report.rejected[1][2])

    def test_no_report_holds_an_account_number(self):
        iban = self.held[0]._iban()
        wrong = iban[:-1] + str((int(iban[-1]) + 1) % 10)
        report = self.run_file(
            self.row(iban=wrong),
            self.row(self.held[1], client_code=iban, provider=iban),
            self.row(rum=iban, scheme=iban),
        )
        text = f"{report}{mandates.parse(file_of(self.row()), TODAY).mandates}"
        self.assertEqual(len(report.rejected), 3)
        self.assertNotIn(iban, text)
        self.assertNotIn(wrong, text)

    def test_mandates_are_for_finance(self):
        seller = new_test_user(
            self.env,
            login="contract_import_seller",
            groups="sales_team.group_sale_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaisesRegex(UserError, "only finance"):
            self.importer().with_user(seller)._run_file("m.csv", file_of(self.row()))
        contract = ContractCommon.row(client_code="C7", reference="S-1")
        report = self.importer().with_user(seller)._run_file("c.csv", file_of(contract))
        self.assertEqual(report.created, 1)
