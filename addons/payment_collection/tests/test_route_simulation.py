from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.routing_common import WEDNESDAY, RoutingCommon


@tagged("post_install", "-at_install")
class TestRouteSimulation(RoutingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.psp_a.write(
            {"debit_cost_fixed": 0.25, "debit_cost_percent": 0, "debit_cost_failure": 3.5}
        )
        cls.psp_b.write({"debit_cost_percent": 0.1, "debit_cost_failure": 1})

    def last_month(self):
        """Four debits of A in February, one of them failed; B knows two of the mandates."""
        amounts = (10.0, 100.0, 1000.0, 50.0)
        scripts = ("collect", "collect", "collect", "fail:AM04")
        installments = [
            self.installment(script, amount=amount)
            for script, amount in zip(scripts, amounts, strict=True)
        ]
        for installment in installments[:2]:
            self.known_to_b(installment)
        self.execute()
        self.bank_reaches(WEDNESDAY)
        return installments

    def simulate(self, **values):
        simulation = self.env["payment.route.simulation"].create(
            {"company_id": self.company.id, **values}
        )
        simulation.action_simulate()
        return simulation

    def line(self, simulation, provider):
        return simulation.line_ids.filtered(lambda line: line.provider_id == provider)

    def test_last_month_is_the_month_before(self):
        with freeze_time("2026-03-10"):
            simulation = self.simulate()
        self.assertEqual(
            (simulation.date_from, simulation.date_to), (date(2026, 2, 1), date(2026, 2, 28))
        )

    @freeze_time("2026-03-10")
    def test_drafts_show_count_amount_and_cost_beside_what_really_happened(self):
        installments = self.last_month()
        self.route(state="draft")
        simulation = self.simulate()
        mine, theirs = self.line(simulation, self.psp_a), self.line(simulation, self.psp_b)
        self.assertEqual((simulation.debit_count, simulation.moved_count), (4, 2))
        self.assertEqual((theirs.expected_count, theirs.expected_amount), (2, 110))
        self.assertEqual((mine.expected_count, mine.expected_amount), (2, 1050))
        self.assertEqual((mine.actual_count, mine.actual_amount), (4, 1160))
        # 4 x 0.25 and one failure at 3.50.
        self.assertEqual((mine.actual_cost, mine.actual_failures), (4.5, 1))
        # 0.1 % of 110 and, B having no past, the usual 4 % of failures at 1.00 each.
        self.assertAlmostEqual(theirs.expected_cost, 0.11 + 2 * 0.04, 2)
        self.assertIn("2 × the mandate is not registered with it", simulation.rule_text)
        debits = self.env["payment.transaction"].union(*[i.transaction_ids for i in installments])
        self.assertEqual(debits.provider_id, self.psp_a, "nothing was moved")

    @freeze_time("2026-03-10")
    def test_it_says_of_single_debits_why_they_would_go_elsewhere(self):
        self.last_month()
        self.route(state="draft")
        told = self.simulate()
        self.assertEqual([row["goes_to"] for row in told.examples], ["PSP B", "PSP B"])
        self.assertIn("To PSP B → PSP B: taken by this rule", told.examples_text)
        stays = self.simulate(with_drafts=False)
        self.assertEqual({row["goes_to"] for row in stays.examples}, {"PSP A"})
        self.assertIn("taken, as it holds the mandate", stays.examples_text)
        debits = self.env["payment.transaction"].search(told.action_view_debits()["domain"])
        self.assertEqual(len(debits), told.debit_count)

    @freeze_time("2026-03-10")
    def test_without_the_drafts_only_what_is_in_force_counts(self):
        self.last_month()
        self.route(state="draft")
        simulation = self.simulate(with_drafts=False)
        self.assertEqual(simulation.moved_count, 0)
        self.assertEqual(simulation.line_ids.provider_id, self.psp_a)

    @freeze_time("2026-03-10")
    def test_what_nobody_would_take_is_shown(self):
        self.last_month()
        self.psp_a.debit_daily_count = 3
        line = self.line(self.simulate(), self.env["payment.provider"])
        self.assertEqual((line.expected_count, line.expected_amount), (1, 50))

    @freeze_time("2026-03-10")
    def test_a_provider_that_is_paused_today_counts_as_it_was(self):
        self.last_month()
        self.psp_a._debit_pause("clé")
        self.assertEqual(self.line(self.simulate(), self.psp_a).expected_count, 4)

    @freeze_time("2026-03-10")
    def test_simulating_twice_replaces_the_result(self):
        self.last_month()
        simulation = self.simulate()
        simulation.action_simulate()
        self.assertEqual(len(simulation.line_ids), 1)

    def test_the_drafts_of_a_simulation_can_be_activated(self):
        draft, archived = self.route(state="draft"), self.route(state="draft", active=False)
        simulation = self.simulate()
        simulation.action_activate()
        self.assertEqual((draft.state, archived.state), ("in_force", "draft"))
        with self.assertRaises(UserError):
            simulation.action_activate()

    @freeze_time("2026-03-10")
    def test_what_is_simulated_is_what_happens(self):
        """The same installments fall on the same side of a share once the rule is in force."""
        route = self.route(state="draft", share=50)
        planned = [
            self.known_to_b(self.installment(due=date(2026, 2, 25))) for _number in range(12)
        ]
        self.execute(date(2026, 2, 23), date(2026, 2, 25))
        simulation = self.simulate()
        expected = self.line(simulation, self.psp_b).expected_count
        route.action_activate()
        chosen = [self.provider_of(installment) for installment in planned]
        self.assertEqual(chosen.count(self.psp_b), expected)
