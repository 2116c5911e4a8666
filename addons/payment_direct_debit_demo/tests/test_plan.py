from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit_demo import plan


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    def test_a_plan_is_read_and_written_alike(self):
        text = "lost_before,retryable:30,collect,return:MD06+40"
        self.assertEqual(plan.render(plan.parse(text.replace(",", " , "))), text)

    def test_the_last_attempt_stays_in_force(self):
        script = "fail:AM04; fail:AM04, retry; collect"
        attempts = [plan.attempt_of(script, number) for number in range(5)]
        self.assertEqual(attempts, ["fail:AM04", "fail:AM04, retry", *["collect"] * 3])

    def test_nothing_written_means_that_the_money_comes(self):
        for script in ("", None, " ; "):
            self.assertEqual(plan.attempt_of(script, 0), "collect")

    def test_a_step_happens_on_the_next_working_day_or_after_its_days(self):
        thursday_before_easter = date(2026, 4, 2)
        self.assertEqual(plan.Step("collect").date_after(thursday_before_easter), date(2026, 4, 7))
        self.assertEqual(
            plan.Step("return", "MD06", 3).date_after(thursday_before_easter), date(2026, 4, 5)
        )

    def test_what_is_no_step_is_named(self):
        for text in ("explode", "collect:", "collect+", "fail AM04", "retryable:soon"):
            with self.subTest(text=text), self.assertRaisesRegex(ValueError, text[:7]):
                plan.parse(text)
