"""The provider did what it was asked, and nobody heard the answer."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from .common import Story

DUE = date(2026, 3, 19)
WAYS_TO_LOSE = ("drop_after", "504", "html_200", "drop_before")


class LostAnswers:
    def test_lost_answers_are_found_and_nothing_is_sent_twice(self):
        installments = [self.one_month(DUE, price=10.0 + n) for n, _way in enumerate(WAYS_TO_LOSE)]
        for way in WAYS_TO_LOSE:
            self.sandbox.fault(way, **self.SEND)
        self.live(date(2026, 3, 18))
        debits = self.attempts()
        self.assertEqual(len(debits), len(WAYS_TO_LOSE))
        self.assertTrue(
            debits.history_ids.filtered(lambda row: row.to_state == "unknown"),
            "no answer was lost: the story tells nothing",
        )
        self.live(date(2026, 4, 3))
        self.assertEqual(self.attempts(), debits, "an unknown outcome is never replaced")
        self.assertEqual({i.state for i in installments}, {"paid"})
        names = sorted(self.reference_there(row) for row in self._there())
        self.assertEqual(names, sorted(self.reference_of(debit) for debit in debits))
        self.assert_sound()


@tagged("post_install", "-at_install")
class TestLostAnswersSlimPay(LostAnswers, SlimPay, Story):
    """No idempotency: each is looked for before it is sent again."""


@tagged("post_install", "-at_install")
class TestLostAnswersStripe(LostAnswers, Stripe, Story):
    """The same key again gives the same payment."""
