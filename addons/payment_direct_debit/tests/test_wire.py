from datetime import date, datetime, timezone

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit.exceptions import DebitRefused
from odoo.addons.payment_direct_debit.pure import wire


@tagged("post_install", "-at_install")
class TestWire(BaseCase):
    def test_a_strange_identifier_is_refused_when_asked_about_and_unreadable_when_answered(self):
        ids = wire.Identifiers("The bank", "[A-Z]{2}[0-9]+")
        self.assertEqual((ids.asked("PM1"), ids.answered("PM1")), ("PM1", "PM1"))
        for value in ("", None, 7, "PM1/../x", "PM1\n", "PM1?a=b", "pm1", "PM١"):
            with self.subTest(value=value):
                self.assertFalse(ids.fits(value))
                with self.assertRaises(DebitRefused) as caught:
                    ids.asked(value)
                self.assertEqual(caught.exception.code, "bad_identifier")
                with self.assertRaises(ValueError):
                    ids.answered(value)

    def test_moments_of_every_notation_are_naive_utc(self):
        for text in (
            "2026-03-11T23:30:00Z",
            "2026-03-11T23:30:00.000Z",
            "2026-03-12T00:30:00+01:00",
            "2026-03-12T00:30:00.000+0100",
            "2026-03-11T23:30:00",
        ):
            self.assertEqual(wire.moment(text), datetime(2026, 3, 11, 23, 30))
        self.assertEqual(wire.since_1970(1773271800), datetime(2026, 3, 11, 23, 30))
        with self.assertRaises(ValueError):
            wire.moment("yesterday")

    def test_the_day_is_that_of_paris_in_winter_and_in_summer(self):
        for when, day in (
            (datetime(2026, 3, 11, 22, 59), date(2026, 3, 11)),
            (datetime(2026, 3, 11, 23, 0), date(2026, 3, 12)),
            (datetime(2026, 7, 1, 21, 59), date(2026, 7, 1)),
            (datetime(2026, 7, 1, 22, 0), date(2026, 7, 2)),
        ):
            self.assertEqual(wire.day_in_paris(when), day)

    def test_a_stamp_says_its_zone(self):
        when = datetime(2026, 3, 11, 23, 30, 0, 123456)
        self.assertEqual(wire.stamp(when), "2026-03-11T23:30:00.123Z")
        self.assertEqual(wire.stamp(when, "+0000"), "2026-03-11T23:30:00.123+0000")
        aware = datetime(2026, 3, 11, 23, 30, tzinfo=timezone.utc)
        self.assertEqual(wire.naive(aware), datetime(2026, 3, 11, 23, 30))

    def test_a_word_is_short_and_plain(self):
        self.assertEqual(wire.word("payment.paid_out"), "payment.paid_out")
        self.assertEqual(wire.word("<b>é\0x</b>"), "bxb")
        self.assertEqual(wire.word(None), "")
        self.assertEqual(len(wire.word("a" * 100)), 64)

    def test_labels_keep_the_first_keys_within_the_limits(self):
        kept = wire.labels({"abc": "12345", "d": 6, "e": 7}, keys=2, key_size=2, value_size=3)
        self.assertEqual(kept, {"ab": "123", "d": "6"})
