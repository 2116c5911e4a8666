from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_page import PageCommon

TODAY = "2026-04-15"


@tagged("post_install", "-at_install")
class TestCohortReport(PageCommon):
    """A client belongs to the month of his first debit, for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["payment.cohort.report"].with_user(cls.finance)

    def paid(self, installment, day, status="collected", number=1):
        """Return an attempt asked for on a day and answered."""
        debit = self.attempt(installment, number)
        debit._state_write({"debit_requested_date": day})
        debit._state_writer().debit_status = status
        self.env.flush_all()
        return debit

    def life(self, *months, statuses=()):
        """Return the client of one debit in each of the months of 2026."""
        first = self.installment()
        for number, month in enumerate(months):
            debt = first if not number else first.copy({"due_date": date(2026, month, 4)})
            status = statuses[number] if number < len(statuses) else "collected"
            self.paid(debt, date(2026, month, 20), status)
        return first.partner_id

    def shares(self, measure="paying"):
        table = self.report.get_cohort_table(12, TODAY)
        return {row["cohort"]: [cell[measure] for cell in row["cells"]] for row in table["rows"]}

    def test_clients_by_their_first_month_and_who_still_pays(self):
        self.life(1, 2, 4)
        self.life(1, 2, 3, statuses=("collected", "failed", "collected"))
        self.life(3)
        self.assertEqual(self.shares(), {"2026-01-01": [2, 1, 1, 1], "2026-03-01": [1, 0]})
        self.assertEqual(self.shares("rate")["2026-01-01"], [1.0, 0.5, 1.0, 1.0])
        self.assertEqual(self.shares("collected")["2026-01-01"], [240.0, 120.0, 120.0, 120.0])

    def test_two_payments_of_a_month_are_one_client(self):
        self.life(1, 1)
        self.assertEqual(self.shares(), {"2026-01-01": [1, 0, 0, 0]})

    def test_a_first_debit_that_failed_begins_the_cohort_all_the_same(self):
        self.life(2, 3, statuses=("failed",))
        self.assertEqual(self.shares(), {"2026-02-01": [0, 1, 0]})

    def test_a_debit_that_never_left_begins_nothing(self):
        self.life(1, 2, statuses=("cancelled",))
        self.assertEqual(self.shares(), {"2026-02-01": [1, 0, 0]})

    def test_who_only_pays_online_is_in_no_cohort(self):
        self.online()._set_done()
        self.assertFalse(self.report.search([]))

    def test_the_pivot_counts_clients_once_in_every_total(self):
        self.life(1, 2, 3)
        self.life(1, 2, statuses=("collected", "failed"))
        rows = self.report._read_group(
            [], ["cohort_month:month"], ["paying_partner_id:count_distinct", "collection_rate:avg"]
        )
        self.assertEqual(rows, [(date(2026, 1, 1), 2, 0.8)])

    def test_older_cohorts_are_left_out_and_no_one_asks_for_too_many(self):
        self.life(1)
        self.assertFalse(self.report.get_cohort_table(3, TODAY)["rows"])
        self.assertEqual(len(self.report.get_cohort_table(10**6, TODAY)["rows"]), 1)
