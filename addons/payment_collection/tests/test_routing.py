from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.routing_common import MONDAY, WEDNESDAY, RoutingCommon


@tagged("post_install", "-at_install")
class TestRouting(RoutingCommon):
    def test_without_rules_the_holder_collects_and_the_debit_says_so(self):
        installment = self.installment()
        self.execute()
        debit = installment.transaction_ids
        self.assertEqual((debit.provider_id, debit.route_id), (self.psp_a, self.route().browse()))
        self.assertEqual(debit.routed_on, MONDAY)
        self.assertIn("PSP A: taken, as it holds the mandate", debit.routing_text)

    def test_a_rule_sends_the_debit_to_another_provider_that_knows_the_mandate(self):
        installment = self.known_to_b(self.installment())
        route = self.route(amount_min=100)
        self.execute()
        debit = installment.transaction_ids
        self.assertEqual((debit.provider_id, debit.route_id), (self.psp_b, route))
        self.assertEqual(debit.token_id.provider_id, self.psp_b)
        self.assertEqual(debit.debit_status, "submitted")
        self.assertEqual(self.bank_rows(installment).provider_id, self.psp_b)
        self.bank_of_b_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "paid")

    def test_a_rule_for_a_provider_that_does_not_know_the_mandate_changes_nothing(self):
        installment = self.installment()
        self.route()
        self.execute()
        self.assertEqual(installment.transaction_ids.provider_id, self.psp_a)
        self.assertRegex(installment.transaction_ids.routing_text, "To PSP B → PSP B.*registered")

    def test_the_explanation_can_not_be_forged(self):
        installment = self.installment()
        self.execute()
        with self.assertRaises(UserError):
            installment.transaction_ids.routing_explanation = []

    def test_drafts_and_archived_rules_are_not_in_force(self):
        installment = self.known_to_b(self.installment())
        route = self.route(state="draft")
        self.assertEqual(self.provider_of(installment), self.psp_a)
        route.action_activate()
        self.assertEqual(self.provider_of(installment), self.psp_b)
        route.active = False
        self.assertEqual(self.provider_of(installment), self.psp_a)

    def test_rules_of_another_company_do_not_apply(self):
        other = self.env["res.company"].create({"name": "Autre"})
        installment = self.known_to_b(self.installment())
        self.route(company_id=other.id, strategy="cheapest", provider_id=False)
        self.assertEqual(self.why(installment), ["holder"])

    def test_conditions_on_the_client_and_the_bank(self):
        installment = self.known_to_b(self.installment())
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.env["res.partner.bank"].create(
            {
                "partner_id": installment.partner_id.id,
                "acc_number": self.iban_of(installment.mandate_id),
                "bank_id": self.env["res.bank"].create({"name": "BNP", "bic": "BNPAFRPP"}).id,
            }
        )
        france = self.env.ref("base.fr")
        belgium = self.env.ref("base.be")
        route = self.route()
        for values, code in (
            ({"category_ids": tag.ids}, "tags"),
            ({"category_ids": False, "country_ids": belgium.ids}, "country"),
            ({"country_ids": france.ids, "bic_prefixes": "CEPA, CMCI"}, "bic"),
            ({"bic_prefixes": "CEPA, BNPA"}, "rule"),
            ({"category_ids": tag.ids}, "tags"),
        ):
            with self.subTest(values=values):
                route.write(values)
                self.assertEqual(self.why(installment)[0], code)
        installment.partner_id.category_id = tag
        self.assertEqual(self.why(installment), ["rule"])

    def test_further_conditions_are_a_domain_on_the_installment(self):
        installment = self.known_to_b(self.installment())
        route = self.route(installment_domain="[('label', 'ilike', 'mars')]")
        self.assertEqual(self.why(installment), ["domain", "holder"])
        route.installment_domain = "[('partner_id.name', 'ilike', 'Rousseau')]"
        self.assertEqual(self.why(installment), ["rule"])
        for wrong in ("[('no_such_field', '=', 1)]", "__import__('os')", "[('label',"):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                route.installment_domain = wrong

    def test_past_results_with_a_provider(self):
        installment = self.installment("fail:AM04;collect")
        self.known_to_b(installment)
        route = self.route(past_results="last_failed", past_provider_id=self.psp_a.id)
        self.assertEqual(self.why(installment)[0], "past")
        self.execute()
        self.bank_reaches(WEDNESDAY)
        self.assertEqual(installment.state, "unpaid")
        installment._retry(date(2026, 2, 9))
        self.execute(date(2026, 2, 9), date(2026, 2, 11))
        second = installment.transaction_ids.sorted("id")[-1]
        self.assertEqual((second.provider_id, second.route_id), (self.psp_b, route))

    def test_a_cap_of_the_day_counts_what_has_left_before(self):
        first, second = (self.known_to_b(self.installment()) for _number in range(2))
        self.route(daily_count=1)
        self.execute()
        self.assertEqual(first.transaction_ids.provider_id, self.psp_b)
        self.assertEqual(second.transaction_ids.provider_id, self.psp_a)
        third = self.known_to_b(self.installment())
        self.assertEqual(self.why(third), ["cap_count", "holder"])
        tomorrow = third._choose_providers(date(2026, 2, 3))[third.id]
        self.assertEqual(tomorrow.provider, self.psp_b)

    def test_a_provider_over_its_limit_of_the_day_holds_and_releases_the_next_day(self):
        self.psp_a.debit_daily_count = 1
        first, second = self.installment(), self.installment()
        self.execute()
        self.assertEqual(first.state, "in_collection")
        self.assertEqual((second.state, second.hold_reason), ("held", "provider_unavailable"))
        self.assertIn("has had its 1 debits of the day", second.hold_detail)
        self.execute(date(2026, 2, 3))
        self.assertEqual(second.state, "in_collection")

    def test_what_another_guard_holds_uses_up_no_cap(self):
        self.psp_a.debit_daily_count = 1
        blocked, free = self.installment(), self.installment()
        blocked.partner_id.collection_hold = True
        self.execute()
        self.assertEqual((blocked.hold_reason, free.state), ("client", "in_collection"))

    def test_a_paused_provider_gives_way_and_without_another_the_debit_is_held(self):
        both, alone = self.known_to_b(self.installment()), self.installment()
        self.psp_a._debit_pause("clé refusée")
        self.execute()
        self.assertEqual(both.transaction_ids.provider_id, self.psp_b)
        self.assertEqual((alone.state, alone.hold_reason), ("held", "provider_unavailable"))
        self.assertIn("clé refusée", alone.hold_detail)
        self.psp_a.action_debit_resume()
        self.execute(date(2026, 2, 3))
        self.assertEqual(alone.transaction_ids.provider_id, self.psp_a)

    def test_the_day_of_the_debit_is_the_one_that_the_chosen_provider_can_meet(self):
        installment = self.known_to_b(self.installment())
        self.route()
        with self.lead_of_b(5):
            self.execute()
        self.assertEqual(installment.transaction_ids.debit_requested_date, date(2026, 2, 9))

    def test_a_token_of_another_mandate_is_refused(self):
        mine, other = self.installment(), self.known_to_b(self.installment())
        values = {
            "mandate_id": mine.mandate_id.id,
            "token_id": other.mandate_id.token_ids[:1].id,
            "partner_id": mine.partner_id.id,
            "amount": 1,
            "currency_id": mine.currency_id.id,
            "reference": "wrong",
            "debit_requested_date": WEDNESDAY,
        }
        with self.assertRaises(ValidationError):
            self.env["payment.transaction"]._debit_create([values])

    def test_a_rule_needs_a_provider_that_collects_and_is_archived_instead_of_deleted(self):
        route = self.route()
        with self.assertRaises(UserError):
            route.unlink()
        other = self.psp_b.copy({"name": "Cartes", "code": "none", "state": "disabled"})
        with self.assertRaisesRegex(ValidationError, "Cartes"):
            self.route(other)

    def test_the_number_of_queries_does_not_depend_on_the_number_of_debits(self):
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        self.route(past_results="clean", share=50)
        self.route(installment_domain="[('label', '!=', False)]", category_ids=tag.ids)
        self.route(self.psp_a, daily_count=3, bic_prefixes="BNPA")
        self.route(strategy="cheapest", provider_id=False)
        many = self.env["payment.installment"].union(
            *(self.known_to_b(self.installment()) for _number in range(100))
        )
        counts = []
        for batch in (many[:10], many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen = batch._choose_providers(MONDAY)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(chosen), len(batch))
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 40)


@tagged("post_install", "-at_install")
class TestRegistration(RoutingCommon):
    def test_another_mandate_or_account_is_not_taken_for_this_one(self):
        mandate = self.installment().mandate_id
        values = {
            "provider_id": self.psp_b.id,
            "rum": mandate.name,
            "account_ending": self.iban_of(mandate)[-4:],
        }
        for wrong in ({"rum": "ELSE-1"}, {"account_ending": "0000"}, {"status": "cancelled"}):
            copy = self.env["payment.demo.mandate"].create({**values, **wrong})
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                mandate._register_with(self.psp_b, copy.ref)
        self.assertFalse(mandate.token_ids.filtered(lambda t: t.provider_id == self.psp_b))

    def test_a_mandate_cancelled_at_one_provider_lives_on_at_the_other(self):
        installment = self.known_to_b(self.installment())
        mandate = installment.mandate_id
        copy = self.env["payment.demo.mandate"].search([("provider_id", "=", self.psp_b.id)])
        copy._move("cancelled", MONDAY)._notify()
        self.env["payment.event"]._apply_received(MONDAY)
        self.assertEqual(mandate.state, "active")
        self.assertEqual(mandate._registered_providers(), self.psp_a)
        copy._move("active", MONDAY)._notify()
        self.env["payment.event"]._apply_received(MONDAY)
        self.assertEqual(mandate._registered_providers(), self.psp_a + self.psp_b)

    def test_with_another_account_the_registrations_elsewhere_are_used_no_more(self):
        mandate = self.known_to_b(self.installment()).mandate_id
        mandate._state_write({"iban_masked": mandate.iban_masked})
        self.assertEqual(mandate._registered_providers(), self.psp_a + self.psp_b)
        mandate._state_write({"iban_masked": "FR76 •••• •••• 000"})
        self.assertEqual(mandate._registered_providers(), self.psp_a)

    def test_registering_twice_makes_one_token(self):
        mandate = self.known_to_b(self.installment()).mandate_id
        token = mandate.token_ids.filtered(lambda t: t.provider_id == self.psp_b)
        self.assertEqual(mandate._register_with(self.psp_b, token.provider_ref), token)

    def test_the_holder_gets_its_own_token_although_another_provider_has_one(self):
        mandate = self.known_to_b(self.installment()).mandate_id
        mandate._own_tokens().unlink()
        mandate._ensure_tokens()
        self.assertEqual(mandate.token_ids.provider_id, self.psp_a + self.psp_b)

    def test_finance_notes_a_second_provider_by_its_reference(self):
        mandate = self.installment().mandate_id
        copy = self.env["payment.demo.mandate"].create(
            {
                "provider_id": self.psp_b.id,
                "rum": mandate.name,
                "account_ending": self.iban_of(mandate)[-4:],
            }
        )
        finance = new_test_user(
            self.env,
            "second_finance",
            "payment_direct_debit.group_payment_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        dialog = self.env["payment.mandate.second.provider"].with_user(finance)
        values = {"mandate_id": mandate.id, "provider_id": self.psp_b.id}
        with self.assertRaisesRegex(UserError, "could not be asked about NOWHERE"):
            dialog.create({**values, "ref": "NOWHERE"}).action_register()
        dialog.create({**values, "ref": f" {copy.ref} "}).action_register()
        self.assertEqual(mandate._registered_providers(), self.psp_a + self.psp_b)

    def test_nobody_else_notes_a_second_provider(self):
        mandate = self.installment().mandate_id
        stranger = new_test_user(self.env, "second_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["payment.mandate.second.provider"].with_user(stranger).create(
                {"mandate_id": mandate.id, "provider_id": self.psp_b.id, "ref": "X"}
            )
