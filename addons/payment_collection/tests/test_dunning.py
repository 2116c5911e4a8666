from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import CollectionCommon
from odoo.addons.payment_direct_debit.pure import target_calendar

FRIDAY = date(2026, 2, 6)


class DunningCommon(CollectionCommon):
    def owed(self, script="fail:AM04", **values):
        """Return an installment of a client who can be written to."""
        installment = self.installment(script, **values)
        installment.partner_id.email = "compta@rousseau.example"
        return installment

    def failed(self, script="fail:AM04", **values):
        """Return an installment whose debit has just come back, and its dunning."""
        installment = self.owed(script, **values)
        self.execute()
        self.bank_reaches(FRIDAY)
        return installment, installment.dunning_ids

    def days_pass(self, until, start=FRIDAY):
        """Let the engine live every working day: dunning, run, bank."""
        day = start
        while day <= until:
            if target_calendar.is_target_day(day):
                with self.committing() as env:
                    env["payment.dunning"]._cron_dunning(day)
                    env["payment.run"]._cron_run(day)
                self.env.invalidate_all()
                self.bank_reaches(day)
            day = date.fromordinal(day.toordinal() + 1)

    def history(self, record):
        return " | ".join(record.history_ids.mapped("reason"))


@tagged("post_install", "-at_install")
class TestDunning(DunningCommon):
    """From a failure to its end, by the policy of its reason."""

    def test_a_failure_opens_the_dunning_of_its_reason(self):
        installment, dunning = self.failed()
        self.assertEqual(installment.state, "unpaid")
        self.assertEqual(dunning.policy_id, self.env.ref("payment_collection.policy_funds"))
        self.assertEqual((dunning.state, dunning.next_step_id.action), ("running", "mail"))

    def test_lack_of_funds_is_written_about_and_presented_again_until_paid(self):
        installment, dunning = self.failed("fail:AM04 ; collect")
        self.days_pass(date(2026, 3, 10))
        first, second = installment.transaction_ids.sorted("id")
        self.assertEqual((first.debit_status, second.debit_status), ("failed", "collected"))
        self.assertEqual((installment.state, dunning.state), ("paid", "recovered"))
        self.assertEqual(dunning.retries, 1)
        self.assertIn(second.debit_requested_date.day, (1, 2, 3, 4, 5, 28))
        gap = target_calendar.target_days_between(FRIDAY, second.debit_requested_date)
        self.assertGreaterEqual(gap, 5)
        self.assertIn("wrote to the client", self.history(installment))
        self.assertIn("presented again for", self.history(installment))

    def test_nobody_is_debited_twice_while_the_policy_goes_on(self):
        installment, _dunning = self.failed("fail:AM04")
        self.days_pass(date(2026, 5, 29))
        self.assertEqual(len(self.bank_rows(installment)), 3, "the first one and two retries")
        self.assertEqual(installment.state, "in_recovery")

    def test_at_the_end_of_the_policy_a_person_takes_over(self):
        installment, dunning = self.failed("fail:AM04")
        self.days_pass(date(2026, 5, 29))
        self.assertEqual(dunning.state, "exhausted")
        self.assertFalse(dunning.next_on)
        self.assertTrue(installment.partner_id.activity_ids)

    def test_another_reason_begins_another_policy(self):
        _installment, dunning = self.failed("fail:AM04 ; fail:AC04")
        self.days_pass(date(2026, 3, 10))
        self.assertEqual(dunning.policy_id, self.env.ref("payment_collection.policy_hard"))
        self.assertEqual(dunning.retries, 1)
        self.assertIn("Another reason", self.history(dunning))

    def test_a_closed_account_is_never_debited_again(self):
        installment, dunning = self.failed("fail:AC04 ; collect")
        self.assertEqual(installment.mandate_id.state, "suspended")
        self.days_pass(date(2026, 4, 30))
        self.assertEqual(len(self.bank_rows(installment)), 1)
        self.assertEqual((dunning.retries, dunning.state), (0, "exhausted"))

    def test_a_refund_asked_by_the_client_is_never_debited_again(self):
        installment, dunning = self.failed("collect, return:MD06+1 ; collect")
        self.assertEqual(installment.state, "disputed")
        self.assertEqual(dunning.policy_id, self.env.ref("payment_collection.policy_dispute"))
        self.days_pass(date(2026, 3, 31))
        self.assertEqual(len(self.bank_rows(installment)), 1)

    def test_a_policy_can_not_present_a_disputed_debit_again(self):
        for xmlid in ("policy_dispute", "policy_hard", "policy_stop", "policy_duplicate"):
            policy = self.env.ref(f"payment_collection.{xmlid}")
            with self.subTest(xmlid), self.assertRaisesRegex(ValidationError, "presented again"):
                policy.step_ids = [Command.create({"action": "retry"})]

    def test_what_the_provider_takes_up_by_itself_is_left_to_it(self):
        installment, dunning = self.failed("fail:AM04, retry+9, collect")
        self.assertFalse(dunning)
        self.assertEqual(installment.state, "unpaid")

    def test_three_failures_in_a_row_stop_the_retries_of_a_mandate(self):
        policy = self.env.ref("payment_collection.policy_funds")
        policy.step_ids = [
            Command.clear(),
            *(Command.create({"sequence": n, "action": "retry", "delay": 1}) for n in range(5)),
        ]
        installment, _dunning = self.failed("fail:AM04")
        self.days_pass(date(2026, 4, 30))
        self.assertEqual(len(self.bank_rows(installment)), 3)
        self.assertIn("the last 3 debits of the mandate failed", self.history(installment))

    def test_a_reason_without_a_policy_is_an_alert(self):
        self.env.ref("payment_collection.policy_funds").active = False
        installment, dunning = self.failed()
        self.assertFalse(dunning)
        alert = self.env["payment.alert"].search([("kind", "=", "no_policy")])
        self.assertEqual(alert.res_id, installment.id)

    def test_an_overdue_one_off_invoice_is_chased_too(self):
        installment = self.installment(collection_mode="one_off", mandate_id=False)
        installment.partner_id.email = "compta@rousseau.example"
        self.execute()
        self.assertEqual(installment.state, "invoiced")
        self.days_pass(date(2026, 2, 16), start=date(2026, 2, 5))
        self.assertEqual(installment.state, "unpaid")
        self.assertIn("sent a payment link", self.history(installment))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=installment.invoice_id.ids
        ).create({})._create_payments()
        self.assertEqual(installment.state, "paid")
        self.assertEqual(installment.dunning_ids.state, "recovered")

    def test_a_step_that_fails_stops_no_other(self):
        other = self.owed()
        _installment, stuck = self.failed()
        free = other.dunning_ids
        send = type(self.env["mail.template"]).send_mail_batch

        def broken(template, res_ids, **options):
            if stuck.installment_id.id in res_ids:
                raise ValueError("the template does not render")
            return send(template, res_ids, **options)

        with patch.object(type(self.env["mail.template"]), "send_mail_batch", broken):
            self.days_pass(FRIDAY)
        self.assertEqual((stuck.next_step_id.action, free.next_step_id.action), ("mail", "retry"))
        self.assertEqual(stuck.next_on, date(2026, 2, 9))
        self.assertTrue(self.env["payment.alert"].search([("kind", "=", "dunning_stuck")]))

    def test_paused_means_that_nothing_happens(self):
        installment, dunning = self.failed("fail:AM04 ; collect")
        dunning.action_pause()
        self.days_pass(date(2026, 3, 31))
        self.assertEqual(len(self.bank_rows(installment)), 1)
        dunning.action_resume()
        self.assertEqual((dunning.state, dunning.next_step_id.action), ("running", "mail"))
