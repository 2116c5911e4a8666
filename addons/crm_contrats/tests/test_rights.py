from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestRights(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls._user("rep", "sales_team.group_sale_salesman")
        cls.other_rep = cls._user("other_rep", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_salesman_all_leads")
        cls.finance = cls._user("finance", "payment_direct_debit.group_payment_user")
        cls.employee = cls._user("employee", "base.group_user")
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.own = cls.active_contract(
            user_id=cls.rep.id, partner_id=cls.client.id, mandate_id=cls.mandate.id
        )
        cls.others = cls.active_contract(user_id=cls.other_rep.id)

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=f"contract_{login}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def seen(self, user, model="crm.contract"):
        return self.env[model].with_user(user).search([])

    def test_a_rep_sees_his_own_contracts(self):
        self.assertEqual(self.seen(self.rep), self.own)
        rows = self.env["crm.contract"].with_user(self.rep).search_read([], ["name", "state"])
        self.assertEqual([row["id"] for row in rows], self.own.ids)
        groups = (
            self.env["crm.contract"]
            .with_user(self.rep)
            .formatted_read_group([], ["state"], ["amount_total:sum", "__count"])
        )
        self.assertEqual([(row["state"], row["__count"]) for row in groups], [("active", 1)])
        with self.assertRaises(AccessError):
            self.others.with_user(self.rep).read(["name"])

    def test_a_rep_sees_the_schedule_and_its_status_and_no_more(self):
        rows = self.seen(self.rep, "payment.installment")
        self.assertEqual(rows, self.own.installment_ids)
        self.assertTrue(rows.read(["state", "amount", "due_date", "contract_id"]))
        for name in ("mandate_id", "transaction_ids", "history_ids"):
            with self.assertRaises(AccessError):
                rows.read([name])
        with self.assertRaises(AccessError):
            rows.write({"amount": 1})
        with self.assertRaises(AccessError):
            rows.action_release()

    def test_a_rep_sees_what_will_be_held_and_no_notice(self):
        rows = self.own.installment_ids
        rows.write({"collection_mode": "automatic", "mandate_id": self.mandate.id})
        self.mandate._set_state("suspended")
        rows._forecast_holds(rows[0].due_date)
        mine = rows.with_user(self.rep)
        values = mine[0].read(["forecast_hold_reason", "mend_before", "announced_date"])[0]
        self.assertTrue(values["mend_before"])
        for name in ("notice_line_id", "forecast_hold_detail"):
            with self.assertRaises(AccessError):
                mine.read([name])
        for model in ("payment.notice", "payment.notice.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.rep).search_read([], ["id"])
        with self.assertRaises(AccessError):
            mine.action_forecast_again()

    def test_a_rep_knows_that_there_is_a_mandate_and_not_which(self):
        contract = self.own.with_user(self.rep)
        self.assertEqual(contract.read(["mandate_status"])[0]["mandate_status"], "active")
        with self.assertRaises(AccessError):
            contract.read(["mandate_id"])
        for model in ("payment.mandate", "payment.transaction"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.rep).search_read([], ["id"])
        with self.assertRaises(AccessError):
            self.env["crm.contract"].with_user(self.rep).search([("mandate_id.name", "=", "x")])

    def test_a_rep_makes_and_starts_a_contract_of_his_own(self):
        contract = (
            self.env["crm.contract"]
            .with_user(self.rep)
            .create(
                {
                    "partner_id": self.partner.id,
                    "line_ids": [Command.create({"product_id": self.maintenance.id})],
                }
            )
        )
        self.assertEqual(contract.user_id, self.rep)
        contract.action_activate()
        self.assertEqual(len(contract.installment_ids), 12)
        contract.action_suspend()
        contract.action_resume()
        contract.date_end = contract.date_start
        self.assertEqual(contract.read(["installment_count", "unpaid_count"])[0]["unpaid_count"], 0)

    def test_a_rep_does_not_touch_the_contracts_of_others(self):
        contract = self.others.with_user(self.rep)
        with self.assertRaises(AccessError):
            contract.write({"reference": "mine"})
        with self.assertRaises(AccessError):
            contract.line_ids.write({"price_unit": 1})
        with self.assertRaises(AccessError):
            contract.action_suspend()
        with self.assertRaises(AccessError):
            self.own.with_user(self.rep).unlink()

    def test_managers_and_finance_see_all(self):
        for user in (self.manager, self.finance):
            self.assertLessEqual(self.own | self.others, self.seen(user))
            self.assertLessEqual(self.own.installment_ids, self.seen(user, "payment.installment"))
        self.own.with_user(self.finance).write({"mandate_id": False})
        with self.assertRaises(AccessError):
            self.own.with_user(self.manager).read(["mandate_id"])

    def test_finance_that_also_sells_still_sees_all(self):
        self.finance.group_ids += self.env.ref("sales_team.group_sale_salesman")
        self.assertLessEqual(self.own | self.others, self.seen(self.finance))

    def test_an_employee_sees_nothing(self):
        with self.assertRaises(AccessError):
            self.seen(self.employee)
        self.assertTrue(self.partner.with_user(self.employee).read(["name"]))

    def test_another_company_is_not_seen(self):
        company = self.env["res.company"].create({"name": "Autre"})
        contract = self.env["crm.contract"].create(
            {"partner_id": self.partner.id, "company_id": company.id, "user_id": self.rep.id}
        )
        for user in (self.rep, self.manager, self.finance):
            self.assertNotIn(contract, self.seen(user))

    def test_imports_are_for_managers_and_finance_mandates_for_finance(self):
        with self.assertRaises(AccessError):
            self.env["crm.contract.import"].with_user(self.rep).create({})
        wizard = self.env["crm.contract.import"].with_user(self.finance).create({})
        self.assertEqual(wizard.step, "upload")

    def test_every_role_opens_the_views(self):
        for user in (self.rep, self.manager, self.finance):
            for model, kinds in (
                ("crm.contract", ("list", "form", "kanban", "search", "pivot", "graph")),
                ("payment.installment", ("list", "form")),
                ("res.partner", ("form",)),
            ):
                views = self.env[model].with_user(user).get_views([(False, k) for k in kinds])
                form = views["views"].get("form", {}).get("arch", "")
                self.assertEqual(
                    "action_view_mandate" in form,
                    model == "crm.contract" and user == self.finance,
                )
