from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.pure.target_calendar import (
    add_target_days,
    closing_days,
    earliest_due_date,
    is_target_day,
    latest_submission_date,
    roll_forward,
    target_days_between,
)

# Closings that fall on a weekday, (month, day), as published for the long-term calendar.
WEEKDAY_CLOSINGS = {
    2026: [(1, 1), (4, 3), (4, 6), (5, 1), (12, 25)],
    2027: [(1, 1), (3, 26), (3, 29)],
    2028: [(4, 14), (4, 17), (5, 1), (12, 25), (12, 26)],
    2029: [(1, 1), (3, 30), (4, 2), (5, 1), (12, 25), (12, 26)],
    2030: [(1, 1), (4, 19), (4, 22), (5, 1), (12, 25), (12, 26)],
    2031: [(1, 1), (4, 11), (4, 14), (5, 1), (12, 25), (12, 26)],
}
PARIS = ZoneInfo("Europe/Paris")
ELEVEN = time(11)

dates = st.dates(date(2002, 1, 1), date(2090, 12, 31))
PROPERTY = settings(max_examples=150, deadline=None, database=None)


@tagged("post_install", "-at_install")
class TestTargetDays(BaseCase):
    def test_weekday_closings_are_those_of_the_published_calendar(self):
        for year, expected in WEEKDAY_CLOSINGS.items():
            with self.subTest(year=year):
                found = sorted(d for d in closing_days(year) if d.weekday() < 5)
                self.assertEqual(found, [date(year, *month_day) for month_day in expected])

    def test_french_holidays_that_settle_and_closings_that_france_works(self):
        for holiday in (
            date(2026, 5, 8),
            date(2026, 5, 14),
            date(2026, 5, 25),
            date(2026, 7, 14),
            date(2026, 11, 11),
        ):
            self.assertTrue(is_target_day(holiday), holiday)
        for worked in (date(2026, 4, 3), date(2028, 12, 26)):
            self.assertFalse(is_target_day(worked), worked)

    def test_a_datetime_is_refused_rather_than_read_as_open(self):
        with self.assertRaises(TypeError):
            is_target_day(datetime(2026, 12, 25, 9, 0))

    def test_a_closed_due_date_rolls_to_the_next_open_day_even_across_the_year(self):
        self.assertEqual(roll_forward(date(2026, 4, 3)), date(2026, 4, 7))
        self.assertEqual(roll_forward(date(2026, 12, 31)), date(2026, 12, 31))
        self.assertEqual(roll_forward(date(2028, 12, 23)), date(2028, 12, 27))
        self.assertEqual(roll_forward(date(2027, 1, 1)), date(2027, 1, 4))

    def test_the_return_window_of_five_days_jumps_over_easter(self):
        self.assertEqual(add_target_days(date(2026, 4, 1), 5), date(2026, 4, 10))
        self.assertEqual(add_target_days(date(2026, 4, 10), -5), date(2026, 4, 1))

    def test_days_are_counted_from_a_closed_day_without_counting_it(self):
        saturday = date(2026, 6, 6)
        self.assertEqual(add_target_days(saturday, 1), date(2026, 6, 8))
        self.assertEqual(add_target_days(saturday, -1), date(2026, 6, 5))
        self.assertEqual(add_target_days(saturday, 0), date(2026, 6, 8))

    @PROPERTY
    @given(dates)
    def test_no_day_between_a_date_and_its_roll_is_open(self, day):
        rolled = roll_forward(day)
        self.assertTrue(is_target_day(rolled))
        skipped = [day + timedelta(days=i) for i in range((rolled - day).days)]
        self.assertFalse(any(map(is_target_day, skipped)))
        # Longest closing: Good Friday to Easter Monday, or Christmas against a week-end.
        self.assertLessEqual(len(skipped), 4)

    @PROPERTY
    @given(dates, st.integers(-60, 60).filter(bool))
    def test_counting_days_is_the_inverse_of_adding_them(self, day, n):
        self.assertEqual(target_days_between(day, add_target_days(day, n)), n)

    @PROPERTY
    @given(dates, st.integers(0, 40), st.integers(0, 40))
    def test_adding_in_two_steps_is_adding_at_once(self, day, first, second):
        day = roll_forward(day)
        in_two_steps = add_target_days(add_target_days(day, first), second)
        self.assertEqual(in_two_steps, add_target_days(day, first + second))
        self.assertEqual(add_target_days(in_two_steps, -first - second), day)

    def test_easter_closings_are_a_friday_and_a_monday_around_easter(self):
        for year in range(2002, 2100):
            friday, monday = easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)
            self.assertEqual((friday.weekday(), monday.weekday()), (4, 0))
            self.assertFalse(is_target_day(friday) or is_target_day(monday))
            self.assertEqual(len(closing_days(year)), 6)


@tagged("post_install", "-at_install")
class TestCutOff(BaseCase):
    def test_before_the_cutoff_today_counts_and_at_the_cutoff_it_does_not(self):
        monday = datetime(2026, 6, 8, 10, 59, 59, tzinfo=PARIS)
        self.assertEqual(earliest_due_date(monday, 1, ELEVEN), date(2026, 6, 9))
        at_cutoff = monday + timedelta(seconds=1)
        self.assertEqual(earliest_due_date(at_cutoff, 1, ELEVEN), date(2026, 6, 10))

    def test_the_cutoff_is_local_in_winter_and_in_summer(self):
        cases = [
            (datetime(2026, 1, 15, 9, 59, tzinfo=UTC), date(2026, 1, 16)),
            (datetime(2026, 1, 15, 10, 0, tzinfo=UTC), date(2026, 1, 19)),
            (datetime(2026, 7, 15, 8, 59, tzinfo=UTC), date(2026, 7, 16)),
            (datetime(2026, 7, 15, 9, 0, tzinfo=UTC), date(2026, 7, 17)),
            # Friday before, Monday after the change to summer time of 29 March 2026.
            (datetime(2026, 3, 27, 9, 59, tzinfo=UTC), date(2026, 3, 30)),
            (datetime(2026, 3, 30, 9, 59, tzinfo=UTC), date(2026, 4, 1)),
        ]
        for now, expected in cases:
            with self.subTest(now=now):
                self.assertEqual(earliest_due_date(now, 1, ELEVEN), expected)

    def test_the_local_day_is_used_when_utc_is_still_the_day_before(self):
        # 00:30 on Tuesday 9 June in Paris.
        now = datetime(2026, 6, 8, 22, 30, tzinfo=UTC)
        self.assertEqual(earliest_due_date(now, 2, ELEVEN), date(2026, 6, 11))
        self.assertEqual(earliest_due_date(now, 2, ELEVEN, tz="Etc/UTC"), date(2026, 6, 11))
        self.assertEqual(earliest_due_date(now, 2, time(23), tz="Etc/UTC"), date(2026, 6, 10))

    def test_a_day_without_submission_still_settles(self):
        national_day = date(2026, 7, 14)
        now = datetime(2026, 7, 14, 9, 0, tzinfo=PARIS)
        self.assertEqual(earliest_due_date(now, 1, ELEVEN), date(2026, 7, 15))
        shut = {national_day}
        self.assertEqual(
            earliest_due_date(now, 1, ELEVEN, extra_non_submission_days=shut), date(2026, 7, 16)
        )
        day_before = datetime(2026, 7, 13, 9, 0, tzinfo=PARIS)
        self.assertEqual(
            earliest_due_date(day_before, 1, ELEVEN, extra_non_submission_days=shut), national_day
        )
        self.assertEqual(latest_submission_date(date(2026, 7, 15), 1, shut), date(2026, 7, 13))

    def test_latest_submission_skips_closings_and_rolls_the_due_date(self):
        self.assertEqual(latest_submission_date(date(2026, 4, 7), 1), date(2026, 4, 2))
        self.assertEqual(latest_submission_date(date(2026, 4, 3), 1), date(2026, 4, 2))
        self.assertEqual(latest_submission_date(date(2026, 6, 10), 0), date(2026, 6, 10))

    def test_bad_arguments_are_refused(self):
        aware = datetime(2026, 6, 8, 9, 0, tzinfo=PARIS)
        for arguments in (
            (datetime(2026, 6, 8, 9, 0), 1, ELEVEN),
            (aware, -1, ELEVEN),
            (aware, 1, time(11, tzinfo=UTC)),
        ):
            with self.subTest(arguments=arguments), self.assertRaises(ValueError):
                earliest_due_date(*arguments)
        with self.assertRaises(ValueError):
            latest_submission_date(date(2026, 6, 8), -1)

    @PROPERTY
    @given(dates, st.integers(0, 14), st.sets(st.integers(-20, 20), max_size=8))
    def test_the_latest_submission_is_the_last_that_makes_the_due_date(self, due, lead, offsets):
        due = roll_forward(due)
        shut = frozenset(due + timedelta(days=offset) for offset in offsets)
        last = latest_submission_date(due, lead, shut)

        def due_when_sent_on(day):
            now = datetime.combine(day, time(10, 59), tzinfo=PARIS)
            return earliest_due_date(now, lead, ELEVEN, extra_non_submission_days=shut)

        self.assertLessEqual(due_when_sent_on(last), due)
        self.assertGreater(due_when_sent_on(last + timedelta(days=1)), due)

    @PROPERTY
    @given(
        st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
        st.timedeltas(timedelta(0), timedelta(days=10)),
        st.integers(0, 10),
    )
    def test_waiting_never_brings_an_earlier_due_date(self, now, wait, lead):
        sooner = earliest_due_date(now, lead, ELEVEN)
        self.assertLessEqual(sooner, earliest_due_date(now + wait, lead, ELEVEN))
        self.assertTrue(is_target_day(sooner))
