"""Who sees the cash forecast."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.common import MONDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestCashForecastRights(CollectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installment(amount=1000)
        forecasts = cls.env["payment.cash.forecast"]
        forecasts._forecast_company(cls.company, MONDAY, look_back=False)
        cls.rows = forecasts.search([("company_id", "=", cls.company.id)])
        # All but the portal may export: it is the forecast that they may not.
        groups = {
            "finance": "payment_direct_debit.group_payment_user,base.group_allow_export",
            "sales": "sales_team.group_sale_salesman,base.group_allow_export",
            "sales_manager": "sales_team.group_sale_manager,base.group_allow_export",
            "employee": "base.group_user,base.group_allow_export",
            "billing": "account.group_account_invoice,base.group_allow_export",
            "portal": "base.group_portal",
        }
        cls.users = {name: cls.user_of(name, group, cls.company) for name, group in groups.items()}

    @classmethod
    def user_of(cls, name, group, company):
        return new_test_user(
            cls.env,
            f"forecast_{name}",
            group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_finance_reads_the_page_and_the_rows_and_works_it_out(self):
        rows = self.rows.with_user(self.users["finance"])
        page = rows.get_cash_forecast(MONDAY)
        self.assertEqual(page["totals"][0]["due"], 1000)
        self.assertEqual(len(rows.search_read([], ["expected"])), len(self.rows))
        self.assertEqual(len(rows.export_data(["expected"])["datas"]), len(self.rows))
        self.assertTrue(rows.action_forecast_now()["made_on"])
        self.assertTrue(rows[0].action_view_installments()["domain"])

    def test_nobody_writes_forecasts(self):
        rows = self.rows.with_user(self.users["finance"])
        attempts = {
            "write": lambda: rows.write({"expected": 0}),
            "create": lambda: rows.create({"company_id": self.company.id}),
            "unlink": rows.unlink,
        }
        for what, attempt in attempts.items():
            with self.subTest(what), self.assertRaises(AccessError):
                attempt()

    def test_all_others_read_nothing_by_any_way(self):
        for name in ("sales", "sales_manager", "employee", "billing", "portal"):
            rows = self.rows.with_user(self.users[name])
            attempts = {
                "page": lambda r=rows: r.get_cash_forecast(MONDAY),
                "work out": lambda r=rows: r.action_forecast_now(),
                "search_read": lambda r=rows: r.search_read([], ["expected"]),
                "guessed id": lambda r=rows: r.browse(r.ids[0]).read(["expected"]),
                "group": lambda r=rows: r.formatted_read_group([], ["bucket"], ["expected:sum"]),
                "export": lambda r=rows: r.export_data(["expected"]),
                "installments": lambda r=rows: r[0].action_view_installments(),
                "payments": lambda r=rows: r[0].action_view_payments(),
            }
            for what, attempt in attempts.items():
                refusal = UserError if (name, what) == ("portal", "export") else AccessError
                with self.subTest(name, what=what), self.assertRaises(refusal):
                    attempt()

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = self.user_of(
            "stranger", "payment_direct_debit.group_payment_manager,base.group_allow_export", other
        )
        rows = self.rows.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(rows.search([]))
        self.assertFalse(rows.browse().get_cash_forecast(MONDAY)["totals"])
        self.assertEqual(rows.formatted_read_group([], [], ["__count"])[0]["__count"], 0)
        for attempt in (
            lambda: rows.read(["expected"]),
            lambda: rows.export_data(["expected"]),
            lambda: rows[0].action_view_payments(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_company_of_a_forecast_can_not_be_asked_for_beyond_ones_own(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        finance = self.rows.with_user(self.users["finance"])
        with self.assertRaises(AccessError):
            finance.with_context(allowed_company_ids=other.ids).get_cash_forecast(MONDAY)
        with self.assertRaises(AccessError):
            finance.with_context(allowed_company_ids=other.ids).action_forecast_now()
