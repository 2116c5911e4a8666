from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import failures
from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRefused,
    DebitRetryable,
)

IBAN = "FR7630006000011234567890189"


@tagged("post_install", "-at_install")
class TestFailures(BaseCase):
    def test_an_answer_that_says_nothing_may_be_asked_for_again_but_not_written_again(self):
        self.assertIsInstance(failures.unclear("GET", "what?"), DebitRetryable)
        for verb in ("POST", "PUT", "DELETE"):
            self.assertIsInstance(failures.unclear(verb, "what?"), DebitOutcomeUnknown)

    def test_a_bug_behind_the_boundary_is_an_unclear_answer_that_names_no_content(self):
        for verb, kind in (("GET", DebitRetryable), ("POST", DebitOutcomeUnknown)):
            with self.assertRaises(kind) as caught, failures.boundary("The bank", verb):
                raise KeyError("CANARY")
            self.assertEqual(str(caught.exception), "unexpected answer of The bank (KeyError)")

    def test_what_is_sorted_already_passes_the_boundary(self):
        refusal = DebitRefused("no", code="AC04")
        with self.assertRaises(DebitRefused) as caught, failures.boundary("The bank", "POST"):
            raise refusal
        self.assertIs(caught.exception, refusal)

    def test_the_pause_is_a_minute_at_least_and_what_is_asked_for_up_to_an_hour(self):
        for asked, seconds in (
            (None, 60),
            ("", 60),
            ("1", 60),
            ("90", 90),
            ("999999", 3600),
            ("-5", 60),
            ("²", 60),
            ("Wed, 21 Oct 2026 07:28:00 GMT", 60),
        ):
            with self.subTest(asked=asked):
                error = failures.too_fast("The bank", {"retry-after": asked})
                self.assertEqual(error.after, seconds)
        self.assertEqual(failures.too_fast("The bank", None).after, 60)

    def test_a_sentence_holds_the_words_that_there_are_and_no_iban(self):
        text = failures.sentence(f"no account {IBAN}", None, "", "[request 7]")
        self.assertNotIn(IBAN, text)
        self.assertTrue(text.startswith("no account ") and text.endswith(" [request 7]"))
