from dataclasses import replace
from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.payment_collection.models.installment.payment_installment_guards import GUARDS
from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY, CollectionCommon


@tagged("post_install", "-at_install")
class TestGuards(CollectionCommon):
    def held_for(self, installment, reason):
        self.execute()
        self.assertEqual((installment.state, installment.hold_reason), ("held", reason))
        self.assertFalse(installment.transaction_ids)
        self.assertFalse(installment.invoice_id)

    def test_no_mandate(self):
        self.held_for(self.installment(mandate_id=False), "no_mandate")

    def test_a_mandate_that_is_not_active(self):
        installment = self.installment()
        installment.mandate_id._set_state("suspended")
        self.held_for(installment, "mandate_unusable")

    def test_a_mandate_that_will_have_expired_on_the_day_of_the_debit(self):
        installment = self.installment()
        installment.mandate_id._state_write({"signed_on": date(2023, 2, 4)})
        self.assertEqual(installment.mandate_id.expires_on, WEDNESDAY)
        self.held_for(installment, "mandate_unusable")

    def test_a_mandate_of_another_client_is_refused_at_once(self):
        installment = self.installment()
        _other, mandate = self.client_with_mandate(name="Autre")
        with self.assertRaisesRegex(ValidationError, "Autre"):
            installment.mandate_id = mandate

    def test_a_mandate_whose_debtor_has_changed_since(self):
        installment = self.installment()
        buyer = self.env["res.partner"].create({"name": "Repreneur"})
        installment.mandate_id._state_write({"partner_id": buyer.id})
        self.held_for(installment, "mandate_foreign")

    def test_a_paused_provider(self):
        installment = self.installment()
        self.provider._debit_pause("clé refusée")
        self.held_for(installment, "provider_unavailable")

    def test_nothing_to_collect(self):
        self.held_for(self.installment(amount=0), "amount_zero")

    def test_a_client_on_hold(self):
        installment = self.installment()
        installment.partner_id.collection_hold = True
        self.held_for(installment, "client")

    def test_a_run_leaves_what_a_person_holds_alone(self):
        installment = self.installment()
        installment.action_hold()
        run = self.execute()
        self.assertEqual(installment.hold_reason, "manual")
        self.assertFalse(run.line_ids)

    def test_what_was_mended_leaves_with_the_next_run(self):
        installment = self.installment()
        installment.mandate_id._set_state("suspended")
        self.execute()
        installment.mandate_id._set_state("active")
        self.execute(date(2026, 2, 3))
        self.assertEqual(installment.state, "in_collection")
        self.assertFalse(installment.hold_reason)

    def test_what_stays_held_makes_no_run_of_its_own(self):
        installment = self.installment()
        installment.mandate_id._set_state("suspended")
        self.execute()
        with self.committing() as env:
            env["payment.run"]._cron_run(date(2026, 2, 3))
        self.assertEqual(installment.state, "held")
        self.assertFalse(self.env["payment.run"].search([("date", "=", date(2026, 2, 3))]))

    def test_a_debit_that_is_late_is_asked_for_on_the_first_day_possible(self):
        installment = self.installment(due=date(2026, 1, 5))
        self.execute(MONDAY)
        self.assertEqual(installment.transaction_ids.debit_requested_date, WEDNESDAY)

    def test_a_closed_day_rolls_forward(self):
        installment = self.installment(due=date(2026, 5, 1))
        self.assertEqual(installment._requested_date(date(2026, 4, 20)), date(2026, 5, 4))

    def test_a_b2b_mandate_of_a_consumer(self):
        installment = self.installment()
        installment.partner_id.is_company = False
        installment.mandate_id._state_write({"scheme": "b2b"})
        self.held_for(installment, "scheme")

    def test_a_b2b_mandate_of_a_business_leaves(self):
        installment = self.installment()
        installment.partner_id.is_company = True
        installment.mandate_id._state_write({"scheme": "b2b"})
        self.execute()
        self.assertEqual(installment.state, "in_collection")

    def test_a_scheme_that_the_provider_does_not_take(self):
        installment = self.installment()
        installment.partner_id.is_company = True
        installment.mandate_id._state_write({"scheme": "b2b"})
        profile = replace(self.provider._debit_profile(), schemes=frozenset({"core"}))
        with patch.object(type(self.provider), "_debit_profile", lambda provider: profile):
            reason = installment._hold_reason(MONDAY, WEDNESDAY)
        self.assertEqual(reason[0], "scheme")
        self.assertIn(self.provider.name, reason[1])

    def test_an_open_dispute_on_the_same_mandate(self):
        disputed = self.installment("collect , return:MD06 ; collect")
        following = disputed.copy({"due_date": date(2026, 3, 4)})
        self.execute()
        self.bank_reaches(date(2026, 2, 20))
        self.assertEqual(disputed.state, "disputed")
        self.execute(date(2026, 3, 2), date(2026, 3, 4))
        self.assertEqual(following.hold_reason, "dispute")
        self.assertIn(disputed.name, following.hold_detail)
        disputed._set_state("written_off")
        self.assertIsNone(following._hold_reason(date(2026, 3, 2), date(2026, 3, 4)))

    def test_a_dispute_of_another_client_holds_nobody(self):
        self.installment("collect , return:MD06")
        self.execute()
        self.bank_reaches(date(2026, 2, 20))
        self.assertIsNone(self.installment()._hold_reason(date(2026, 3, 2), date(2026, 3, 4)))

    def test_more_than_the_company_allows(self):
        self.company.collection_limit = 100
        self.held_for(self.installment(amount=100.01), "over_limit")

    def test_the_limit_itself_is_allowed(self):
        self.company.collection_limit = 120
        installment = self.installment(amount=120.0)
        self.execute()
        self.assertEqual(installment.state, "in_collection")

    def test_the_limit_of_a_client_goes_before_that_of_the_company(self):
        self.company.collection_limit = 100
        installment = self.installment(amount=500.0)
        installment.partner_id.collection_limit = 1000
        self.assertIsNone(installment._hold_reason(MONDAY, WEDNESDAY))
        installment.partner_id.collection_limit = 50
        self.assertEqual(installment._hold_reason(MONDAY, WEDNESDAY)[0], "over_limit")

    def test_limits_do_not_hold_what_the_client_pays_himself(self):
        self.company.collection_limit = 100
        installment = self.installment(amount=500.0, collection_mode="one_off", mandate_id=False)
        self.assertIsNone(installment._hold_reason(MONDAY, WEDNESDAY))

    def test_every_guard_answers_by_a_known_reason_and_has_a_method(self):
        for guard in GUARDS:
            self.assertTrue(hasattr(self.env["payment.installment"], guard.method), guard)

    def test_guarding_a_hundred_costs_what_ten_do(self):
        installments = self.env["payment.installment"].union(
            *[self.installment(amount=10 + n) for n in range(100)]
        )

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._hold_reasons(MONDAY, dict.fromkeys(some.ids, WEDNESDAY))
            return self.env.cr.sql_log_count - start

        queries(installments[:2])
        self.assertLessEqual(queries(installments), queries(installments[:10]))
