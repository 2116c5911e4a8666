"""What a person has moved stays moved, whatever plans the contract again."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date

from .common import TODAY, ContractCommon

MARCH_12 = date(2026, 3, 12)


@tagged("post_install", "-at_install")
@freeze_time("2026-01-01 08:00:00")
class TestMovedInstallment(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client, cls.mandate = cls.client_with_mandate()
        cls.subscription = cls.active_contract(
            {"price_unit": 20.0},
            partner_id=cls.client.id,
            mandate_id=cls.mandate.id,
            collection_mode="automatic",
            billing_day=5,
        )
        cls.schedule = cls.subscription.installment_ids.sorted("due_date")
        cls.march = cls.schedule[2]

    def setUp(self):
        super().setUp()
        self.march._move_to(MARCH_12)

    def assert_stays(self):
        self.assertEqual((self.march.due_date, self.march.state), (MARCH_12, "planned"))

    def test_the_nightly_planning_leaves_it_and_the_sum_alone(self):
        rows, owed = self.subscription.installment_ids, sum(self.schedule.mapped("amount"))
        self.env["crm.contract"]._cron_plan(TODAY)
        self.assertEqual(self.subscription.installment_ids, rows)
        self.assertEqual(sum(rows.mapped("amount")), owed)
        self.assert_stays()
        self.assertEqual(self.march.moved_from, date(2026, 3, 5))

    def test_another_billing_day_moves_the_others(self):
        self.subscription.billing_day = 20
        self.assert_stays()
        self.assertEqual(self.schedule[3].due_date, date(2026, 4, 20))
        self.assertEqual(self.march.moved_from, date(2026, 3, 20), "the day it would have now")

    def test_another_price_is_its_price_too(self):
        self.subscription.line_ids.price_unit = 30.0
        self.assert_stays()
        self.assertEqual(self.march.amount, 36.0)

    def test_cut_by_the_last_day_it_is_the_same_installment(self):
        self.subscription._terminate(date(2026, 3, 15), "letter", TODAY)
        self.assert_stays()
        self.assertEqual(self.march.period_end, date(2026, 3, 15))
        self.assertEqual(self.march.amount, 11.62, "24.00 for 15 of 31 days, taxes included")
        running = self.subscription.installment_ids.filtered(lambda i: i.state != "cancelled")
        self.assertEqual(running.sorted("due_date"), self.schedule[:3])
        self.assertIn(format_date(self.env, date(2026, 3, 15)), self.march.label)

    def test_after_the_last_day_it_is_cancelled_with_the_others(self):
        self.subscription._terminate(date(2026, 2, 28), "letter", TODAY)
        self.assertEqual(self.march.state, "cancelled")

    def test_its_invoice_is_of_its_period(self):
        self.march._invoice(date(2026, 3, 10))
        line = self.march.invoice_id.invoice_line_ids
        self.assertIn(format_date(self.env, date(2026, 3, 1)), line.name)
        self.assertEqual(self.march.invoice_id.invoice_date_due, MARCH_12)

    def test_passing_a_neighbour_or_the_end_is_a_warning_only(self):
        april = self.schedule[3]
        for day, words in (
            (april.due_date, "The next installment"),
            (self.schedule[1].due_date, "The installment before it"),
        ):
            effect = self.march._move_effects(day)[self.march.id]
            with self.subTest(day=day):
                self.assertFalse(effect.refusal)
                self.assertIn(words, " ".join(effect.warnings))
        self.subscription._terminate(date(2026, 3, 31), "letter", TODAY)
        effect = self.march._move_effects(date(2026, 4, 2))[self.march.id]
        self.assertIn("ends on", " ".join(effect.warnings))

    def test_a_rep_reads_his_installment_and_neither_moves_it_nor_sees_its_bank(self):
        rep = new_test_user(
            self.env, "move_rep", "sales_team.group_sale_salesman,base.group_allow_export"
        )
        rep.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        self.subscription.user_id = rep
        mine = self.march.with_user(rep)
        self.assertEqual(mine.due_date, MARCH_12)
        with self.assertRaises(AccessError):
            mine._move_to(date(2026, 3, 20))
        for name in ("debit_provider_id", "debit_day", "debit_figure"):
            with self.subTest(field=name):
                self.assert_hidden(mine, name)

    def assert_hidden(self, record, name):
        known = self.march[name]
        for call in (
            lambda: record.read([name]),
            lambda: record.search([(name, "!=", False)]),
            lambda: record.search_count([(name, "=", known)]),
            lambda: record._read_group([(name, "!=", False)], [], ["__count"]),
            lambda: record.search_read([], [name]),
            lambda: record.export_data([name]),
        ):
            with self.assertRaises(AccessError):
                call()
