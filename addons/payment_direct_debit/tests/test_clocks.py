from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.pure import clocks

DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))


@tagged("post_install", "-at_install")
class TestClocks(BaseCase):
    """How long money that has arrived may still be taken back."""

    def test_a_core_debit_can_be_refunded_for_eight_weeks(self):
        for settled, until in (
            (date(2026, 3, 4), date(2026, 4, 29)),
            (date(2025, 12, 31), date(2026, 2, 25)),
            (date(2028, 1, 4), date(2028, 2, 29)),
        ):
            with self.subTest(settled=settled):
                self.assertEqual(clocks.refundable_until(settled, "core"), until)

    def test_a_b2b_debit_can_not_be_refunded(self):
        self.assertIsNone(clocks.refundable_until(date(2026, 3, 4), "b2b"))

    def test_an_unauthorised_debit_can_be_contested_for_thirteen_months(self):
        for settled, until in (
            (date(2026, 3, 4), date(2027, 4, 4)),
            (date(2026, 1, 31), date(2027, 2, 28)),
            (date(2027, 1, 31), date(2028, 2, 29)),
        ):
            with self.subTest(settled=settled):
                self.assertEqual(clocks.contestable_until(settled), until)

    def test_what_has_not_settled_has_no_clock(self):
        self.assertIsNone(clocks.refundable_until(None, "core"))
        self.assertIsNone(clocks.contestable_until(None))

    @given(DAYS)
    def test_the_clocks_do_not_depend_on_the_calendar(self, settled):
        refundable = clocks.refundable_until(settled, "core")
        self.assertEqual(refundable - settled, timedelta(days=56))
        self.assertGreater(clocks.contestable_until(settled), refundable)
