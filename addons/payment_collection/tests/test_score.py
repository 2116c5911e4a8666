"""Payer scores: counted by night, in bulk, from what really happened to the debits."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment_collection.pure import score as scorecard
from odoo.addons.payment_collection.tests.common import MONDAY
from odoo.addons.payment_collection.tests.common_score import AFTER, ScoreCommon


@tagged("post_install", "-at_install")
class TestScore(ScoreCommon):
    def test_a_debit_refused_for_lack_of_funds_costs_points_and_is_a_reason(self):
        client = self.collect("fail:AM04")
        found = self.count(client)
        self.assertLess(found.score, self.average.points)
        self.assertEqual(found.debit_count, 1)
        self.assertIn("Lack of funds in the last six months: 1", found.reason_text)
        self.assertIn("Debited in vain and still owed: 1", found.reason_text)
        self.assertAlmostEqual(found.probability, scorecard.probability_of(found.score))

    def test_a_collected_debit_counts_as_one(self):
        client = self.collect("collect")
        found = self.count(client)
        self.assertEqual(found.debit_count, 1)
        self.assertNotIn("Lack of funds", found.reason_text)

    def test_money_that_came_back_counts_as_a_failure_only(self):
        client = self.collect("collect,return:AM04+3")
        self.bank_reaches(date(2026, 2, 9))
        past = self.scores._histories(self.company, client.ids, AFTER)[client.id]
        self.assertEqual((past.decided, past.funds_recent, past.streak), (1, 1, 0))

    def test_a_failure_of_ours_is_not_held_against_the_client(self):
        client = self.collect("fail:RC01")
        past = self.scores._histories(self.company, client.ids, AFTER)[client.id]
        self.assertEqual((past.decided, past.streak), (0, None))

    def test_nothing_known_after_the_day_of_the_score_is_looked_at(self):
        client = self.collect("fail:AM04")
        past = self.scores._histories(self.company, client.ids, MONDAY)[client.id]
        self.assertEqual(past.decided, 0)

    def test_a_new_client_has_the_average_score_and_is_said_to_be_new(self):
        client, _mandate = self.client_with_mandate()
        found = self.count(client, MONDAY)
        self.assertIn("No debit counted yet", found.reason_text)
        self.assertEqual(client.payer_score, found.score)

    def test_contacts_of_a_company_share_the_score_of_the_company(self):
        client = self.collect("fail:AM04")
        contact = self.env["res.partner"].create({"name": "Comptable", "parent_id": client.id})
        self.count(client)
        self.assertEqual(contact.payer_score, client.payer_score)
        self.assertEqual(contact.payer_grade, client.payer_grade)

    def test_a_client_paying_in_time_is_better_than_one_who_does_not(self):
        good, bad = self.env["res.partner"].create([{"name": "Bon"}, {"name": "Mauvais"}])
        self.paid_year(good)
        self.paid_year(bad, failed=True)
        self.assertGreater(self.count(good).score, self.count(bad).score)

    def test_another_company_has_its_own_score(self):
        client = self.collect("fail:AM04")
        self.count(client)
        other = self.env["res.company"].create({"name": "Autre société"})
        self.assertEqual(client.with_company(other).payer_score, self.average.points)
        self.assertNotEqual(client.payer_score, self.average.points)

    def test_reasons_are_sentences_in_the_readers_language(self):
        client = self.collect("fail:AM04")
        found = self.count(client)
        self.assertTrue(found.debit_count)
        for line in found.reason_text.splitlines():
            self.assertRegex(line, r"^[+-]\d+  \w")
        heaviest = abs(int(found.reason_text.split()[0]))
        self.assertEqual(heaviest, max(abs(points) for _, _, points in found.reasons))


@tagged("post_install", "-at_install")
class TestNight(ScoreCommon):
    def test_the_night_scores_every_client_with_a_mandate_or_a_debt(self):
        with_mandate, _ = self.client_with_mandate()
        owing, stranger = self.env["res.partner"].create([{"name": "Doit"}, {"name": "Passant"}])
        self.paid_year(owing)
        self.scores._cron_scores(AFTER)
        self.assertTrue(self.score_of(with_mandate))
        self.assertTrue(self.score_of(owing))
        self.assertFalse(self.score_of(stranger))

    def test_the_cron_commits_its_progress(self):
        client, _ = self.client_with_mandate()
        cron = self.env.ref("payment_collection.ir_cron_payer_scores")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertTrue(self.score_of(client))

    def test_a_second_night_writes_nothing(self):
        client = self.collect("fail:AM04")
        self.scores._cron_scores(AFTER)
        found = self.score_of(client)
        self.env.flush_all()
        before = found.write_date, len(found.history_ids)
        self.env.cr.execute("SELECT xmin::text FROM payment_payer_score WHERE id=%s", found.ids)
        version = self.env.cr.fetchone()
        self.scores._cron_scores(AFTER)
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin::text FROM payment_payer_score WHERE id=%s", found.ids)
        self.assertEqual(self.env.cr.fetchone(), version)
        self.assertEqual((found.write_date, len(found.history_ids)), before)

    def test_who_has_nothing_with_us_any_more_is_forgotten(self):
        client, mandate = self.client_with_mandate()
        self.scores._cron_scores(MONDAY)
        self.assertTrue(self.score_of(client))
        mandate._set_state("cancelled", on=MONDAY)
        self.scores._cron_scores(AFTER)
        self.assertFalse(self.score_of(client))

    def queries_for(self, partners):
        """Count the queries of a night that changes all of them, after one that made them."""
        self.scores._score(self.company, partners.ids, MONDAY)
        self.paid_year(partners, failed=True)
        self.env.flush_all()
        self.env.invalidate_all()
        begin = self.env.cr.sql_log_count
        self.scores._score(self.company, partners.ids, AFTER)
        self.env.flush_all()
        return self.env.cr.sql_log_count - begin

    def test_ten_clients_and_a_hundred_cost_the_same_queries(self):
        warm, few, many = (
            self.env["res.partner"].create([{"name": f"{count} · {n}"} for n in range(count)])
            for count in (2, 10, 100)
        )
        self.queries_for(warm)  # what is read once only
        first = self.queries_for(few)
        self.assertEqual(self.queries_for(many), first)
        self.assertLess(first, 20)
        self.assertEqual(len(self.score_of_all(many)), 100)

    def score_of_all(self, partners):
        return self.scores.search([("partner_id", "in", partners.ids)])


@tagged("post_install", "-at_install")
class TestOverride(ScoreCommon):
    def setUp(self):
        super().setUp()
        self.client = self.collect("fail:AM04")
        self.score = self.count(self.client)

    def override(self, points=95, until="2099-12-31", reason="Chèque de caution"):
        self.score.write(
            {"override_score": points, "override_until": until, "override_reason": reason}
        )

    def test_an_override_holds_with_its_grade_its_reason_and_its_author(self):
        counted = self.score.computed_score
        self.override()
        self.assertEqual(self.score.score, 95)
        self.assertEqual(self.score.grade, "A")
        self.assertEqual(self.score.override_by_id, self.env.user)
        self.assertEqual(self.client.payer_score, 95)
        self.assertEqual(self.score.computed_score, counted)
        self.assertIn("Chèque de caution", self.score.reason_text.splitlines()[0])
        self.assertIn("Chèque de caution", " ".join(self.score.history_ids.mapped("reason")))

    def test_the_night_goes_on_counting_beside_an_override(self):
        self.override()
        self.paid_year(self.client)
        before = self.score.computed_score
        self.count(self.client)
        self.assertEqual(self.score.score, 95)
        self.assertNotEqual(self.score.computed_score, before)

    def test_an_override_ends_after_its_last_day(self):
        self.override(until="2030-06-30")
        self.count(self.client, date(2030, 6, 30))
        self.assertEqual(self.score.score, 95)
        self.count(self.client, date(2030, 7, 1))
        self.assertEqual(self.score.score, self.score.computed_score)
        self.assertFalse(self.score.override_until)
        self.assertFalse(self.score.override_by_id)

    def test_an_override_is_ended_by_hand(self):
        self.override()
        self.score.action_end_override()
        self.assertEqual(self.score.score, self.score.computed_score)

    def test_an_override_needs_a_reason_and_a_score_of_the_scale(self):
        with self.assertRaises(ValidationError):
            self.override(reason="  ")
        with mute_logger("odoo.sql_db"), self.assertRaises(ValidationError):
            self.override(points=101)

    def test_an_overridden_score_is_not_forgotten_while_it_holds(self):
        self.override()
        self.scores._forget(self.company, [], AFTER)
        self.assertTrue(self.score.exists())
