from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import cash_forecast, cash_forecast_error
from odoo.addons.payment_collection.pure.cash_forecast import Bucket, Forecast, Lot
from odoo.addons.payment_collection.pure.cash_forecast_curves import Cases
from odoo.addons.payment_collection.pure.cash_forecast_error import Outcome
from odoo.addons.payment_collection.pure.cash_forecast_rates import Past, Rates
from odoo.addons.payment_direct_debit.pure import target_calendar

ON = date(2026, 3, 1)  # a Sunday
KINDS = (
    cash_forecast.PLANNED,
    cash_forecast.LATE_START,
    cash_forecast.IN_FLIGHT,
    cash_forecast.AWAITING,
    cash_forecast.COLLECTED,
    cash_forecast.FAILED,
    cash_forecast.ONE_OFF,
)
AHEAD_KINDS = (cash_forecast.PLANNED, cash_forecast.ONE_OFF)
# All debits succeed, the day after; nothing comes back.
SURE = Past(
    tries={(1, "A"): (10**6, 0)},
    planned={band: (10**6, 0) for band in range(4)},
    planned_delay={1: {1: 10**6}},
    cash_delay={1: {1: 10**6}},
    returns=Cases({}, {400: 10**7}),
)
HALF = Past(tries={(1, "E"): (10**6, 5 * 10**5)}, recovery=Cases({}, {400: 10**7}))


def lot(kind, days, amount=10_000, grade="A", count=1):
    """Return a lot of `count` equal amounts, so many days after ON."""
    squares = count * amount**2
    day = ON + timedelta(days=days)
    return Lot(kind, day, 1, grade, count, count * amount, squares)


@st.composite
def lots(draw):
    kind = draw(st.sampled_from(KINDS))
    days = draw(st.integers(-30, 95) if kind in AHEAD_KINDS else st.integers(-90, 0))
    return lot(kind, days, draw(st.integers(1, 10**7)), draw(st.sampled_from("ABCDE")))


@tagged("post_install", "-at_install")
class TestCashForecast(BaseCase):
    """Cash to come from what is known on a day."""

    def total(self, *parts, past=SURE, days=90):
        whole = cash_forecast.Bucket(ON + timedelta(days=1), ON + timedelta(days=days))
        return Forecast(ON, parts, Rates(past)).bucket(*whole)

    def test_a_sure_debit_comes_on_the_working_day_after(self):
        forecast = Forecast(ON, [lot(cash_forecast.PLANNED, 5)], Rates(SURE))
        friday, monday = ON + timedelta(days=5), ON + timedelta(days=8)
        self.assertEqual(forecast.bucket(friday, friday).due, 10_000)
        self.assertAlmostEqual(forecast.bucket(friday, friday).expected, 0, -1)
        self.assertAlmostEqual(forecast.bucket(monday, monday).expected, 10_000, -2)

    def test_half_of_what_fails_half_the_time_is_expected(self):
        flying = lot(cash_forecast.IN_FLIGHT, -1, grade="E")
        self.assertAlmostEqual(self.total(flying, past=HALF).expected, 5_000, delta=100)

    def test_without_any_past_the_priors_hold(self):
        planned = lot(cash_forecast.PLANNED, 5, 100_000, grade="")
        total = self.total(planned, past=Past())
        self.assertTrue(90_000 < total.expected < 100_000, total.expected)

    def test_what_was_collected_only_comes_back(self):
        returning = Past(returns=Cases({20: 10**6}, {60: 9 * 10**6}))
        total = self.total(lot(cash_forecast.COLLECTED, -5), past=returning)
        self.assertTrue(-1_100 < total.expected < -200, total.expected)
        old = self.total(lot(cash_forecast.COLLECTED, -100), past=returning)
        self.assertAlmostEqual(old.expected, 0)

    def test_one_large_client_widens_the_range_more_than_many_small_ones(self):
        large = self.total(lot(cash_forecast.PLANNED, 5, 100_000, "E"), past=HALF)
        small = self.total(lot(cash_forecast.PLANNED, 5, 1_000, "E", count=100), past=HALF)
        self.assertAlmostEqual(large.expected, small.expected)
        self.assertAlmostEqual(large.deviation, 10 * small.deviation)

    @settings(max_examples=40)
    @given(st.lists(lots(), max_size=4), st.integers(1, 60), st.integers(1, 30))
    def test_the_parts_make_the_whole(self, parts, cut, more):
        forecast = Forecast(ON, parts, Rates(HALF))
        first, middle = ON + timedelta(days=1), ON + timedelta(days=cut)
        end = middle + timedelta(days=more)
        one, other = (
            forecast.bucket(first, middle),
            forecast.bucket(middle + timedelta(days=1), end),
        )
        whole = forecast.bucket(first, end)
        self.assertAlmostEqual(one.expected + other.expected, whole.expected, 3)
        self.assertEqual(one.due + other.due, whole.due)
        alone = [Forecast(ON, [part], Rates(HALF)).bucket(first, end) for part in parts]
        self.assertAlmostEqual(sum(part.expected for part in alone), whole.expected, 3)

    @settings(max_examples=40)
    @given(lots(), st.integers(1, 98))
    def test_never_more_than_the_amount_comes_and_never_more_goes(self, part, days):
        expected = self.total(part, past=Past(), days=days).expected
        low = -part.amount if part.kind == cash_forecast.COLLECTED else -0.05 * part.amount
        self.assertLessEqual(low, expected)
        self.assertLessEqual(expected, part.amount * 1.0001)

    @settings(max_examples=40)
    @given(lots(), st.integers(1, 98))
    def test_nothing_moves_while_banks_are_closed(self, part, days):
        day = ON + timedelta(days=days)
        moved = Forecast(ON, [part], Rates(Past())).bucket(day, day).expected
        if not target_calendar.is_target_day(day):
            self.assertEqual(moved, 0)

    @given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(0, 6))
    def test_the_due_dates_behind_days_are_those_whose_money_comes_in_them(self, day, delay):
        bucket = Bucket(day, day + timedelta(days=6))
        dues = cash_forecast.due_days(bucket, delay)
        for due in (dues.start, dues.end, dues.start - timedelta(days=1)):
            comes = target_calendar.add_target_days(target_calendar.roll_forward(due), delay)
            is_behind = dues.start <= due <= dues.end
            self.assertEqual(bucket.start <= comes <= bucket.end, is_behind)

    def test_weeks_are_whole_and_begin_after_the_day(self):
        for day in (ON, ON + timedelta(days=1), ON + timedelta(days=4)):
            weeks = cash_forecast.weeks(day)
            self.assertEqual(len(weeks), 13)
            self.assertTrue(all(week.start.weekday() == 0 for week in weeks))
            self.assertTrue(0 < (weeks[0].start - day).days <= 7)
            self.assertLessEqual((weeks[-1].end - day).days, cash_forecast.AHEAD)


@tagged("post_install", "-at_install")
class TestCashForecastError(BaseCase):
    """How far forecasts were off."""

    def outcomes(self, *pairs, deviation=0.0):
        return [Outcome(e, deviation, 0.9 * e, 1.1 * e, a) for e, a in pairs * 4]

    def test_off_by_and_bias_are_shares_of_what_came(self):
        error = cash_forecast_error.measure(self.outcomes((110, 100), (96, 100)))
        self.assertEqual(error.count, 8)
        self.assertAlmostEqual(error.off, 0.07)
        self.assertAlmostEqual(error.bias, 0.03)
        self.assertEqual(error.covered, 1)
        half = cash_forecast_error.measure(self.outcomes((100, 100), (150, 100)))
        self.assertEqual(half.covered, 0.5)

    def test_few_forecasts_tell_nothing(self):
        self.assertIsNone(cash_forecast_error.measure(self.outcomes((110, 100))[:7]))
        self.assertIsNone(cash_forecast_error.measure(self.outcomes((1, 0), (1, 0))))

    def test_the_common_factor_is_what_chance_does_not_explain(self):
        off = self.outcomes(*[(100.0, 120.0), (100.0, 80.0)] * 50)
        self.assertAlmostEqual(cash_forecast_error.common_factor(off), 0.2, 2)
        chance = self.outcomes(*[(100.0, 120.0), (100.0, 80.0)] * 50, deviation=20.0)
        self.assertLess(cash_forecast_error.common_factor(chance), 0.02)
        self.assertEqual(cash_forecast_error.common_factor([]), cash_forecast_error.FACTOR_PRIOR)

    @given(st.floats(-1e6, 1e6), st.floats(0, 1e5), st.floats(0, 1))
    def test_the_range_holds_what_is_expected_and_widens(self, expected, deviation, factor):
        low, high = cash_forecast_error.limits(expected, deviation, factor)
        self.assertLessEqual(low, expected)
        self.assertLessEqual(expected, high)
        wider = cash_forecast_error.limits(expected, deviation + 1, factor)
        self.assertLessEqual(wider[0], low)
        self.assertGreaterEqual(wider[1], high)
