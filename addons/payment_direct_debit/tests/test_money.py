from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.pure.money import allocate, from_cents, to_cents

# Amounts that int(x * 100) gets wrong, and their neighbours.
TRAPS = {"0.29": 29, "1.15": 115, "8.20": 820, "19.99": 1999, "9999.99": 999999, "-4.35": -435}

cents = st.integers(-(10**12), 10**12)
digits = st.integers(0, 4)
PROPERTY = settings(max_examples=200, deadline=None, database=None)


@tagged("post_install", "-at_install")
class TestCents(BaseCase):
    def test_amounts_that_a_float_product_gets_wrong_are_exact_in_every_type(self):
        for text, expected in TRAPS.items():
            for amount in (text, float(text), Decimal(text)):
                with self.subTest(amount=amount):
                    self.assertEqual(to_cents(amount), expected)

    def test_an_extra_decimal_is_refused_not_rounded(self):
        for amount in (0.305, "0.305", Decimal("0.305"), 1e-7, "0.00000001", 9999.9999):
            with self.subTest(amount=amount), self.assertRaises(ValueError):
                to_cents(amount)

    def test_zeros_after_the_cents_are_no_extra_decimal(self):
        self.assertEqual(to_cents("12.3400"), 1234)
        self.assertEqual(to_cents(Decimal("1E+2")), 10000)

    def test_the_noise_of_a_float_sum_is_not_a_decimal(self):
        self.assertEqual(to_cents(0.1 + 0.2), 30)
        self.assertEqual(to_cents(0.3 - 0.1 * 3), 0)
        self.assertEqual(to_cents(sum([19.99] * 12)), 23988)

    def test_what_is_not_an_amount_is_refused(self):
        for amount in (float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN")):
            with self.subTest(amount=amount), self.assertRaises(ValueError):
                to_cents(amount)
        for text in ("", "NaN", "1e3", "1,50", "1 000.00", "1_000", "12.", "٣", "0x10"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                to_cents(text)
        for other in (None, False, True, b"1"):
            with self.subTest(other=other), self.assertRaises(TypeError):
                to_cents(other)

    def test_a_float_too_large_to_hold_cents_is_refused(self):
        self.assertEqual(to_cents(90_000_000_000_000.0), 9 * 10**15)
        with self.assertRaises(ValueError):
            to_cents(100_000_000_000_000.0)
        self.assertEqual(to_cents(Decimal("1" + "0" * 40 + ".01")), 10**42 + 1)

    def test_the_decimals_of_the_currency_are_respected(self):
        self.assertEqual(to_cents(500, digits=0), 500)
        self.assertEqual(to_cents("1.234", digits=3), 1234)
        with self.assertRaises(ValueError):
            to_cents("500.5", digits=0)

    def test_from_cents_keeps_the_scale_and_refuses_what_is_no_integer(self):
        self.assertEqual(str(from_cents(820)), "8.20")
        self.assertEqual(str(from_cents(-5)), "-0.05")
        self.assertEqual(str(from_cents(7, digits=0)), "7")
        self.assertEqual(from_cents(10**40 + 1), Decimal("1" + "0" * 38 + ".01"))
        for other in (8.2, True, "820"):
            with self.subTest(other=other), self.assertRaises(TypeError):
                from_cents(other)

    @PROPERTY
    @given(cents, digits)
    def test_cents_survive_the_way_out_and_back(self, amount, digits):
        there = from_cents(amount, digits)
        self.assertEqual(to_cents(there, digits), amount)
        self.assertEqual(to_cents(f"{there:f}", digits), amount)
        self.assertEqual(to_cents(float(there), digits), amount)


@tagged("post_install", "-at_install")
class TestAllocate(BaseCase):
    def test_the_missing_cent_goes_to_the_largest_remainder(self):
        self.assertEqual(allocate(10000, [1, 1, 1]), [3334, 3333, 3333])
        self.assertEqual(allocate(100, [Decimal("0.1"), Decimal("0.2")]), [33, 67])
        self.assertEqual(allocate(-10000, [1, 1, 1]), [-3334, -3333, -3333])
        self.assertEqual(allocate(5, [0, 3, 0]), [0, 5, 0])

    def test_weights_that_share_nothing_are_refused(self):
        for weights in ([], [0, 0], [1, -1], [float("nan")], [float("inf"), 1]):
            with self.subTest(weights=weights), self.assertRaises(ValueError):
                allocate(100, weights)
        with self.assertRaises(TypeError):
            allocate(1.5, [1])

    @PROPERTY
    @given(
        cents,
        st.lists(
            st.integers(0, 10**9)
            | st.floats(0, 1e9)
            | st.decimals(0, 10**6, places=4)
            | st.fractions(0, 1000),
            min_size=1,
            max_size=40,
        ),
    )
    def test_the_parts_sum_to_the_total_and_stay_within_a_cent_of_their_share(self, total, weights):
        whole = sum(map(Fraction, weights))
        assume(whole)
        parts = allocate(total, weights)
        self.assertEqual(sum(parts), total)
        for part, weight in zip(parts, weights, strict=True):
            self.assertLess(abs(part - total * Fraction(weight) / whole), 1)
            if not weight:
                self.assertEqual(part, 0)

    @PROPERTY
    @given(cents, st.lists(st.integers(1, 1000), min_size=1, max_size=20))
    def test_a_negative_total_splits_as_its_opposite(self, total, weights):
        self.assertEqual(allocate(-total, weights), [-part for part in allocate(total, weights)])

    @PROPERTY
    @given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=2, max_size=20))
    def test_a_larger_weight_never_gets_less(self, total, weights):
        ranked = sorted(zip(weights, allocate(total, weights), strict=True))
        for (lighter, less), (heavier, more) in zip(ranked, ranked[1:], strict=False):
            if lighter < heavier:
                self.assertLessEqual(less, more)
