import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..wizards.import_reasons import FILE_REASONS, ROW_REASONS
from .common import TODAY, ContractCommon, file_of


@tagged("post_install", "-at_install")
class TestImportWizard(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = new_test_user(
            cls.env,
            login="contract_import_finance",
            groups="payment_direct_debit.group_payment_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def wizard(self, *rows, **values):
        return (
            self.env["crm.contract.import"]
            .with_user(self.finance)
            .create(
                {
                    "file": base64.b64encode(file_of(*rows)),
                    "filename": "contracts.csv",
                    "bill_from": TODAY,
                    **values,
                }
            )
        )

    def test_check_then_import(self):
        wizard = self.wizard(self.row())
        wizard.action_preview()
        self.assertEqual((wizard.step, wizard.created_count), ("preview", 1))
        self.assertFalse(self.env["crm.contract"].search([("reference", "=", "X-1")]))
        wizard.action_import()
        self.assertEqual((wizard.step, wizard.created_count), ("done", 1))
        contract = self.env["crm.contract"].search([("reference", "=", "X-1")])
        self.assertTrue(contract.installment_ids)
        self.assertEqual(wizard.action_view_result()["res_model"], "crm.contract")

    def test_refused_rows_are_listed_and_nothing_is_imported(self):
        wizard = self.wizard(self.row(), self.row(reference="X-2", billing_day="40"))
        wizard.action_import()
        self.assertEqual((wizard.step, wizard.rejected_count), ("preview", 1))
        self.assertEqual((wizard.row_ids.row, wizard.row_ids.column), (3, "billing_day"))
        self.assertIn("40", wizard.row_ids.reason)
        self.assertFalse(self.env["crm.contract"].search([("reference", "=", "X-1")]))
        wizard.skip_rejected = True
        wizard.action_import()
        self.assertEqual((wizard.step, wizard.created_count), ("done", 1))

    def test_without_a_file_it_asks_for_one(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.wizard(self.row(), file=False).action_preview()

    def test_another_file_starts_again(self):
        wizard = self.wizard(self.row())
        wizard.action_preview()
        wizard.action_restart()
        self.assertEqual(wizard.step, "upload")
        self.assertFalse(wizard.file)

    def test_the_form_opens(self):
        form = Form(self.env["crm.contract.import"].with_user(self.finance))
        self.assertEqual(form.step, "upload")

    def test_every_sentence_can_be_formed(self):
        names = (
            "line size limit columns detail found wanted value digits length first last row rows"
            " allowed contract here file text"
        )
        params = dict.fromkeys(names.split(), "x")
        for reason in (*FILE_REASONS.values(), *ROW_REASONS.values()):
            sentence = self.env._(reason)
            self.assertNotIn("%(", sentence % params)
