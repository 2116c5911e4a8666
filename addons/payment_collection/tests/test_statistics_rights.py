from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.test_statistics import StatisticsCommon

MODELS = ("payment.collection.report", "payment.cohort.report")
STRANGERS = {
    "stat_rep": "sales_team.group_sale_salesman,base.group_allow_export",
    "stat_manager": "sales_team.group_sale_manager,base.group_allow_export",
    "stat_portal": "base.group_portal,base.group_allow_export",
    "stat_nobody": "base.group_user,base.group_allow_export",
}


@tagged("post_install", "-at_install")
class TestStatisticsRights(StatisticsCommon):
    """Bank names and costs are for finance, and for its own companies."""

    def test_finance_reads_groups_and_exports(self):
        debit = self.debited()
        for model in MODELS:
            report = self.env[model].with_user(self.finance)
            self.assertEqual(
                [row["id"] for row in report.search_read([], ["partner_id"])], debit.ids
            )
            self.assertEqual(report._read_group([], [], ["__count"]), [(1,)])

    def test_nobody_else_reads_them_by_any_call(self):
        debit = self.debited()
        debit.partner_id.user_id = self.env.user
        for login, groups in STRANGERS.items():
            user = self.person(login, groups)
            debit.partner_id.user_id = user
            for model in MODELS:
                report = self.env[model].with_user(user)
                calls = (
                    lambda r=report: r.search_read([], ["partner_id"]),
                    lambda r=report: r.formatted_read_group([], ["company_id"], ["__count"]),
                    lambda r=report: r.browse(debit.ids).read(["company_id"]),
                    lambda r=report: r.browse(debit.ids).export_data(["partner_id/name"]),
                    lambda r=report: r.search_count([]),
                )
                for number, call in enumerate(calls):
                    with self.subTest(user=login, model=model, call=number):
                        self.assertRaises(AccessError, call)
            with self.assertRaises(AccessError):
                self.env["payment.cohort.report"].with_user(user).get_cohort_table()

    def test_another_company_is_not_there(self):
        debit = self.debited()
        other = self.env["res.company"].create({"name": "Autre Maison"})
        stranger = new_test_user(
            self.env,
            "stat_elsewhere",
            "payment_direct_debit.group_payment_user,base.group_allow_export",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in MODELS:
            report = self.env[model].with_user(stranger).with_company(other)
            report = report.with_context(allowed_company_ids=other.ids)
            self.assertFalse(report.search([]))
            self.assertEqual(report._read_group([], [], ["__count"]), [(0,)])
            with self.assertRaises(AccessError):
                report.browse(debit.ids).export_data(["partner_id/name"])
        table = report.get_cohort_table(36, "2026-02-28")
        self.assertFalse(table["rows"])

    def test_nobody_writes_them(self):
        debit = self.debited()
        for model in MODELS:
            row = self.env[model].with_user(self.finance).browse(debit.id)
            for call in (lambda r=row: r.write({"company_id": False}), row.unlink):
                self.assertRaises(AccessError, call)

    def test_the_account_is_in_no_column(self):
        accounts = {
            "iban",
            "acc_number",
            "mandate_id",
            "token_id",
            "iban_masked",
            "payment_details",
        }
        for model in MODELS:
            self.assertFalse(accounts & set(self.env[model]._fields))
