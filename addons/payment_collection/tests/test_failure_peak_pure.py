from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure.failure_peak import Counts, Settings, peak

COUNTS = st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(
    lambda pair: Counts(max(pair), min(pair))
)
SETTINGS = st.tuples(st.integers(1, 50), st.integers(1, 200)).map(lambda pair: Settings(*pair))


@tagged("post_install", "-at_install")
class TestFailurePeak(BaseCase):
    """When failures are out of the ordinary."""

    def test_known_cases(self):
        past = Counts(1000, 40)  # 4 % is usual
        for recent, found in (
            (Counts(100, 4), None),
            (Counts(100, 8), None),  # 4 points more: less than asked for
            (Counts(100, 12), (12, False)),
            (Counts(100, 30), (30, True)),
            (Counts(40, 5), None),  # chance does that
            (Counts(29, 29), None),  # too few debits
            (Counts(3000, 4 * 30), None),
            (Counts(0, 0), None),
        ):
            with self.subTest(recent=recent):
                result = peak(recent, past, Settings())
                self.assertEqual(
                    result and (result.share * 100, result.severe), found and (*found,)
                )

    def test_without_a_past_only_a_high_share_is_told(self):
        for failed, found in ((19, None), (20, False), (24, False), (25, True)):
            with self.subTest(failed=failed):
                result = peak(Counts(100, failed), Counts(10, 0), Settings())
                self.assertEqual(result and result.severe, found)
                self.assertIsNone(result and result.usual)

    @given(COUNTS, COUNTS, SETTINGS)
    def test_a_peak_is_always_above_what_is_usual_and_worth_a_look(self, recent, past, settings):
        found = peak(recent, past, settings)
        if found is None:
            return
        self.assertGreaterEqual(recent.sent, settings.minimum)
        self.assertGreaterEqual(recent.failed, 5)
        self.assertEqual(found.share, Fraction(recent.failed, recent.sent))
        if found.usual is not None:
            self.assertGreaterEqual(found.share - found.usual, Fraction(settings.points, 100))

    @given(COUNTS, st.integers(1, 20), SETTINGS)
    def test_the_usual_share_is_no_peak_however_high(self, past, times, settings):
        recent = Counts(past.sent * times, past.failed * times)
        if past.sent >= settings.minimum:
            self.assertIsNone(peak(recent, past, settings))

    @given(COUNTS, COUNTS, SETTINGS, st.integers(1, 100))
    def test_more_failures_never_end_a_peak(self, recent, past, settings, more):
        if peak(recent, past, settings):
            worse = Counts(recent.sent, min(recent.sent, recent.failed + more))
            self.assertIsNotNone(peak(worse, past, settings))

    @given(COUNTS, COUNTS, SETTINGS, st.integers(1, 50))
    def test_asking_for_more_never_finds_more(self, recent, past, settings, more):
        stricter = Settings(settings.points + more, settings.minimum)
        found, strictly = peak(recent, past, settings), peak(recent, past, stricter)
        if strictly and strictly.usual is not None:
            self.assertIsNotNone(found)
            self.assertGreaterEqual(found.severe, strictly.severe)
