from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import RepCommon

BANK_DATA = ("mandate_id", "provider_id", "provider_reference", "token_id", "payout_id")


@tagged("post_install", "-at_install")
class TestPaymentStatusRights(RepCommon):
    """What a rep can not see on the page, no call gives him: his own clients, no bank data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.person("status_rep", "sales_team.group_sale_salesman,base.group_allow_export")
        cls.other_rep = cls.person("status_other", "sales_team.group_sale_salesman")
        cls.manager = cls.person("status_manager", "sales_team.group_sale_salesman_all_leads")
        cls.finance = cls.person("status_finance", "payment_direct_debit.group_payment_user")
        cls.own = cls.debited(cls.rep)
        cls.others = cls.debited(cls.other_rep, failed=False)
        cls.own_contract = cls.own.installment_id.contract_id
        cls.others_contract = cls.others.installment_id.contract_id

    def report(self, user):
        return self.env["payment.status.report"].with_user(user)

    def test_a_rep_reads_the_facts_of_his_own_clients(self):
        rows = self.report(self.rep).search_read(
            [], ["payment_status", "amount", "reason", "payment_day", "contract_id"]
        )
        self.assertEqual([row["id"] for row in rows], self.own.ids)
        self.assertEqual(rows[0]["payment_status"], "failed")
        self.assertEqual(rows[0]["amount"], self.own.amount)
        self.assertEqual(rows[0]["reason"], self.own.debit_reason_id.label)
        self.assertEqual(rows[0]["contract_id"][0], self.own_contract.id)

    def test_the_rep_of_the_contract_goes_before_the_clients(self):
        self.own.partner_id.user_id = self.other_rep
        self.assertEqual(self.report(self.rep).search([]).ids, self.own.ids)
        self.own_contract.user_id = self.other_rep
        self.assertFalse(self.report(self.rep).search([]))
        self.assertEqual(
            set(self.report(self.other_rep).search([]).ids), {*(self.own | self.others).ids}
        )

    def test_groups_totals_and_counts_are_his_own(self):
        report = self.report(self.rep)
        groups = report.formatted_read_group([], ["payment_status"], ["amount:sum", "__count"])
        self.assertEqual([(g["payment_status"], g["__count"]) for g in groups], [("failed", 1)])
        self.assertEqual(report.search_count([]), 1)
        by_other = report.formatted_read_group(
            [("user_id", "=", self.other_rep.id)], [], ["amount:sum", "__count"]
        )
        self.assertEqual(by_other[0]["__count"], 0)

    def test_guessed_ids_names_and_exports_give_nothing(self):
        report = self.report(self.rep)
        guessed = report.browse(self.others.id)
        with self.assertRaises(AccessError):
            guessed.read(["amount"])
        with self.assertRaises(AccessError):
            guessed.export_data(["name", "amount"])
        with self.assertRaises(AccessError):
            guessed.web_read({"amount": {}})
        found = report.name_search(self.others.installment_id.name)
        self.assertFalse(found)
        self.assertTrue(report.name_search(self.own.installment_id.name))
        mine = report.browse(self.own.id).export_data(["name", "amount", "reason"])
        self.assertEqual(len(mine["datas"]), 1)

    def test_no_bank_data_by_any_way(self):
        report = self.report(self.rep)
        for name in BANK_DATA:
            self.assertNotIn(name, report.fields_get())
            with self.subTest(field=name), self.assertRaises(ValueError):
                report.search([(name, "!=", False)])
        for path in ("installment_id.mandate_id", "installment_id.transaction_ids.amount"):
            with self.subTest(path=path), self.assertRaises(AccessError):
                report.search([(path, "!=", False)])
            with self.subTest(export=path), self.assertRaises(AccessError):
                report.browse(self.own.id).export_data([path.replace(".", "/")])
        for call in ("get_payment_figures",):
            with self.assertRaises(AccessError):
                getattr(self.env["payment.transaction"].with_user(self.rep), call)([])
        with self.assertRaises(AccessError):
            self.own.with_user(self.rep).read(["amount"])

    def test_nobody_writes_the_facts(self):
        for user in (self.rep, self.finance):
            row = self.report(user).browse(self.own.id)
            with self.assertRaises(AccessError):
                row.write({"amount": 1})
            with self.assertRaises(AccessError):
                row.unlink()

    def test_managers_and_finance_see_all_employees_nothing(self):
        both = set((self.own | self.others).ids)
        for user in (self.manager, self.finance):
            self.assertLessEqual(both, set(self.report(user).search([]).ids))
        employee = self.person("status_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.report(employee).search_read([], ["id"])

    def test_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Autre"})
        self.manager.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        seen = self.report(self.manager).with_context(allowed_company_ids=other.ids).search([])
        self.assertFalse(seen)

    def test_the_cycle_of_a_rep_has_no_bank_step(self):
        cycle = self.env["payment.cycle"].with_user(self.rep)
        answer = cycle.get_cycle("crm.contract", self.own_contract.id)
        keys = [step["key"] for step in answer["steps"]]
        self.assertEqual(keys, ["contracts", "installments", "payments"])
        self.assertEqual(answer["steps"][2]["model"], "payment.status.report")
        self.assertNotIn(self.own.mandate_id.name, str(answer))
        self.assertEqual([event["text"] for event in answer["events"]], ["Failed"])
        came_back = fields.Date.to_string(self.own.return_ids.date)
        self.assertEqual(answer["events"][0]["day"], came_back)
        with self.assertRaises(AccessError):
            cycle.get_cycle("crm.contract", self.others_contract.id)
        with self.assertRaises(AccessError):
            cycle.get_cycle("payment.transaction", self.own.id)
        of_client = cycle.get_cycle("res.partner", self.others.partner_id.id)
        self.assertFalse(of_client["steps"] or of_client["events"])

    def test_finance_follows_the_cycle_from_the_contract(self):
        cycle = self.env["payment.cycle"].with_user(self.finance)
        answer = cycle.get_cycle("crm.contract", self.own_contract.id)
        keys = [step["key"] for step in answer["steps"]]
        self.assertEqual(
            keys, ["contracts", "mandates", "installments", "invoices", "payments", "returns"]
        )
        from_debit = cycle.get_cycle("payment.transaction", self.own.id)
        self.assertEqual(from_debit["steps"][0]["ids"], self.own_contract.ids)
