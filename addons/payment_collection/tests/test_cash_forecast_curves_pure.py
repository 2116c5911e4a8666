from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure.cash_forecast_curves import (
    Band,
    Cases,
    Curve,
    Delay,
    shrunk,
)

BANDS = (Band(3, 0.1), Band(10, 0.3), Band(30, 0.2))
COUNTS = st.dictionaries(st.integers(-3, 60), st.integers(0, 500), max_size=8)
DELAYS = st.dictionaries(st.integers(0, 12), st.integers(1, 500), max_size=6)
DAYS = st.integers(-1, 60)


@tagged("post_install", "-at_install")
class TestCurves(BaseCase):
    """What is learned from few cases or many."""

    def test_without_a_case_the_prior_holds(self):
        curve = Curve(Cases({}, {}), BANDS, weight=40)
        self.assertAlmostEqual(curve.by(3), 0.1)
        self.assertAlmostEqual(curve.by(10), 1 - 0.9 * 0.7)
        self.assertAlmostEqual(curve.by(10, age=3), 0.3)
        self.assertAlmostEqual(curve.by(300), 1 - 0.9 * 0.7 * 0.8)

    def test_many_cases_outweigh_the_prior(self):
        curve = Curve(Cases({8: 90_000}, {60: 10_000}), BANDS, weight=40)
        self.assertAlmostEqual(curve.by(3), 0.0, 2)
        self.assertAlmostEqual(curve.by(30), 0.9, 1)

    def test_cases_still_open_count_for_as_long_as_they_were_watched(self):
        old = Cases({8: 500}, {60: 500})
        # A thousand failures of yesterday say nothing about the second week.
        young = Cases({8: 500}, {60: 500, 1: 1000})
        self.assertAlmostEqual(
            Curve(young, BANDS, 1).by(10, age=3), Curve(old, BANDS, 1).by(10, age=3)
        )

    @given(COUNTS, COUNTS, DAYS, DAYS, DAYS)
    def test_a_curve_rises_from_nothing_and_never_above_one(self, happened, left, age, one, other):
        curve = Curve(Cases(happened, left), BANDS, weight=5)
        early, late = sorted((one, other))
        self.assertLessEqual(0, curve.by(early, age))
        self.assertLessEqual(curve.by(early, age), curve.by(late, age))
        self.assertLessEqual(curve.by(late, age), 1)
        self.assertEqual(curve.by(age, age), 0)

    @given(COUNTS, COUNTS, DAYS, DAYS)
    def test_waiting_changes_the_chance_by_what_has_not_happened(self, happened, left, age, day):
        curve = Curve(Cases(happened, left), BANDS, weight=5)
        if age <= day:
            whole = curve.by(age) + (1 - curve.by(age)) * curve.by(day, age)
            self.assertAlmostEqual(curve.by(day), whole)

    @given(DELAYS, DELAYS.filter(bool), st.integers(0, 20), st.integers(0, 20))
    def test_a_delay_is_a_distribution_also_after_a_wait(self, cases, prior, days, waited):
        delay = Delay(cases, prior, weight=10)
        self.assertAlmostEqual(delay.by(99), 1)
        self.assertEqual(delay.by(-1), 0)
        self.assertLessEqual(delay.by(days), delay.by(days + 1))
        self.assertLessEqual(0, delay.by_after(days, waited))
        self.assertLessEqual(delay.by_after(days, waited), 1 + 1e-9)
        self.assertAlmostEqual(delay.by_after(waited, waited), 0)
        self.assertAlmostEqual(delay.by_after(99, waited), 1)
        self.assertLess(delay.by(delay.median - 1), 0.5)

    @given(st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1))
    def test_a_shrunk_rate_lies_between_the_past_and_the_prior(self, bad, good, prior):
        rate = shrunk(bad, bad + good, prior, weight=40)
        seen = bad / (bad + good) if bad + good else prior
        self.assertGreaterEqual(rate, min(seen, prior) - 1e-9)
        self.assertLessEqual(rate, max(seen, prior) + 1e-9)
