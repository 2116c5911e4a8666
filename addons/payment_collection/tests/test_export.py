import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.payment_collection.models.exports import payment_export_making as making
from odoo.addons.payment_collection.tests.common_export import ExportCommon


@tagged("post_install", "-at_install")
class TestExport(ExportCommon):
    """A short export: the file, what is said of it, and that it stays what it is."""

    def setUp(self):
        super().setUp()
        self.collected, self.failed = self.debited("collect", "fail:AM04")

    def test_the_file_has_the_filtered_payments_and_the_record_says_so(self):
        export = self.export(
            domain=[("payment_status", "=", "failed")], filter_text="Échoué", column_set="all"
        )
        self.assertEqual(export.state, "done")
        self.assertEqual(export.user_id, self.clerk)
        self.assertEqual(export.filter_text, "Échoué")
        (row,) = self.rows(export)
        self.assertEqual(row[next(iter(row))], "2026-02-04")
        self.assertIn(self.failed.reference, row.values())
        self.assertIn("120,00", row.values())
        self.assertEqual((export.record_count, export.totals), (1, {"EUR": "120.00"}))
        self.assertIn("120", export.total_text)
        self.assertEqual(len(export.breakdown), 1)

    def test_all_of_the_filter_leaves_newest_first(self):
        export = self.export()
        references = [row[list(row)[1]] for row in self.rows(export)]
        self.assertEqual(references, [self.failed.reference, self.collected.reference])
        self.assertEqual(export.totals, {"EUR": "240.00"})

    def test_pages_of_records_leave_none_out(self):
        self.patch(making, "BATCH", 1)
        self.assertEqual(self.export().record_count, 2)

    def test_the_columns_shown_are_taken_and_no_others(self):
        exports = self.env["payment.export"]
        shown = ["partner_id", "amount", "iban_masked", "provider_id", "partner_id"]
        self.assertEqual(
            exports._payment_columns("shown", shown),
            ["partner_id", "amount", "provider_id", "reference", "currency_id"],
        )

    def test_no_column_holds_an_account(self):
        fields = self.payments._fields
        for name in self.payments._export_columns():
            self.assertIn(name, fields)
            self.assertNotIn("iban", name)
        export = self.export(column_set="all")
        masked = self.failed.mandate_id.iban_masked
        self.assertTrue(masked)
        self.assertNotIn(masked[-4:], [value[-4:] for row in self.rows(export) for value in row])

    def test_a_name_that_looks_like_a_formula_is_text(self):
        self.failed.partner_id.name = "=HYPERLINK(1)"
        export = self.export(domain=[("id", "=", self.failed.id)])
        (row,) = self.rows(export)
        self.assertIn("'=HYPERLINK(1)", row.values())

    def test_a_workbook_is_made_too(self):
        export = self.export(file_format="xlsx")
        self.assertTrue(self.content(export).startswith(b"PK"))
        self.assertTrue(export.file_name.endswith(".xlsx"))

    def test_an_empty_filter_makes_no_export(self):
        with self.assertRaisesRegex(UserError, "No payment"):
            self.export(domain=[("id", "=", 0)])

    def test_a_filter_that_can_not_be_read_is_refused(self):
        with self.assertRaises(UserError):
            self.wizard(domain="__import__('os')").action_export()

    def test_a_made_export_can_not_be_changed_by_code_either(self):
        export = self.export()
        for values in (
            {"sha256": "0" * 64},
            {"record_count": 1},
            {"file": "QUJD"},
            {"totals": {}},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                export._state_write(values)

    def test_an_export_is_not_deleted_nor_copied(self):
        export = self.export()
        with self.assertRaises(UserError):
            export.unlink()
        with self.assertRaises(UserError):
            export.copy()

    def test_the_check_tells_a_file_that_was_changed(self):
        export = self.export()
        mine = export.with_user(self.clerk)
        self.assertEqual(mine.action_check_file()["params"]["type"], "success")
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", export._name),
                ("res_id", "=", export.id),
                ("res_field", "=", "file"),
            ]
        )
        attachment.raw = b"forged"
        self.assertEqual(mine.action_check_file()["params"]["type"], "danger")
        self.assertEqual(len(export.history_ids.filtered(lambda h: "file" in h.reason)), 2)

    def test_an_old_file_is_removed_and_the_record_stays(self):
        export = self.export()
        sha256 = export.sha256
        self.company.export_keep_days = 30
        exports = self.env["payment.export"]
        day = export.finished_at.date()
        exports._cron_forget_files(day.replace(year=day.year))
        self.assertTrue(export.has_file)
        exports._cron_forget_files(day.replace(year=day.year + 1))
        self.assertFalse(export.has_file)
        self.assertFalse(export.file)
        self.assertEqual(export.sha256, sha256)
        with self.assertRaisesRegex(UserError, "removed"):
            export.with_user(self.clerk).action_download()

    def test_again_makes_a_new_one_in_ones_own_name(self):
        export = self.export(domain=[("payment_status", "=", "failed")])
        colleague = self.person(
            "export_two", "payment_direct_debit.group_payment_user,base.group_allow_export"
        )
        again = self.env["payment.export"].browse(
            export.with_user(colleague).action_again()["res_id"]
        )
        self.assertNotEqual(again, export)
        self.assertEqual((again.user_id, again.record_count), (colleague, 1))

    def test_reopen_shows_the_payments_of_the_filter(self):
        export = self.export(domain=[("payment_status", "=", "failed")])
        action = export.with_user(self.clerk).action_reopen()
        self.assertEqual(action["res_model"], "payment.transaction")
        self.assertEqual(self.payments.search(action["domain"]), self.failed)
        json.dumps(action["domain"])

    def test_payments_of_another_company_stay_and_are_told(self):
        other = self.env["res.company"].create({"name": "Autre"})
        self.clerk.company_ids |= other
        wizard = (
            self.env["payment.export.wizard"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=(other + self.company).ids)
            .create({"domain": "[]"})
        )
        self.assertEqual((wizard.count, wizard.elsewhere_count), (0, 2))
