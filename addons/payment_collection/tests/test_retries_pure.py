from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import retries
from odoo.addons.payment_direct_debit.pure import target_calendar

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))
PREFERRED = st.frozensets(st.integers(1, 31), min_size=1, max_size=6)


@tagged("post_install", "-at_install")
class TestRetries(BaseCase):
    """When a failed debit is presented again."""

    def test_days_are_written_as_numbers_and_ranges(self):
        self.assertEqual(retries.parse_days("1-5, 28"), {1, 2, 3, 4, 5, 28})
        self.assertEqual(retries.parse_days(" "), frozenset())

    def test_anything_else_is_no_list_of_days(self):
        for text in ("0", "32", "5-1", "one", "1;2", "-3", "1-2-3"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                retries.parse_days(text)

    def test_known_dates(self):
        for earliest, preferred, day in (
            (date(2026, 3, 9), (), date(2026, 3, 9)),
            (date(2026, 3, 9), (28,), date(2026, 3, 30)),  # the 28th is a Saturday
            (date(2026, 4, 2), (5,), date(2026, 4, 7)),  # Easter Sunday and Monday
            (date(2026, 2, 10), (30,), date(2026, 3, 2)),  # 28 February stands for it, a Saturday
            (date(2026, 4, 30), (1,), date(2026, 5, 4)),  # 1 May is a holiday, then a week-end
            (date(2026, 3, 5), (5,), date(2026, 3, 5)),
        ):
            with self.subTest(earliest=earliest, preferred=preferred):
                self.assertEqual(retries.debit_date(earliest, preferred), day)

    @given(DAYS, PREFERRED)
    def test_a_debit_is_asked_for_on_a_working_day_from_the_earliest_on(self, earliest, preferred):
        day = retries.debit_date(earliest, preferred)
        self.assertTrue(target_calendar.is_target_day(day))
        self.assertGreaterEqual(day, earliest)
        self.assertLessEqual(day, earliest + retries.LONGEST_WAIT + timedelta(days=6))

    @given(DAYS, PREFERRED)
    def test_no_preferred_working_day_is_passed_over(self, earliest, preferred):
        day = retries.debit_date(earliest, preferred)
        between = (earliest + timedelta(days=n) for n in range((day - earliest).days))
        for passed in between:
            usable = target_calendar.is_target_day(passed)
            self.assertFalse(usable and retries.falls_on(passed, preferred))

    @given(DAYS, st.integers(0, 30))
    def test_a_step_comes_after_so_many_working_days(self, start, delay):
        day = retries.step_date(start, delay)
        self.assertTrue(target_calendar.is_target_day(day))
        first = target_calendar.roll_forward(start)
        self.assertEqual(target_calendar.target_days_between(first, day), delay)
