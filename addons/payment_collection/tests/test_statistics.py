from datetime import date

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_collection.models.page.payment_transaction_figures import FIGURES
from odoo.addons.payment_collection.models.statistics.payment_collection_report_rates import RATES
from odoo.addons.payment_collection.tests.common import WEDNESDAY
from odoo.addons.payment_collection.tests.common_page import PageCommon

# What the page calls a figure, and the measure of the report.
MEASURES = {
    "due": "amount_due",
    "in_flight": "amount_in_flight",
    "collected": "amount_collected",
    "failed": "amount_failed",
    "returned": "amount_returned",
    "recovered": "amount_recovered",
    "still_owed": "amount_owed",
}


class StatisticsCommon(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["payment.collection.report"].with_user(cls.finance)

    def mixed(self):
        """Return debits of all kinds: failed, collected, returned, recovered, in flight."""
        debits = self.debited("fail:AM04", "collect", "collect,return:MD06+1", "fail:AC04")
        self.bank_reaches(date(2026, 2, 10))
        debits[3].installment_id._set_state("paid")
        waiting = self.attempt(self.installment(amount=35), 1)
        return debits | waiting | self.attempt(debits[0].installment_id, 2)

    def totals(self, *measures, domain=()):
        """Return what one group over everything says."""
        return self.report._read_group(list(domain), [], measures)[0]

    def groups(self, group_by, *measures):
        return self.report._read_group([], [group_by], measures)


@tagged("post_install", "-at_install")
class TestStatistics(StatisticsCommon):
    """What finance counts: the same figures as the page, whatever they are grouped by."""

    def test_the_amounts_are_those_of_the_page(self):
        self.mixed()
        self.assertEqual(set(MEASURES), set(FIGURES), "a figure without a measure")
        page = self.payments.with_user(self.finance)
        for domain in ([], [("payment_status", "=", "failed")], [("amount", "<", 100)]):
            answer = page.get_payment_figures(domain)
            shown = {
                name: sum(row["amount"] for row in answer["figures"][name]) for name in MEASURES
            }
            sums = self.totals(*(f"{m}:sum" for m in MEASURES.values()), domain=domain)
            self.assertEqual(dict(zip(MEASURES, sums, strict=True)), shown, domain)
            rate = self.totals("collection_rate:avg", domain=domain)[0]
            self.assertAlmostEqual(round(100 * (rate or 0), 1), answer["rate"] or 0)

    def test_each_payment_is_one_row_and_the_parts_make_the_whole(self):
        debits = self.mixed()
        self.assertEqual(self.report.search([]).ids, sorted(debits.ids, reverse=True))
        whole = sum(debits.mapped("amount"))
        dimensions = [
            name
            for name, field in self.report._fields.items()
            if field.type in ("many2one", "selection", "char") and name != "display_name"
        ]
        self.assertGreater(len(dimensions), 15)
        for name in dimensions:
            with self.subTest(name=name):
                rows = self.groups(name, "amount:sum", "__count")
                self.assertEqual(sum(amount for _key, amount, _count in rows), whole)
                self.assertEqual(sum(count for _key, _amount, count in rows), len(debits))

    def test_a_rate_of_a_group_is_no_average_of_rates(self):
        big = self.installment("collect", amount=900)
        small = self.installment("fail:AM04", amount=100)
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(self.totals("collection_rate:avg", "failure_rate:avg"), (0.9, 0.5))
        rows = dict(self.groups("partner_id", "collection_rate:avg"))
        self.assertEqual(rows, {big.partner_id: 1.0, small.partner_id: 0.0})

    def test_what_is_on_its_way_has_no_rate(self):
        self.attempt(self.installment(), 1)
        rates = [f"{rate}:avg" for rate in RATES]
        self.assertEqual(self.totals(*rates), (False,) * len(rates))

    def test_every_rate_is_one_measure_over_another_in_every_row(self):
        self.mixed()
        rows = self.report.search([]).read([*RATES, *{n for pair in RATES.values() for n in pair}])
        for row in rows:
            for rate, (part, whole) in RATES.items():
                self.assertAlmostEqual(row[rate], row[part] / row[whole] if row[whole] else 0.0)

    def test_recovery_counts_a_debt_once_however_often_it_was_tried(self):
        first = self.debited("fail:AM04 ; fail:AM04 ; collect", "fail:AC04")[0]
        second = self.attempt(first.installment_id, 2)
        second._debit_fail("again", WEDNESDAY, "AM04")
        self.assertEqual(self.totals("recovery_rate:avg", "failure_count:sum"), (0.0, 3))
        first.installment_id._set_state("paid", values={"paid_on": date(2026, 2, 14)})
        rate, days = self.totals("recovery_rate:avg", "recovery_days:avg")
        self.assertEqual((rate, days), (0.5, 10.0), "240 of 240 and 120 of 120 would weigh 2 to 1")

    def test_first_attempts_and_the_following_ones(self):
        first = self.debited("fail:AM04")
        cancelled = self.attempt(first.installment_id, 2)
        cancelled.action_debit_cancel()
        again = self.attempt(first.installment_id, 3)
        self.assertEqual(
            (first | again).mapped("attempt_number"), [1, 2], "what never left is none"
        )
        self.assertEqual(self.totals("first_success_rate:avg")[0], 0.0)
        self.assertEqual(self.report.browse(again.id).attempt, "second")
        online = self.online()
        online._set_done()
        self.assertFalse(self.report.browse(online.id).attempt, "it pays no installment")

    def test_day_weekday_bank_scheme_and_bracket(self):
        debit = self.debited()
        row = self.report.browse(debit.id)
        self.assertEqual((row.day_of_month, row.weekday), ("04", "3"))
        self.assertEqual((row.scheme, row.amount_bracket), ("core", "100"))
        self.assertEqual(row.bank, debit.mandate_id.bank_name.upper())

    def test_a_bank_is_known_by_its_bic_or_not_at_all(self):
        debit = self.debited()
        mandate = debit.mandate_id
        mandate.bic = "AGRIFRPP"
        mandate._state_write({"bank_name": " "})
        self.env.flush_all()
        row = self.report.browse(debit.id)
        self.assertEqual(row.bank, "AGRI")
        mandate.bic = False
        self.env.flush_all()
        row.invalidate_recordset()
        self.assertFalse(row.bank)

    def test_a_row_opens_its_payment(self):
        debit = self.debited()
        action = self.report.browse(debit.id).action_open_payment()
        self.assertEqual((action["res_model"], action["res_id"]), (debit._name, debit.id))


@tagged("post_install", "-at_install")
class TestCost(StatisticsCommon):
    def test_the_price_list_until_the_provider_has_said(self):
        self.provider.write(
            {"debit_cost_fixed": 0.2, "debit_cost_percent": 1, "debit_cost_failure": 3}
        )
        good, bad = self.debited("collect", "fail:AM04")
        waiting = self.attempt(self.installment(), 1)
        costs = {row.id: row.cost for row in self.report.search([])}
        self.assertEqual(costs, {good.id: 1.4, bad.id: 4.4, waiting.id: 0.0})
        self.charge(good, 0.31)
        self.assertAlmostEqual(self.report.browse(good.id).cost, 0.31)
        total, rate = self.totals("cost:sum", "cost_rate:avg")
        self.assertAlmostEqual(float(total), 4.71)
        self.assertAlmostEqual(rate, 4.71 / 120)

    def test_fees_of_payouts_go_before_those_of_returns(self):
        debit = self.debited("collect,return:MD06+1")
        self.bank_reaches(date(2026, 2, 10))
        said = debit.return_ids.fee
        self.assertEqual(debit.provider_fee, said)
        self.charge(debit, 0.125)
        self.assertEqual(debit.provider_fee, 0.125, "fractions of a cent are kept")

    def charge(self, debit, fee):
        self.env["payment.payout"]._state_writer().create(
            {
                "provider_id": self.provider.id,
                "ref": f"PO{debit.id}",
                "currency_id": debit.currency_id.id,
                "line_ids": [
                    Command.create(
                        {
                            "kind": "fee",
                            "cents": str(-100 * fee),
                            "amount": -fee,
                            "transaction_id": debit.id,
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        self.report.invalidate_model()


@tagged("post_install", "-at_install")
class TestStatisticsColumns(StatisticsCommon):
    def test_nobody_forges_what_statistics_say(self):
        debit = self.debited().with_user(self.finance)
        for values in ({"attempt_number": 1}, {"provider_fee": 0}, {"main_product_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                debit.write(values)

    def test_an_old_database_is_filled_alike(self):
        debits = self.mixed()
        product = self.env["product.product"].create({"name": "Abonnement"})
        lines = debits[:2].invoice_ids.invoice_line_ids
        lines.product_id = product
        debits.modified(["invoice_ids"])
        columns = ["attempt_number", "main_product_id", "provider_fee"]
        before = debits.read(columns)
        self.assertEqual(debits[0].main_product_id, product)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction"
            " SET attempt_number = NULL, main_product_id = NULL, provider_fee = NULL"
        )
        self.payments._statistics_fill()
        self.env.invalidate_all()
        self.assertEqual(debits.read(columns), before)

    def test_a_chunk_costs_no_statement_for_each_payment(self):
        few = [self.installment() for _number in range(2)]
        many = [self.installment() for _number in range(8)]
        self.execute_statements(few)  # warms up
        made = self.execute_statements([self.installment() for _number in range(2)])
        self.assertLessEqual(self.execute_statements(many), made)

    def execute_statements(self, installments):
        """Return how many statements the columns of new attempts take."""
        debits = self.payments.union(*(self.attempt(i, 1) for i in installments))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        for name in ("attempt_number", "main_product_id", "provider_fee"):
            self.env.add_to_compute(debits._fields[name], debits)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_default_period_is_the_last_twelve_months(self):
        action = self.env.ref("payment_collection.payment_statistics_action")
        search = self.env.ref("payment_collection.payment_collection_report_view_search")
        self.assertIn("search_default_last_12_months", action.context)
        self.assertIn("'today =1d -11m'", search.arch)
        today = fields.Date.context_today(self.report)
        debit = self.attempt(self.installment(due=today), 1)
        debit._state_write({"debit_requested_date": today})
        self.env.flush_all()
        domain = [("payment_day", ">=", "today =1d -11m"), ("payment_day", "<", "today =1d +1m")]
        self.assertEqual(self.report.search(domain).ids, debit.ids)
