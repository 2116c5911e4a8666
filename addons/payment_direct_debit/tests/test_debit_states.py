from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import debit_states, seam

OURS = st.sampled_from(
    [
        "",
        "draft",
        "submitting",
        "unknown",
        "submitted",
        "collected",
        "paid_out",
        "failed",
        "cancelled",
        "returned",
    ]
)
THEIRS = st.sampled_from(
    [
        seam.ACCEPTED,
        seam.COLLECTED,
        seam.PAID_OUT,
        seam.FAILED,
        seam.CANCELLED,
        seam.RETURNED,
        seam.UNMAPPED,
        "a word of tomorrow",
    ]
)
END = {
    seam.ACCEPTED: {"submitted"},
    seam.COLLECTED: {"collected", "paid_out"},
    seam.PAID_OUT: {"paid_out"},
    seam.FAILED: {"failed", "returned"},
    seam.CANCELLED: {"cancelled", "failed"},
    seam.RETURNED: {"returned"},
}


@tagged("post_install", "-at_install")
class TestPath(BaseCase):
    """The way from what we know to what the provider says."""

    @given(OURS, THEIRS)
    def test_every_step_of_every_way_is_a_transition(self, current, status):
        for target in debit_states.path(current, status) or ():
            self.assertIn((current, target), debit_states.TRANSITIONS)
            current = target

    @given(OURS, THEIRS)
    def test_a_way_ends_where_the_provider_is(self, current, status):
        way = debit_states.path(current, status)
        if way is not None:
            self.assertIn((way or (current,))[-1], END[status])

    @given(OURS, THEIRS)
    def test_the_same_news_twice_moves_nothing_twice(self, current, status):
        way = debit_states.path(current, status)
        if way:
            self.assertEqual(debit_states.path(way[-1], status), ())

    @given(OURS, st.lists(THEIRS, max_size=8))
    def test_money_never_goes_back_without_having_come(self, current, news):
        came = 1 if current in debit_states.MONEY_IN else 0
        for status in news:
            for target in debit_states.path(current, status) or ():
                came += (target == "collected") - (target == "returned")
                current = target
            self.assertEqual(came, 1 if current in debit_states.MONEY_IN else 0)

    @given(OURS)
    def test_a_status_that_is_not_known_leads_nowhere(self, current):
        for status in (seam.UNMAPPED, "a word of tomorrow"):
            self.assertIsNone(debit_states.path(current, status))

    def test_no_step_is_jumped_over(self):
        cases = {
            ("submitted", seam.PAID_OUT): ("collected", "paid_out"),
            ("unknown", seam.COLLECTED): ("submitted", "collected"),
            ("submitting", seam.RETURNED): ("submitted", "collected", "returned"),
            ("unknown", seam.CANCELLED): ("submitted", "cancelled"),
            ("failed", seam.COLLECTED): ("submitted", "collected"),
        }
        for (current, status), way in cases.items():
            with self.subTest(current=current, status=status):
                self.assertEqual(debit_states.path(current, status), way)

    def test_a_failure_after_the_money_is_a_return(self):
        for current in debit_states.MONEY_IN:
            self.assertEqual(debit_states.path(current, seam.FAILED), ("returned",))

    def test_contradictions_are_left_to_a_person(self):
        for current, status in (
            ("cancelled", seam.COLLECTED),
            ("collected", seam.ACCEPTED),
            ("paid_out", seam.CANCELLED),
            ("draft", seam.COLLECTED),
        ):
            with self.subTest(current=current, status=status):
                self.assertIsNone(debit_states.path(current, status))

    @given(OURS, THEIRS)
    def test_a_person_can_take_the_providers_word_by_known_steps_only(self, current, status):
        way = debit_states.path(current, status, forced=True)
        for target in way or ():
            self.assertIn((current, target), debit_states.TRANSITIONS)
            current = target
        if way is not None:
            self.assertIn(current, END[status])

    def test_a_cancelled_debit_that_left_all_the_same_can_be_taken_up(self):
        way = debit_states.path("cancelled", seam.COLLECTED, forced=True)
        self.assertEqual(way, ("submitted", "collected"))
