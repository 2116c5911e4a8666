"""Which day a debit falls on, and what the days are called."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import debit_calendar as days
from odoo.addons.payment_collection.pure import debit_moves as moves
from odoo.addons.payment_direct_debit.pure import target_calendar

PARIS = ZoneInfo("Europe/Paris")
CHANNEL = moves.Channel(lead_days=2, cutoff=time(12), notice_days=14, run_lead_days=2)


def at(day, hour=8):
    return datetime.combine(day, time(hour), PARIS)


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    def test_easter_moves_five_names(self):
        names = days.named_days(2026)
        self.assertEqual(names[date(2026, 4, 3)], "good_friday")
        self.assertEqual(names[date(2026, 4, 6)], "easter_monday")
        self.assertEqual(names[date(2026, 5, 14)], "ascension")
        self.assertEqual(names[date(2026, 5, 25)], "whit_monday")

    def test_two_on_one_day_keep_the_fixed_one(self):
        self.assertEqual(days.named_days(2008)[date(2008, 5, 1)], "labour_day")

    def test_every_closing_day_has_a_name(self):
        for year in range(2020, 2040):
            self.assertLessEqual(
                target_calendar.closing_days(year), days.named_days(year).keys(), year
            )

    def test_a_grid_is_whole_weeks(self):
        self.assertEqual(days.grid(date(2026, 5, 20)), (date(2026, 4, 27), date(2026, 5, 31)))
        sundays = days.grid(date(2026, 5, 20), week_start=6)
        self.assertEqual(sundays, (date(2026, 4, 26), date(2026, 6, 6)))
        for month in range(1, 13):
            for week_start in range(7):
                first, last = days.grid(date(2027, month, 15), week_start)
                self.assertEqual(len(days.days_between(first, last)) % 7, 0)
                self.assertEqual(first.weekday(), week_start)
                self.assertLessEqual(first, date(2027, month, 1))

    def test_february_of_four_weeks_is_no_longer(self):
        self.assertEqual(days.grid(date(2027, 2, 9)), (date(2027, 2, 1), date(2027, 2, 28)))

    def test_the_wanted_days_are_those_that_fall_between(self):
        every = days.days_between(date(2026, 3, 20), date(2026, 5, 20))
        for earliest in (None, date(2026, 3, 1), date(2026, 4, 9), date(2026, 6, 1)):
            for first, last in ((3, 3), (4, 6), (7, 7), (1, 30), (9, 10), (18, 19)):
                window = date(2026, 4, first), date(2026, 4, last)
                wanted = days.wanted_between(*window, earliest)
                for day in every:
                    falls = window[0] <= days.presented_on(day, earliest) <= window[1]
                    found = wanted is not None and (
                        (wanted[0] is None or wanted[0] <= day) and day <= wanted[1]
                    )
                    self.assertEqual(falls, found, (day, window, earliest))

    def test_open_ends_stay_open(self):
        self.assertEqual(days.wanted_between(None, None, None), (None, None))
        since, until = days.wanted_between(date(2026, 4, 7), None, None)
        self.assertEqual((since, until), (date(2026, 4, 3), None))

    def test_stretches_have_no_gap(self):
        found = days.stretches(date(2026, 1, n) for n in (5, 1, 2, 3, 7, 2))
        self.assertEqual([(a.day, b.day) for a, b in found], [(1, 3), (5, 5), (7, 7)])


@tagged("post_install", "-at_install")
class TestMoves(BaseCase):
    def test_the_run_is_the_first_that_reaches_the_day(self):
        """As `_default_until` counts: up to the day before the next one that can be reached."""
        opened = [d for d in days.days_between(date(2026, 3, 20), date(2026, 6, 1))
                  if target_calendar.is_target_day(d)]  # fmt: skip
        until = {
            on: target_calendar.add_target_days(target_calendar.add_target_days(on, 2), 1)
            - days.ONE_DAY
            for on in opened
        }
        for due in days.days_between(date(2026, 4, 1), date(2026, 5, 31)):
            takes = next(on for on in opened if until[on] >= due)
            self.assertEqual(moves.run_day(due, 2, date(2026, 3, 1)), takes, due)

    def test_a_closed_day_is_presented_on_the_next_open_one(self):
        found = moves.timing(date(2026, 4, 3), at(date(2026, 3, 2)), CHANNEL)
        self.assertEqual(found.presented, date(2026, 4, 7))
        self.assertEqual(found.last_submission, date(2026, 4, 1))
        self.assertEqual(found.announce_by, date(2026, 3, 24))
        self.assertIsNone(found.problem)

    def test_the_lead_time_rules_days_out(self):
        silent = moves.Channel(2, time(12), 0, 2)
        monday = date(2026, 2, 2)
        self.assertEqual(moves.timing(date(2026, 2, 3), at(monday), silent).problem, moves.TOO_SOON)
        self.assertIsNone(moves.timing(date(2026, 2, 4), at(monday), silent).problem)
        late = moves.timing(date(2026, 2, 4), at(monday, 12), silent)
        self.assertEqual(late.problem, moves.TOO_SOON, "after the cut-off")
        self.assertEqual(late.first_possible, date(2026, 2, 5))

    def test_a_notice_must_still_be_in_time(self):
        monday = date(2026, 2, 2)
        early = moves.timing(date(2026, 2, 13), at(monday), CHANNEL)
        self.assertEqual(early.problem, moves.NOT_ANNOUNCED_IN_TIME)
        self.assertEqual(early.first_possible, date(2026, 2, 16))
        rolled = moves.timing(date(2026, 2, 14), at(monday), CHANNEL)
        self.assertIsNone(rolled.problem, "the Saturday is debited on the Monday")

    def test_the_run_is_not_of_the_past(self):
        found = moves.timing(date(2026, 2, 5), at(date(2026, 2, 3), 13), CHANNEL)
        self.assertEqual(found.run_day, date(2026, 2, 4))

    def test_after_the_run_of_the_day_the_next_one_takes_it(self):
        silent = moves.Channel(2, time(12), 0, 2)
        found = moves.timing(date(2026, 2, 4), at(date(2026, 2, 2)), silent, run_is_over=True)
        self.assertEqual(found.problem, moves.TOO_SOON)
        self.assertEqual(found.first_possible, date(2026, 2, 5))
        self.assertEqual(found.run_day, date(2026, 2, 3))
