import json
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.eu import at_02
from stdnum.iso7064 import mod_97_10

from odoo.tests import BaseCase, tagged

from odoo.addons.base_iban.models.res_partner_bank import _map_iban_template
from odoo.addons.payment_direct_debit.pure import iban
from odoo.addons.payment_direct_debit.pure.iban_registry import (
    BBAN_STRUCTURES,
    character_classes,
)

FRENCH = "FR7630006000011234567890189"
# Published examples, with a letter in the account for the first.
FRENCH_OK = ("FR1420041010050500013M02606", FRENCH, "FR7612345987650123456789014")
SECRET = b"0123456789abcdef"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS = {"n": "0123456789", "a": ALPHANUMERIC[10:], "c": ALPHANUMERIC}
PROPERTY = settings(max_examples=200, deadline=None, database=None)


@st.composite
def valid_ibans(draw):
    country = draw(st.sampled_from(sorted(iban.SEPA_IBAN_PREFIXES)))
    parts = re.findall(r"(\d+)([nac])", BBAN_STRUCTURES[country])
    sizes = [(int(size), ALPHABETS[kind]) for size, kind in parts]
    bban = "".join(draw(st.text(chars, min_size=n, max_size=n)) for n, chars in sizes)
    return with_check_digits(country, bban)


def with_check_digits(country, bban):
    return country + mod_97_10.calc_check_digits(bban + country) + bban


def grouped(number, separator=" "):
    return separator.join(number[i : i + 4] for i in range(0, len(number), 4))


@tagged("post_install", "-at_install")
class TestIban(BaseCase):
    def test_pasted_forms_come_to_the_same_number(self):
        for text in (
            grouped(FRENCH),
            grouped(FRENCH.lower(), "\u00a0"),
            f"IBAN : {grouped(FRENCH, '-')} ",
            f"\u200b{grouped(FRENCH, '.')}",
            "\uff26\uff32" + FRENCH[2:],
        ):
            with self.subTest(text=text):
                self.assertEqual(iban.validate(text), FRENCH)

    def test_refusals_say_why_without_the_number(self):
        for text, reason in {
            "": "format",
            "FR76": "format",
            FRENCH[:-2]: "format",
            FRENCH + "0": "format",
            "FR7730006000011234567890189": "checksum",
            "FR76é0006000011234567890189": "format",
            "TR330006100519786457841326": "country",
            "US0000000000000000000": "country",
        }.items():
            with self.subTest(text=text), self.assertRaises(iban.IbanError) as caught:
                iban.validate(text)
            self.assertEqual(caught.exception.reason, reason, text)
            self.assertFalse(text[4:] and text[4:] in str(caught.exception))
        self.assertFalse(iban.is_valid("FR76"))

    def test_a_right_checksum_on_a_wrong_length_is_refused(self):
        bban = "3000600001123456789018"
        with self.assertRaises(iban.IbanError) as caught:
            iban.validate(with_check_digits("FR", bban))
        self.assertEqual(caught.exception.reason, "format")

    def test_sepa_has_41_countries_and_gibraltar_its_own_prefix(self):
        self.assertEqual(len(iban.SEPA_COUNTRIES), 41)
        self.assertLessEqual({"AL", "MD", "ME", "MK", "RS"}, iban.SEPA_COUNTRIES)
        self.assertTrue(iban.is_valid("GI75NWBK000000007099453"))

    def test_lengths_are_those_that_odoo_checks_on_bank_accounts(self):
        self.assertLessEqual(iban.SEPA_IBAN_PREFIXES, set(BBAN_STRUCTURES))
        for country, template in _map_iban_template.items():
            length = len(template.replace(" ", ""))
            self.assertEqual(len(character_classes(country.upper())), length, country)

    def test_overseas_territories_hold_french_accounts_or_are_outside(self):
        for code in ("GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "fr"):
            self.assertEqual(iban.iban_prefix_of(code), "FR", code)
        for code in ("NC", "PF", "WF", "US"):
            self.assertIsNone(iban.iban_prefix_of(code), code)

    @PROPERTY
    @given(valid_ibans())
    def test_no_sepa_country_is_refused(self, number):
        self.assertEqual(iban.validate(grouped(number)), number)

    @PROPERTY
    @given(valid_ibans(), st.data())
    def test_one_wrong_digit_is_always_seen(self, number, data):
        position = data.draw(
            st.sampled_from([i for i, c in enumerate(number) if i > 1 and c.isdigit()])
        )
        other = data.draw(st.sampled_from([c for c in "0123456789" if c != number[position]]))
        self.assertFalse(iban.is_valid(number[:position] + other + number[position + 1 :]))


@tagged("post_install", "-at_install")
class TestFrenchKey(BaseCase):
    def test_the_rib_key_sees_what_the_check_digits_do_not(self):
        for number in FRENCH_OK:
            self.assertTrue(iban.french_rib_key_ok(number), number)
        wrong_key = "FR7711119999888855559999233"
        self.assertTrue(iban.is_valid(wrong_key))
        self.assertFalse(iban.french_rib_key_ok(wrong_key))

    def test_monaco_has_the_key_and_others_do_not(self):
        self.assertTrue(iban.french_rib_key_ok("DE89370400440532013000"))
        self.assertTrue(iban.french_rib_key_ok("MC5811222000010123456789030"))
        self.assertFalse(iban.french_rib_key_ok("MC5811222000010123456789031"))
        self.assertFalse(iban.french_rib_key_ok("FR76"))


@tagged("post_install", "-at_install")
class TestWhatIsShown(BaseCase):
    def test_the_mask_shows_less_of_what_is_shorter(self):
        self.assertEqual(iban.mask(grouped(FRENCH)), "FR76 •••• •••• 189")
        self.assertEqual(iban.mask("1234567890"), "•••• 90")
        self.assertEqual(iban.mask("1234567"), "••••")
        self.assertEqual(iban.mask(""), "")
        self.assertEqual(iban.last4(grouped(FRENCH)), "0189")
        self.assertEqual(iban.last4("12345678"), "")

    def test_the_fingerprint_depends_on_the_account_and_the_secret_only(self):
        mark = iban.fingerprint(FRENCH, SECRET)
        self.assertRegex(mark, "^[0-9a-f]{64}$")
        self.assertEqual(iban.fingerprint(grouped(FRENCH.lower()), SECRET), mark)
        self.assertNotEqual(iban.fingerprint(FRENCH_OK[0], SECRET), mark)
        self.assertNotEqual(iban.fingerprint(FRENCH, SECRET[::-1]), mark)

    def test_no_fingerprint_of_nothing_or_without_a_secret(self):
        for number, secret in (("", SECRET), (" ", SECRET), (FRENCH, b""), (FRENCH, b"short")):
            with self.subTest(number=number), self.assertRaises(ValueError):
                iban.fingerprint(number, secret)

    def test_numbers_disappear_from_any_kind_of_text(self):
        shown = "FR76 •••• •••• 189"
        for text, expected in {
            f"debit {grouped(FRENCH)} refused": f"debit {shown} refused",
            f"iban={FRENCH.lower()}&x=1": f"iban={shown}&x=1",
            f"iban={grouped(FRENCH, '+')}&x=1": f"iban={shown}&x=1",
            f"iban={grouped(FRENCH, '%20')}&x=1": f"iban={shown}&x=1",
            json.dumps({"iban": grouped(FRENCH, "\u00a0")}): json.dumps({"iban": "@"}).replace(
                "@", shown
            ),
            f"IBAN{FRENCH}EUR": f"IBAN{shown}EUR",
            "FR76 30006 00001 12345678901 89.": f"{shown}.",
            f"{FRENCH}{FRENCH}": shown * 2,
            # Mistyped: the check digits are wrong, the account is still told.
            f"FR77{FRENCH[4:]} unknown": "FR77 •••• •••• 189 unknown",
        }.items():
            with self.subTest(text=text):
                self.assertEqual(iban.redact(text), expected)

    def test_references_dates_and_amounts_are_left_alone(self):
        for text in (
            "",
            "MD0001XC4V8Z9K was cancelled by the payer on 2026-11-22T10:00:00Z",
            "CT2026000123-02 PM000ABC123 EV01HZX3 12 345.67 EUR VAT FR12345678901",
            "be12ab34-5678-90ab-cdef-1234567890ab",
            "FR78ZZZ424242 FR14 FR76 •••• •••• 189",
        ):
            with self.subTest(text=text):
                self.assertEqual(iban.redact(text), text)

    @PROPERTY
    @given(valid_ibans(), st.text(max_size=9), st.text(max_size=9), st.sampled_from([*" -.", ""]))
    def test_no_account_survives_redaction(self, number, before, after, separator):
        # Letters right before may start a longer number: other tests look at glued words.
        assume(not re.search("[A-Za-z0-9]", before))
        redacted = iban.redact(before + grouped(number, separator) + after)
        self.assertNotIn(number[4:-3], re.sub("[^A-Z0-9]", "", redacted))
        self.assertIn(iban.mask(number), redacted)

    @PROPERTY
    @given(valid_ibans())
    def test_the_mask_never_tells_more_than_seven_characters(self, number):
        visible = re.sub("[ •]", "", iban.mask(number))
        self.assertEqual(visible, number[:4] + number[-3:])


@tagged("post_install", "-at_install")
class TestReferences(BaseCase):
    def test_mandate_references_follow_the_sepa_character_set(self):
        for rum in ("CT2026000123-02", "++OLD1", "a.b,c:d'e(f)?g/h+i", "X" * 35):
            self.assertTrue(iban.is_valid_rum(rum), rum)
        for rum in ("", "X" * 36, "A B", "A_B", "É1", "/A", "A/", "A//B", "A\n", "A&B"):
            self.assertFalse(iban.is_valid_rum(rum), rum)

    def test_mandate_references_are_compared_in_capitals_without_spaces(self):
        self.assertEqual(iban.normalise_rum(" ct 2026-01\n"), "CT2026-01")

    def test_creditor_identifiers_with_a_right_checksum(self):
        for ics in (
            "FR72ZZZ123456",
            "FR78ZZZ424242",
            "fr78 zzz 424242",
            "DE98ZZZ09999999999",
            "NL53ZZZ091734220000",
        ):
            self.assertTrue(iban.is_valid_ics(ics), ics)
        for ics in ("", "FR07ZZZ519993", "FR12ZZZ123456", "IE03ZZZ123456", "FR72-ZZZ123456"):
            self.assertFalse(iban.is_valid_ics(ics), ics)

    def test_the_business_code_is_free_and_outside_the_checksum(self):
        self.assertTrue(iban.is_valid_ics("FR78ABC424242"))

    def test_a_french_creditor_identifier_has_13_characters(self):
        longer = "FR" + at_02.calc_check_digits("FR00ZZZ4242421") + "ZZZ4242421"
        self.assertTrue(at_02.is_valid(longer))
        self.assertFalse(iban.is_valid_ics(longer))
