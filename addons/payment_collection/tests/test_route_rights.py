from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.routing_common import MONDAY, RoutingCommon

MODELS = ("payment.route", "payment.route.simulation", "payment.route.simulation.line")


@tagged("post_install", "-at_install")
class TestRouteRights(RoutingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.route(state="draft")
        cls.user = {
            login: new_test_user(
                cls.env,
                f"route_{login}",
                groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for login, groups in (
                ("admin", "base.group_system"),
                ("manager", "payment_direct_debit.group_payment_manager"),
                ("finance", "payment_direct_debit.group_payment_user"),
                ("rep", "sales_team.group_sale_salesman"),
                ("employee", "base.group_user"),
                ("portal", "base.group_portal"),
            )
        }

    def as_(self, login, records=None):
        return (self.rule if records is None else records).with_user(self.user[login])

    def test_an_administrator_writes_rules_and_deletes_none(self):
        rule = self.as_("admin")
        rule.write({"share": 50, "name": "Moitié"})
        rule.action_activate()
        self.assertEqual(rule.state, "in_force")
        rule.copy({"name": "Autre"})
        with self.assertRaises(AccessError):
            rule.unlink()

    def test_finance_reads_rules_and_changes_none(self):
        for login in ("finance", "manager"):
            rule = self.as_(login)
            with self.subTest(login=login):
                rule.web_read({"name": {}, "provider_id": {"fields": {"display_name": {}}}})
                for forbidden in (
                    lambda rule=rule: rule.write({"share": 1}),
                    lambda rule=rule: rule.create({"name": "x", "strategy": "cheapest"}),
                    lambda rule=rule: rule.unlink(),
                    lambda rule=rule: rule.action_activate(),
                    lambda rule=rule: rule.action_to_draft(),
                ):
                    with self.assertRaises(AccessError):
                        forbidden()

    def test_finance_simulates_and_does_not_activate(self):
        action = self.as_("finance").action_simulate()
        simulation = self.env[action["res_model"]].browse(action["res_id"])
        simulation = self.as_("finance", simulation)
        self.assertTrue(simulation.simulated_at)
        with self.assertRaises(AccessError):
            simulation.action_activate()
        with self.assertRaises(AccessError):
            simulation.line_ids.create({"simulation_id": simulation.id})
        self.assertEqual(self.rule.state, "draft")

    def test_finance_reads_why_a_debit_went_where_it_went(self):
        installment = self.installment()
        self.execute()
        debit = self.as_("finance", installment.transaction_ids)
        self.assertIn("holds the mandate", debit.routing_text)
        with self.assertRaises(AccessError):
            debit.write({"route_id": self.rule.id})

    def test_finance_does_not_touch_costs_health_and_pauses(self):
        provider = self.as_("finance", self.psp_a)
        for forbidden in (
            lambda: provider.write({"debit_cost_fixed": 1}),
            lambda: provider.action_debit_pause(),
        ):
            with self.assertRaises(AccessError):
                forbidden()
        self.assertFalse(self.psp_a.debit_paused)

    def test_others_see_nothing(self):
        for login in ("rep", "employee", "portal"):
            for model in MODELS:
                records = self.env[model].with_user(self.user[login])
                with self.subTest(login=login, model=model):
                    with self.assertRaises(AccessError):
                        records.search([])
                    with self.assertRaises(AccessError):
                        records.search_read([], ["display_name"])
                    with self.assertRaises(AccessError):
                        records._read_group([], [], ["__count"])
            with self.subTest(login=login), self.assertRaises(AccessError):
                self.as_(login).action_simulate()

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Autre société"})
        stranger = new_test_user(
            self.env,
            "route_stranger",
            "base.group_system",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        simulation = self.env["payment.route.simulation"].create({"company_id": self.company.id})
        for record in (self.rule, simulation):
            theirs = record.with_user(stranger).with_context(allowed_company_ids=other.ids)
            with self.subTest(model=record._name):
                self.assertFalse(theirs.search([("id", "=", record.id)]))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])

    def test_a_run_by_the_cron_needs_no_right_of_the_reader(self):
        """The rules are read by the engine, whoever asks for the choice."""
        installment = self.known_to_b(self.installment())
        self.rule.action_activate()
        choice = self.as_("finance", installment)._choose_providers(MONDAY)[installment.id]
        self.assertEqual(choice.provider, self.psp_b)
