from datetime import date
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TODAY, ContractCommon


@tagged("post_install", "-at_install")
class TestPlanning(ContractCommon):
    def dues(self, contract):
        rows = contract.installment_ids.filtered(lambda row: row.state != "cancelled")
        return [str(day) for day in sorted(rows.mapped("due_date"))]

    def test_activation_plans_a_year(self):
        contract = self.active_contract(billing_day=31)
        self.assertEqual(
            self.dues(contract)[:4], ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
        )
        self.assertEqual(len(contract.installment_ids), 12)
        row = contract.installment_ids.sorted("due_date")[0]
        self.assertEqual((row.amount, row.state), (23.99, "planned"))
        self.assertEqual(row.label, f"{contract.name} 01/01/2026 - 31/01/2026")

    def test_planning_twice_changes_nothing(self):
        contract = self.active_contract()
        before = contract.installment_ids
        self.assertFalse(contract._plan_installments(date(2026, 12, 31)))
        self.assertEqual(contract.installment_ids, before)

    def test_a_cancelled_period_is_not_planned_again(self):
        contract = self.active_contract()
        contract.installment_ids.sorted("due_date")[0]._cancel("a gesture", TODAY)
        contract._plan_installments(date(2026, 12, 31))
        self.assertEqual(len(self.dues(contract)), 11)
        self.assertEqual(self.dues(contract)[0], "2026-02-01")

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_installment_of_a_period(self):
        row = self.active_contract().installment_ids[0]
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            row.copy({"contract_id": row.contract_id.id, "period_start": row.period_start})

    def test_only_running_contracts_are_planned(self):
        draft = self.contract()
        self.assertFalse(draft._plan_installments(date(2026, 12, 31)))

    def test_a_free_period_owes_nothing(self):
        self.assertFalse(self.active_contract({"price_unit": 0.0}).installment_ids)

    def test_last_period_is_owed_for_its_days(self):
        contract = self.active_contract({"price_unit": 31.0}, date_end=date(2026, 3, 10))
        last = contract.installment_ids.sorted("due_date")[-1]
        self.assertEqual(last.period_end, date(2026, 3, 10))
        self.assertEqual(last.amount, 12.0)

    def test_many_contracts_cost_no_more_queries_than_one(self):
        one = self.contract()
        many = self.env["crm.contract"].union(*(self.contract() for _index in range(10)))
        (one | many)._set_state("active")
        self.env.flush_all()

        def queries(contracts):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            contracts._plan_installments(date(2026, 3, 31))
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        alone = queries(one)
        self.assertLessEqual(queries(many), alone + 3)

    def test_mandate_and_mode_reach_open_installments(self):
        partner, mandate = self.client_with_mandate()
        contract = self.active_contract(partner_id=partner.id)
        contract.write({"collection_mode": "automatic", "mandate_id": mandate.id})
        self.assertEqual(contract.installment_ids.mandate_id, mandate)
        self.assertEqual(set(contract.installment_ids.mapped("collection_mode")), {"automatic"})

    def test_new_billing_day_moves_what_is_not_invoiced(self):
        contract = self.active_contract()
        first, second = contract.installment_ids.sorted("due_date")[:2]
        first._set_state("invoiced")
        second._set_state("notified")
        contract.billing_day = 10
        self.assertEqual(self.dues(contract)[:3], ["2026-01-01", "2026-02-10", "2026-03-10"])

    def test_new_line_changes_the_price_from_its_day_on(self):
        contract = self.active_contract({"price_unit": 10.0})
        contract.line_ids.date_end = date(2026, 6, 30)
        contract.line_ids = [
            Command.create(
                {
                    "product_id": self.maintenance.id,
                    "price_unit": 20.0,
                    "date_start": date(2026, 7, 1),
                }
            )
        ]
        rows = contract.installment_ids.sorted("due_date")
        self.assertEqual(rows.mapped("amount"), [12.0] * 6 + [24.0] * 6)


@tagged("post_install", "-at_install")
class TestPlanningCron(ContractCommon):
    @freeze_time("2026-01-01 04:00:00")
    def test_cron_runs_and_commits_by_chunk(self):
        contract = self.contract()
        contract._set_state("active")
        with self.enter_registry_test_mode():
            self.env.ref("crm_contrats.ir_cron_plan").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(contract.installment_ids), 12)

    def test_the_day_is_an_argument(self):
        contract = self.contract()
        contract._set_state("active")
        self.env["crm.contract"]._cron_plan(TODAY, horizon_months=2)
        self.assertEqual(len(contract.installment_ids), 2)
        self.env["crm.contract"]._cron_plan(date(2026, 2, 1), horizon_months=2)
        self.assertEqual(len(contract.installment_ids), 3)

    def test_a_contract_past_its_last_day_ends(self):
        contract = self.active_contract(date_end=date(2026, 3, 31))
        self.env["crm.contract"]._cron_plan(date(2026, 3, 31))
        self.assertEqual(contract.state, "active")
        self.env["crm.contract"]._cron_plan(date(2026, 4, 1))
        self.assertEqual(contract.state, "ended")
        self.assertEqual(len(contract.installment_ids), 3)

    def test_a_taken_over_contract_is_not_billed_for_the_past(self):
        contract = self.contract(reference="OLD-1", date_start=date(2024, 5, 1))
        contract._set_state("active")
        self.env["crm.contract"]._cron_plan(TODAY)
        self.assertEqual(contract.bill_from, TODAY)
        self.assertEqual(min(contract.installment_ids.mapped("due_date")), TODAY)

    @mute_logger("odoo.addons.payment_direct_debit.batch")
    def test_one_bad_contract_stops_nobody(self):
        bad, good = self.contract(), self.contract()
        (bad | good)._set_state("active")
        values_of = type(bad)._installment_values

        def failing(contract, *args):
            if contract == bad:
                raise ValueError("no tax account")
            return values_of(contract, *args)

        with patch.object(type(bad), "_installment_values", failing):
            self.env["crm.contract"]._cron_plan(TODAY)
        self.assertTrue(good.installment_ids)
        self.assertFalse(bad.installment_ids)
        self.assertIn("no tax account", bad.history_ids[0].reason)
