"""The payer scorecard as arithmetic."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import score_points
from odoo.addons.payment_collection.pure.history import (
    CLIENT_REASONS,
    WINDOW_DAYS,
    Attempt,
    Due,
    History,
    summarise,
)
from odoo.addons.payment_collection.pure.score import (
    CHARACTERISTICS,
    GRADES,
    clamp,
    grade_of,
    neutral,
    points_of,
    probability_of,
    score,
    steps_down,
)

TODAY = date(2026, 2, 4)
SINCE = date(2023, 1, 5)
PROPERTY = settings(max_examples=200, deadline=None, database=None)

ago = st.integers(0, WINDOW_DAYS + 60).map(lambda days: TODAY - timedelta(days=days))
attempts = st.lists(
    st.builds(
        Attempt,
        ago,
        st.integers(100, 50_000),
        st.sampled_from(["", "", "", "funds", "contact", "dispute", "hard", "technical"]),
    ),
    max_size=40,
)
dues = st.lists(
    st.builds(Due, ago, st.integers(100, 50_000), st.none() | ago, st.booleans()), max_size=20
)


def score_of(attempts, dues=(), mandate_since=SINCE):
    return score(summarise(attempts, dues, TODAY, SINCE, mandate_since))


def monthly(count, category="", until=TODAY):
    return [Attempt(until - timedelta(days=30 * n), 5_000, category) for n in range(count)]


@tagged("post_install", "-at_install")
class TestScorecard(BaseCase):
    @PROPERTY
    @given(attempts, dues, ago, st.sampled_from(sorted(CLIENT_REASONS)))
    def test_one_more_failure_of_the_clients_never_raises_the_score(
        self, past, owed, day, category
    ):
        before = score_of(past, owed)
        after = score_of([*past, Attempt(day, 5_000, category)], owed)
        self.assertLessEqual(after.points, before.points)
        self.assertGreaterEqual(after.probability, before.probability)

    @PROPERTY
    @given(attempts, dues)
    def test_one_more_installment_owed_in_vain_never_raises_the_score(self, past, owed):
        more = [*owed, Due(TODAY - timedelta(days=10), 5_000, None, failed=True)]
        self.assertLessEqual(score_of(past, more).points, score_of(past, owed).points)

    @PROPERTY
    @given(attempts, dues)
    def test_paying_later_never_raises_the_score(self, past, owed):
        later = [
            due._replace(paid_on=due.paid_on and min(due.paid_on + timedelta(days=9), TODAY))
            for due in owed
        ]
        self.assertLessEqual(score_of(past, later).points, score_of(past, owed).points)

    @PROPERTY
    @given(attempts, dues)
    def test_typical_points_and_reasons_add_up_to_the_score(self, past, owed):
        found = score_of(past, owed)
        typical = score_points.BASE + sum(score_points.TYPICAL.values())
        total = typical + sum(reason.points for reason in found.reasons)
        self.assertEqual(found.points, clamp(total))
        weights = [abs(reason.points) for reason in found.reasons]
        self.assertEqual(weights, sorted(weights, reverse=True))

    def test_points_never_rise_where_the_card_says_it_gets_worse(self):
        for characteristic in CHARACTERISTICS:
            points = score_points.POINTS[characteristic.name]
            with self.subTest(characteristic.name):
                self.assertEqual(len(points), characteristic.bands + 1)
                known = list(points[:-1])
                self.assertEqual(known, sorted(known, reverse=characteristic.worse_up))
                self.assertIn(score_points.TYPICAL[characteristic.name], points)
                # Else a first failure could raise the score of a new client.
                self.assertGreaterEqual(points[-1], min(known))

    def test_every_characteristic_counts(self):
        for name, points in score_points.POINTS.items():
            self.assertGreater(max(points), min(points), name)

    def test_the_card_reaches_from_0_to_100(self):
        extremes = [
            score_points.BASE + sum(pick(points) for points in score_points.POINTS.values())
            for pick in (min, max)
        ]
        self.assertEqual(extremes, [score_points.BASE, 100])
        self.assertLessEqual(abs(score_points.BASE), 3)

    def test_a_client_without_history_is_neutral_and_said_to_be_new(self):
        found = neutral()
        self.assertTrue(found.is_new)
        self.assertIn(found.grade, "BC")
        self.assertFalse(score_of(monthly(1)).is_new)

    def test_a_faithful_client_is_above_a_new_one_and_a_poor_one_below(self):
        past = monthly(24)
        on_time = [Due(attempt.day, 5_000, attempt.day) for attempt in past[1:]]
        faithful = score_of(past, [*on_time, Due(TODAY, 5_000)])
        poor = score_of(monthly(6, "funds"))
        self.assertGreater(faithful.points, neutral().points)
        self.assertLess(poor.points, neutral().points)
        self.assertEqual((faithful.grade, poor.grade), ("A", "E"))
        self.assertLess(poor.reasons[0].points, 0)

    def test_grades_follow_the_probability(self):
        self.assertEqual([grade_of(limit) for _, limit in GRADES], list("ABCD"))
        self.assertEqual(grade_of(0.2501), "E")
        self.assertEqual(steps_down("A", "C"), 2)
        self.assertEqual(steps_down("C", "B"), -1)

    def test_probability_and_points_say_the_same(self):
        falling = [probability_of(points) for points in range(101)]
        self.assertEqual(falling, sorted(falling, reverse=True))
        self.assertAlmostEqual(points_of(probability_of(63)), 63)


@tagged("post_install", "-at_install")
class TestHistory(BaseCase):
    def test_what_is_ours_or_unknown_says_nothing_about_the_client(self):
        for category in ("technical", "duplicate", "unknown"):
            with self.subTest(category):
                past = summarise(monthly(3, category), [], TODAY)
                self.assertEqual(past, summarise([], [], TODAY))

    def test_failures_are_told_apart_by_reason_and_age(self):
        past = summarise(
            [
                Attempt(TODAY - timedelta(days=180), 1, "funds"),
                Attempt(TODAY - timedelta(days=181), 1, "funds"),
                Attempt(TODAY - timedelta(days=WINDOW_DAYS), 1, "funds"),
                Attempt(TODAY - timedelta(days=WINDOW_DAYS + 1), 1, "funds"),
                Attempt(TODAY - timedelta(days=20), 1, "contact"),
                Attempt(TODAY - timedelta(days=20), 1, "dispute"),
                Attempt(TODAY - timedelta(days=10), 1, "hard"),
            ],
            [],
            TODAY,
        )
        self.assertEqual((past.funds_recent, past.funds_older), (1, 2))
        self.assertEqual((past.refused, past.account, past.decided), (2, 1, 6))

    def test_a_new_mandate_makes_a_closed_account_forgotten(self):
        closed = [*monthly(3), Attempt(TODAY - timedelta(days=10), 1, "hard")]
        since = TODAY - timedelta(days=9)
        self.assertEqual(summarise(closed, [], TODAY, mandate_since=since).account, 0)
        self.assertEqual(summarise(closed, [], TODAY, mandate_since=since).streak, 3)
        self.assertEqual(summarise(closed, [], TODAY, mandate_since=SINCE).account, 1)

    def test_the_streak_ends_at_the_last_failure(self):
        self.assertEqual(summarise(monthly(5), [], TODAY).streak, 5)
        broken = [*monthly(2), Attempt(TODAY - timedelta(days=40), 1, "funds"), *monthly(9)[3:]]
        self.assertEqual(summarise(broken, [], TODAY).streak, 2)
        same_day = [Attempt(TODAY, 1), Attempt(TODAY, 9, "funds")]
        self.assertEqual(summarise(same_day, [], TODAY).streak, 0)

    def test_lateness_is_that_of_the_last_year_and_never_negative(self):
        past = summarise(
            [],
            [
                Due(date(2025, 10, 1), 5_000, date(2025, 10, 11)),
                Due(date(2025, 11, 1), 5_000, date(2025, 10, 30)),
                Due(date(2024, 1, 1), 5_000, date(2024, 12, 1)),
            ],
            TODAY,
        )
        self.assertEqual(past.days_late, 5)

    def test_the_next_amount_is_compared_with_the_usual_one(self):
        paid = [Due(date(2025, month, 1), 5_000, date(2025, month, 2)) for month in (8, 9, 10)]
        following = [Due(date(2026, 3, 1), 20_000), Due(date(2026, 2, 5), 12_500)]
        self.assertEqual(summarise([], [*paid, *following], TODAY).amount_ratio, 2.5)
        self.assertIsNone(summarise([], paid, TODAY).amount_ratio)
        self.assertIsNone(summarise([], following, TODAY).amount_ratio)

    def test_what_comes_after_the_day_is_not_known(self):
        tomorrow = TODAY + timedelta(days=1)
        past = summarise(
            [Attempt(tomorrow, 1, "funds")], [Due(tomorrow, 5_000, tomorrow)], TODAY, tomorrow
        )
        self.assertEqual(past, History(client_months=0))
