from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_cycle import CycleCommon

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPaymentCycleContract(ContractCommon, CycleCommon):
    """The cycle from the contract: everything in two clicks, and cheap however long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.person("cycle_rep", "sales_team.group_sale_salesman")

    @classmethod
    def direct(cls, script="collect", **values):
        """Return an active contract with a mandate; its first installment is due."""
        client, mandate = cls.client_with_mandate(script)
        return cls.active_contract(
            user_id=cls.rep.id,
            collection_mode="automatic",
            **{"partner_id": client.id, "mandate_id": mandate.id, "date_start": date(2026, 2, 1)}
            | values,
        )

    def planned(self, contract, count):
        """Plan more installments of a contract, month by month."""
        first = contract.installment_ids.sorted("due_date")[:1]
        contract.installment_ids.sudo().create(
            [
                {
                    "contract_id": contract.id,
                    "partner_id": contract.partner_id.id,
                    "mandate_id": contract.mandate_id.id,
                    "company_id": contract.company_id.id,
                    "amount": first.amount,
                    "due_date": date(2030 + number // 12, 1 + number % 12, 1),
                    "period_start": date(2030 + number // 12, 1 + number % 12, 1),
                }
                for number in range(count)
            ]
        )

    def test_any_record_reaches_any_other_in_two_clicks(self):
        contract = self.direct("collect, return:MD06+10")
        self.execute(MONDAY, WEDNESDAY)
        self.env.invalidate_all()
        self.bank_reaches(date(2026, 2, 6))
        debit = contract.installment_ids.transaction_ids
        payout, line = self.paid_out(debit)
        self.bank_reaches(date(2026, 2, 27))
        chain = {"contracts": contract, **self.chain(debit, payout, line)}
        self.assertTrue(all(chain.values()))
        self.assert_two_clicks(chain)
        keys = [step["key"] for step in self.cycle(contract)["steps"]]
        self.assertEqual(keys, list(chain), "in the order that money takes")

    def test_a_mandate_and_a_contract_know_each_other_before_anything_is_planned(self):
        client, mandate = self.client_with_mandate()
        contract = self.contract(partner_id=client.id, mandate_id=mandate.id)
        self.assertEqual(self.steps(mandate)["contracts"]["ids"], contract.ids)
        self.assertEqual(self.steps(contract)["mandates"]["ids"], mandate.ids)

    def test_ten_years_cost_no_more_queries_than_one(self):
        short, long = self.direct(), self.direct()
        self.planned(long, 120 - len(long.installment_ids))
        self.assertEqual(len(long.installment_ids), 120)

        def queries(record, user):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            answer = self.cycle(record, user)
            return self.cr.sql_log_count - before, answer

        for user in (self.finance, self.rep):
            queries(short, user)  # the caches of the registry
            with self.subTest(user=user.login):
                few, _answer = queries(short, user)
                many, answer = queries(long, user)
                self.assertEqual(many, few)
        steps = {step["key"]: step for step in answer["steps"]}
        self.assertEqual(steps["installments"]["count"], 120)
        self.assertEqual(len(steps["installments"]["records"]), 4)

    def test_a_client_with_five_contracts_sees_them_all(self):
        client, mandate = self.client_with_mandate()
        contracts = self.env["crm.contract"].union(
            *(self.direct(partner_id=client.id, mandate_id=mandate.id) for _number in range(5))
        )
        answer = self.cycle(client)
        steps = {step["key"]: step for step in answer["steps"]}
        self.assertEqual(set(steps["contracts"]["ids"]), set(contracts.ids))
        self.assertEqual(steps["installments"]["count"], len(contracts.installment_ids))
        self.assertFalse(answer["is_cut"])
        self.assertLessEqual(len(answer["events"]), 40)
