"""What follows from payer scores: alerts, and clients found by score."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_collection.pure import score as scorecard
from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.common_score import AFTER, ScoreCommon


@tagged("post_install", "-at_install")
class TestAlertAndSearch(ScoreCommon):
    def alerts(self, record):
        return self.env["payment.alert"].search(
            [("kind", "=", "payer_worse"), ("res_id", "=", record.id), ("state", "=", "open")]
        )

    def graded(self, points, on):
        """Let a night find a client with this score."""
        self.record._state_write({"computed_score": points})
        former = self.record._apply_effective(on)
        self.record._alert_worse(former, on)

    def setUp(self):
        super().setUp()
        client, _mandate = self.client_with_mandate()
        self.record = self.count(client, MONDAY)

    def points(self, grade):
        limits = dict(scorecard.GRADES)
        return int(scorecard.points_of(limits[grade])) + 1 if grade != "E" else 5

    def test_a_fall_by_two_grades_raises_an_alert_and_one_grade_does_not(self):
        self.graded(self.points("A"), MONDAY)
        self.graded(self.points("B"), MONDAY)
        self.assertFalse(self.alerts(self.record))
        self.graded(self.points("A"), MONDAY)
        self.graded(self.points("C"), WEDNESDAY)
        self.assertEqual(len(self.alerts(self.record)), 1)
        self.assertIn("A", self.alerts(self.record).message)

    def test_a_slide_within_a_month_counts_as_a_fall(self):
        self.graded(self.points("A"), date(2026, 1, 20))
        self.graded(self.points("B"), date(2026, 1, 25))
        self.graded(self.points("C"), AFTER)
        self.assertTrue(self.alerts(self.record))

    def test_a_slide_over_many_months_does_not(self):
        self.graded(self.points("A"), date(2025, 6, 1))
        self.graded(self.points("B"), date(2025, 7, 1))
        self.graded(self.points("C"), AFTER)
        self.assertFalse(self.alerts(self.record))

    def test_the_worst_grade_always_raises_an_alert_and_a_better_one_closes_it(self):
        self.graded(self.points("D"), date(2025, 6, 1))
        self.graded(self.points("E"), AFTER)
        self.assertEqual(len(self.alerts(self.record)), 1)
        self.graded(self.points("D"), AFTER)
        self.assertFalse(self.alerts(self.record))

    def test_the_first_score_of_a_client_raises_none(self):
        bad = self.env["res.partner"].create({"name": "Mauvais"})
        self.paid_year(bad, failed=True)
        self.assertFalse(self.alerts(self.count(bad)))

    def test_clients_are_found_by_score_and_those_without_one_by_the_average(self):
        partners = self.env["res.partner"]
        stranger = partners.create({"name": "Passant"})
        client = self.record.partner_id
        self.record._state_write({"computed_score": 3})
        self.record._apply_effective(MONDAY)
        both = client | stranger
        expected = {
            ("<", 10): client,
            (">=", 10): stranger,
            ("=", 3): client,
            ("!=", 3): stranger,
            ("=", self.average.points): stranger,
            ("in", (3, self.average.points)): both,
            (">", 100): partners,
        }
        for (operator, value), found in expected.items():
            with self.subTest(operator=operator, value=value):
                domain = [("id", "in", both.ids), ("payer_score", operator, value)]
                self.assertEqual(partners.search(domain), found)

    def test_the_button_of_a_client_counts_what_is_missing(self):
        stranger = self.env["res.partner"].create({"name": "Passant"})
        action = stranger.action_view_payer_score()
        self.assertEqual(self.scores.browse(action["res_id"]).partner_id, stranger)
        self.assertEqual(stranger.action_view_payer_score()["res_id"], action["res_id"])
