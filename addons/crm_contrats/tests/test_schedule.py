from datetime import date, timedelta
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..schedule import (
    MONTHS,
    Period,
    add_months,
    due_date,
    periods,
)

DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
DAYS = st.integers(1, 31)
KINDS = st.sampled_from(sorted(MONTHS))


def dues(start, end, kind, day, since, until):
    return [period.due for period in periods(start, end, kind, day, since, until)]


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_day_31_comes_back_after_short_months(self):
        found = dues(date(2026, 1, 31), None, "monthly", 31, date(2026, 1, 1), date(2026, 5, 31))
        self.assertEqual(
            [str(day) for day in found],
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"],
        )

    def test_leap_year_gives_29_february(self):
        found = dues(date(2028, 1, 30), None, "monthly", 30, date(2028, 2, 1), date(2028, 3, 31))
        self.assertEqual(found, [date(2028, 2, 29), date(2028, 3, 30)])

    def test_two_periods_are_never_due_on_one_day(self):
        found = dues(date(2028, 1, 31), None, "monthly", 30, date(2028, 1, 1), date(2028, 5, 31))
        self.assertEqual(
            [str(day) for day in found], ["2028-02-29", "2028-03-30", "2028-04-30", "2028-05-30"]
        )

    def test_start_on_29_february_yearly(self):
        found = periods(date(2024, 2, 29), None, "yearly", 29, date(2024, 1, 1), date(2028, 12, 31))
        self.assertEqual(
            [str(period.start) for period in found],
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"],
        )

    def test_quarter_crosses_the_year_end(self):
        found = periods(
            date(2025, 11, 15), None, "quarterly", 5, date(2025, 11, 1), date(2026, 6, 30)
        )
        self.assertEqual(
            found,
            [
                Period(date(2025, 11, 15), date(2026, 2, 14), date(2025, 12, 5), date(2026, 2, 14)),
                Period(date(2026, 2, 15), date(2026, 5, 14), date(2026, 3, 5), date(2026, 5, 14)),
                Period(date(2026, 5, 15), date(2026, 8, 14), date(2026, 6, 5), date(2026, 8, 14)),
            ],
        )

    def test_due_in_advance_on_first_billing_day(self):
        self.assertEqual(due_date(date(2026, 3, 10), 10, 10), date(2026, 3, 10))
        self.assertEqual(due_date(date(2026, 3, 10), 10, 5), date(2026, 4, 5))
        self.assertEqual(due_date(date(2026, 12, 31), 31, 30), date(2027, 1, 30))

    def test_weekend_is_not_rolled(self):
        found = dues(date(2026, 2, 1), None, "monthly", 1, date(2026, 2, 1), date(2026, 2, 28))
        self.assertEqual(found, [date(2026, 2, 1)])
        self.assertEqual(found[0].weekday(), 6)

    def test_last_period_is_partial_and_prorated(self):
        found = periods(
            date(2026, 1, 1), date(2026, 3, 10), "monthly", 1, date(2026, 1, 1), date(2026, 12, 31)
        )
        self.assertEqual(len(found), 3)
        self.assertFalse(found[1].is_partial)
        self.assertEqual(found[2].end, date(2026, 3, 10))
        self.assertEqual((found[2].days, found[2].full_days), (10, 31))
        self.assertEqual(found[2].prorate(Decimal("31.00")), Decimal("10.00"))
        self.assertEqual(found[1].prorate(Decimal("19.99")), Decimal("19.99"))

    def test_end_on_a_period_end_is_not_partial(self):
        found = periods(
            date(2026, 1, 1), date(2026, 1, 31), "monthly", 1, date(2026, 1, 1), date(2026, 9, 1)
        )
        self.assertEqual(len(found), 1)
        self.assertFalse(found[0].is_partial)

    def test_end_before_start_gives_nothing(self):
        self.assertEqual(
            periods(
                date(2026, 2, 1), date(2026, 1, 1), "monthly", 1, date(2026, 1, 1), date(2027, 1, 1)
            ),
            [],
        )

    def test_billing_day_out_of_range_is_refused(self):
        with self.assertRaisesRegex(ValueError, "between 1 and 31"):
            periods(date(2026, 1, 1), None, "monthly", 32, date(2026, 1, 1), date(2026, 2, 1))


@tagged("post_install", "-at_install")
class TestScheduleProperties(BaseCase):
    @given(DATES, KINDS, DAYS)
    @example(date(2028, 1, 31), "monthly", 30)
    def test_periods_follow_without_gap_or_overlap(self, start, kind, day):
        found = periods(start, None, kind, day, start, add_months(start, 40))
        for before, after in zip(found, found[1:], strict=False):
            self.assertEqual(before.end + timedelta(days=1), after.start)
            self.assertLess(before.due, after.due)

    @given(DATES, KINDS, DAYS)
    def test_due_is_in_advance_and_within_a_month(self, start, kind, day):
        for period in periods(start, None, kind, day, start, add_months(start, 15)):
            self.assertGreaterEqual(period.due, period.start)
            self.assertLessEqual((period.due - period.start).days, 31)

    @given(DATES, KINDS, DAYS, st.integers(0, 900), st.integers(1, 400))
    def test_a_window_is_a_slice_of_the_whole(self, start, kind, day, shift, length):
        since = start + timedelta(days=shift)
        until = since + timedelta(days=length)
        whole = periods(start, None, kind, day, start, until)
        window = periods(start, None, kind, day, since, until)
        self.assertEqual(window, [period for period in whole if period.due >= since])

    @given(DATES, KINDS, DAYS, st.integers(0, 1500))
    def test_the_end_is_the_last_day_covered(self, start, kind, day, length):
        end = start + timedelta(days=length)
        found = periods(start, end, kind, day, start, end + timedelta(days=70))
        self.assertEqual(found[0].start, start)
        self.assertEqual(found[-1].end, end)
        self.assertEqual(sum(period.days for period in found), length + 1)

    @given(DATES, DAYS, st.decimals(0, 5000, places=2), st.integers(0, 364))
    def test_a_share_is_never_more_than_the_whole(self, start, day, amount, length):
        end = start + timedelta(days=length)
        (period,) = periods(start, end, "yearly", day, start, add_months(start, 2))
        self.assertLessEqual(0, period.prorate(amount))
        self.assertLessEqual(period.prorate(amount), amount)
