from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..importing import values
from ..importing.errors import ValueRefused, shown

AMOUNTS = st.decimals(0, 99999, places=2)


@tagged("post_install", "-at_install")
class TestImportValues(BaseCase):
    def refused(self, read, text):
        with self.assertRaises(ValueRefused) as caught:
            read(text)
        return caught.exception.code

    def test_decimal_comma_point_and_french_thousands(self):
        for text in ("1234,56", "1234.56", "1 234,56", "1\u00a0234,56", "1\u202f234,560"):
            self.assertEqual(values.decimal(text), Decimal("1234.56"), text)

    def test_third_decimal_is_refused_and_not_rounded(self):
        self.assertEqual(self.refused(values.decimal, "0,295"), "too_many_decimals")

    def test_what_is_not_a_plain_number_is_refused(self):
        for text in ("1e5", "nan", "inf", "1.234,56", "0x1", "12€", "--1", "1 23", "٣", "1_000"):
            self.assertEqual(self.refused(values.decimal, text), "bad_number", text)

    def test_prices_are_not_negative_quantities_not_zero(self):
        self.assertEqual(values.not_negative("0"), 0)
        self.assertEqual(self.refused(values.not_negative, "-0,01"), "negative")
        self.assertEqual(self.refused(values.positive, "0"), "not_positive")

    def test_dates_iso_and_french(self):
        self.assertEqual(values.day("2026-02-01"), date(2026, 2, 1))
        self.assertEqual(values.day("01/02/2026"), date(2026, 2, 1))
        self.assertEqual(self.refused(values.day, "29/02/2026"), "no_such_date")
        self.assertEqual(self.refused(values.day, "01/02/26"), "bad_date")
        self.assertEqual(self.refused(values.day, "0026-02-01"), "bad_year")

    def test_billing_day(self):
        self.assertEqual(values.billing_day("31"), 31)
        for text in ("0", "32", "-1", "1,5", "001"):
            self.assertEqual(self.refused(values.billing_day, text), "bad_billing_day", text)

    def test_iban_is_normalised_and_never_repeated(self):
        good = "FR76 3000 6000 0112 3456 7890 189"
        self.assertEqual(values.iban(good), good.replace(" ", ""))
        with self.assertRaises(ValueRefused) as caught:
            values.iban(good.replace("189", "188"))
        self.assertNotIn("3456", str(caught.exception))
        self.assertEqual(self.refused(values.iban, "US64SVBKUS6S3300958879"), "iban_country")

    def test_siret_satisfies_luhn(self):
        self.assertEqual(values.siret("732 829 320 00074"), "73282932000074")
        self.assertEqual(self.refused(values.siret, "73282932000075"), "bad_siret")

    def test_shown_values_are_short_and_hold_no_account(self):
        self.assertEqual(len(shown("x" * 500)), 61)
        self.assertNotIn("00112345", shown("FR7630006000011234567890189"))

    @given(AMOUNTS)
    def test_any_amount_is_read_back_with_comma_or_point(self, amount):
        self.assertEqual(values.decimal(str(amount)), amount)
        self.assertEqual(values.decimal(str(amount).replace(".", ",")), amount)

    @given(st.dates(date(1950, 1, 1), date(2150, 12, 31)))
    def test_any_date_is_read_back_in_both_forms(self, day):
        self.assertEqual(values.day(day.isoformat()), day)
        self.assertEqual(values.day(day.strftime("%d/%m/%Y")), day)

    @given(st.text(max_size=40))
    def test_no_text_does_more_than_be_refused(self, text):
        readers = (
            values.decimal,
            values.day,
            values.percent,
            values.iban,
            values.siret,
            values.rum,
            values.email,
            values.billing_day,
            values.whole_number,
            values.country_code,
        )
        for read in readers:
            try:
                self.assertIsNotNone(read(text))
            except ValueRefused as error:
                self.assertTrue(error.code)
