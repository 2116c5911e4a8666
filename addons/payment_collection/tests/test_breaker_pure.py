from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_collection.pure import breaker
from odoo.addons.payment_collection.pure.breaker import Breaker, Settings

NOW = datetime(2026, 2, 2, 8)
QUARTER = timedelta(minutes=15)
SETTINGS = Settings(threshold=3, pause=QUARTER, max_pause=timedelta(hours=1))


def after(results, start=Breaker(), now=NOW):  # noqa: B008 - immutable
    for answered in results:
        start = breaker.after(start, answered, now, SETTINGS)
    return start


@tagged("post_install", "-at_install")
class TestBreaker(BaseCase):
    def test_it_opens_after_so_many_failures_in_a_row(self):
        self.assertEqual(after([False, False]).state(NOW), breaker.CLOSED)
        self.assertEqual(after([False, False, True, False, False]).state(NOW), breaker.CLOSED)
        self.assertEqual(after([True, False, False, False]).state(NOW), breaker.OPEN)

    def test_after_its_pause_one_debit_may_try(self):
        opened = after([False] * 3)
        later = NOW + QUARTER
        self.assertEqual(breaker.allowance(opened, 50, NOW, SETTINGS), 0)
        self.assertEqual(opened.state(later), breaker.HALF_OPEN)
        self.assertEqual(breaker.allowance(opened, 50, later, SETTINGS), 1)

    def test_the_pause_doubles_with_each_failed_probe_up_to_a_limit(self):
        state, now, pauses = after([False] * 3), NOW, []
        for _probe in range(4):
            now = state.retry_at
            state = after([False], state, now)
            pauses.append(state.retry_at - now)
        self.assertEqual(pauses, [2 * QUARTER, 4 * QUARTER, 4 * QUARTER, 4 * QUARTER])
        self.assertEqual(state.opened_at, NOW)

    def test_an_answer_closes_it(self):
        opened = after([False] * 3)
        self.assertEqual(after([True], opened, opened.retry_at), Breaker())

    def test_failures_of_others_that_were_on_their_way_do_not_prolong_the_pause(self):
        opened = after([False] * 3)
        self.assertEqual(after([False], opened).retry_at, opened.retry_at)

    @given(st.lists(st.booleans(), max_size=30), st.integers(0, 100))
    def test_a_doubtful_provider_never_gets_more_than_it_takes_to_be_sure(self, results, wanted):
        state = after(results)
        allowed = breaker.allowance(state, wanted, NOW, SETTINGS)
        self.assertLessEqual(allowed, wanted)
        if state.failures and state.state(NOW) == breaker.CLOSED:
            self.assertLessEqual(state.failures + allowed, SETTINGS.threshold)
        if not state.failures:
            self.assertEqual(allowed, wanted)
