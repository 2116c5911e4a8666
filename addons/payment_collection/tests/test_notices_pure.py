"""When a notice must leave and what must be told anew, without a database."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_direct_debit.pure import target_calendar

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
DELAYS = st.integers(1, notices.MAX_NOTICE_DAYS)
TERMS = st.builds(
    notices.Terms,
    amount_cents=st.integers(1, 10**9),
    currency=st.sampled_from(["EUR", "CHF"]),
    due_date=DAYS,
    account=st.text(max_size=12),
    rum=st.text(max_size=35),
    creditor=st.text(max_size=35),
)


@tagged("post_install", "-at_install")
class TestNoticeDates(BaseCase):
    def test_fourteen_calendar_days_count_week_ends(self):
        self.assertEqual(notices.latest_notice_day(date(2026, 3, 5), 14), date(2026, 2, 19))
        self.assertTrue(notices.is_in_time(date(2026, 2, 19), date(2026, 3, 5), 14))
        self.assertFalse(notices.is_in_time(date(2026, 2, 20), date(2026, 3, 5), 14))

    def test_the_first_date_that_a_notice_allows_is_a_target_day(self):
        # Fourteen days after 20 March 2026 is Good Friday; Easter Monday is closed too.
        self.assertEqual(notices.first_debit_date(date(2026, 3, 20), 14), date(2026, 4, 7))

    def test_in_time_announces_the_due_date_late_announces_the_first_possible(self):
        due, soon = date(2026, 3, 5), date(2026, 2, 4)
        announce = notices.date_to_announce
        self.assertEqual(announce(due, soon, date(2026, 2, 1), 14), due)
        self.assertEqual(announce(due, soon, date(2026, 3, 2), 14), date(2026, 3, 16))
        self.assertEqual(announce(due, date(2026, 4, 1), date(2026, 2, 1), 14), date(2026, 4, 1))

    def test_a_delay_of_nothing_is_refused(self):
        for days in (0, -1):
            with self.subTest(days=days), self.assertRaises(ValueError):
                notices.first_debit_date(date(2026, 3, 5), days)

    @given(due=DAYS, earliest=DAYS, sent=DAYS, days=DELAYS)
    def test_what_is_announced_is_always_lawful(self, due, earliest, sent, days):
        day = notices.date_to_announce(due, earliest, sent, days)
        self.assertTrue(target_calendar.is_target_day(day))
        self.assertGreaterEqual(day, max(due, earliest))
        self.assertTrue(notices.is_in_time(sent, day, days))

    @given(due=DAYS, earliest=DAYS, sent=DAYS, days=DELAYS)
    def test_no_earlier_target_day_would_do(self, due, earliest, sent, days):
        day = notices.date_to_announce(due, earliest, sent, days)
        floor = max(due, earliest, sent + timedelta(days=days))
        self.assertEqual(day, target_calendar.roll_forward(floor))

    @given(debit=DAYS, sent=DAYS, days=DELAYS)
    def test_a_longer_delay_never_helps(self, debit, sent, days):
        if not notices.is_in_time(sent, debit, days):
            self.assertFalse(notices.is_in_time(sent, debit, days + 1))

    @given(due=DAYS, days=DELAYS, ahead=st.integers(0, 30), today=DAYS)
    def test_what_is_urgent_stays_urgent(self, due, days, ahead, today):
        if notices.is_urgent(due, today, days, ahead):
            self.assertTrue(notices.is_urgent(due, today + timedelta(days=1), days, ahead))


@tagged("post_install", "-at_install")
class TestNoticeTerms(BaseCase):
    @given(before=TERMS, after=TERMS)
    def test_equal_terms_and_only_those_have_the_same_fingerprint(self, before, after):
        self.assertEqual(before.fingerprint() == after.fingerprint(), before == after)
        self.assertEqual(bool(notices.changed(before, after)), before != after)

    @given(terms=TERMS)
    def test_each_term_counts(self, terms):
        others = {
            "amount_cents": terms.amount_cents + 1,
            "currency": terms.currency + "X",
            "due_date": terms.due_date + timedelta(days=1),
            "account": terms.account + "x",
            "rum": terms.rum + "x",
            "creditor": terms.creditor + "x",
        }
        for name, value in others.items():
            other = replace(terms, **{name: value})
            self.assertEqual(notices.changed(terms, other), (name,))
            self.assertNotEqual(terms.fingerprint(), other.fingerprint())

    def test_terms_that_only_look_alike_when_glued_together_differ(self):
        one = notices.Terms(100, "EUR", date(2026, 3, 5), "ab", "c", "d")
        self.assertNotEqual(one.fingerprint(), replace(one, account="a", rum="bc").fingerprint())

    @given(st.lists(st.tuples(st.integers(1, 4), DAYS), max_size=30))
    def test_grouping_loses_nothing_and_sorts_by_date(self, rows):
        groups = notices.grouped(rows, key=lambda row: row[0], day=lambda row: row[1])
        self.assertCountEqual([row for group in groups.values() for row in group], rows)
        for mandate, group in groups.items():
            self.assertEqual({row[0] for row in group}, {mandate})
            self.assertEqual([row[1] for row in group], sorted(row[1] for row in group))
