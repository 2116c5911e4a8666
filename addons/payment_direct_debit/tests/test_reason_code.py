from odoo.tests import tagged

from odoo.addons.payment_direct_debit.tests.common import EngineCommon


@tagged("post_install", "-at_install")
class TestReasonCode(EngineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["payment.reason.code"]

    def test_a_code_is_found_in_whatever_letters(self):
        self.assertEqual(self.codes._from_code("am04").name, "AM04")

    def test_a_code_that_is_not_listed_is_unknown(self):
        self.assertEqual(self.codes._from_code("ZZ99").name, "UNKNOWN")

    def test_no_code_is_no_reason(self):
        for nothing in ("", None, False):
            self.assertFalse(self.codes._from_code(nothing))

    def test_a_new_code_is_found_at_once(self):
        self.assertEqual(self.codes._from_code("ZZ98").name, "UNKNOWN")
        added = self.codes.create({"name": "ZZ98", "label": "New", "category": "funds"})
        self.assertEqual(self.codes._from_code("ZZ98"), added)
        added.unlink()
        self.assertEqual(self.codes._from_code("ZZ98").name, "UNKNOWN")

    def test_what_each_family_of_codes_means(self):
        for code, category, kills in (
            ("AM04", "funds", False),
            ("AC04", "hard", True),
            ("AC01", "hard", True),
            ("MD06", "dispute", False),
            ("UNKNOWN", "unknown", False),
        ):
            with self.subTest(code=code):
                reason = self.codes._from_code(code)
                self.assertEqual((reason.category, reason.kills_mandate), (category, kills))

    def test_no_code_is_both_hopeless_and_worth_another_try(self):
        wrong = self.codes.search([("retryable", "=", True), ("kills_mandate", "=", True)])
        self.assertFalse(wrong.mapped("name"))

    def test_each_code_tells_a_person_what_to_do(self):
        self.assertFalse(self.codes.search([("debtor_advice", "=", False)]).mapped("name"))
