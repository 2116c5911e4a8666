from dataclasses import replace
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common_page import PageCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-02-10 09:00")
class TestPageActions(PageCommon):
    """What an action would do is shown first; then it is done to those that may."""

    def preview(self, payments, action, user=None):
        opened = getattr(payments.with_user(user or self.finance), f"action_page_{action}")()
        return (
            self.env["payment.page.action"].with_user(user or self.finance).browse(opened["res_id"])
        )

    def effects(self, wizard):
        return {line.transaction_id: line.effect for line in wizard.line_ids if line.is_left_out}

    def test_retry_collects_the_failed_again_and_says_why_not_the_others(self):
        failed, fine, closed = self.debited("fail:AM04 ; collect", "collect", "fail:AC04")
        wizard = self.preview(failed | fine | closed, "retry")
        self.assertEqual((wizard.doable_count, wizard.left_out_count), (1, 2))
        left_out = self.effects(wizard)
        self.assertEqual(left_out[fine.with_user(self.finance)], "Neither failed nor returned")
        self.assertIn("Would be held: Mandate not active", left_out[closed])
        self.assertFalse(failed.installment_id.retry_on, "a preview does nothing")
        wizard.action_confirm()
        self.assertEqual(failed.installment_id.retry_on, date(2026, 2, 10))
        self.assertFalse(closed.installment_id.retry_on)
        self.assertEqual(wizard.state, "done")

    def test_retry_now_leaves_with_the_run_of_the_day_though_it_was_done(self):
        failed = self.debited("fail:AM04 ; collect")
        run = self.execute(date(2026, 2, 10), date(2026, 2, 12))
        self.assertEqual(run.state, "done")
        self.preview(failed, "retry").action_confirm()
        self.assertEqual(run.state, "running")
        with self.committing() as env:
            env["payment.run"]._cron_run(date(2026, 2, 10))
        self.env.invalidate_all()
        self.assertEqual(len(failed.installment_id.transaction_ids), 2)
        self.assertEqual(run.state, "done")

    def test_two_attempts_on_one_debt_are_retried_once(self):
        failed = self.debited("fail:AM04 ; fail:AM04")
        second = self.attempt(failed.installment_id, 2)
        second._debit_fail("test", date(2026, 2, 10), "AM04")
        wizard = self.preview(failed | second, "retry")
        self.assertEqual((wizard.doable_count, wizard.left_out_count), (1, 1))

    def test_hold_and_release(self):
        failed, fine = self.debited("fail:AM04", "collect")
        wizard = self.preview(failed | fine, "hold")
        self.assertIn("is “Paid”", self.effects(wizard)[fine])
        wizard.action_confirm()
        self.assertEqual(failed.installment_id.hold_reason, "manual")
        wizard = self.preview(failed | fine, "release")
        self.assertEqual(wizard.doable_count, 1)
        wizard.action_confirm()
        self.assertEqual(failed.installment_id.state, "unpaid")

    def test_resync_asks_the_provider(self):
        failed = self.debited("fail:AM04")
        online = self.online()
        online._set_done()
        wizard = self.preview(failed | online, "resync")
        self.assertEqual(self.effects(wizard), {online: "No direct debit"})
        wizard.action_confirm()
        self.assertEqual(failed.debit_status, "failed")

    def test_a_payment_link_goes_to_who_can_be_written_to(self):
        failed, silent = self.debited("fail:AM04", "fail:AM04")
        failed.partner_id.email = "compta@rousseau.example"
        wizard = self.preview(failed | silent, "link")
        self.assertEqual(self.effects(wizard), {silent: "The client has no e-mail address"})
        wizard.action_confirm()
        mail = self.env["mail.mail"].search([("model", "=", "payment.installment")])
        self.assertEqual(mail.res_id, failed.installment_id.id)
        self.assertIn("Payment link sent", failed.installment_id.history_ids[0].reason)

    def test_no_link_for_what_a_debit_is_bringing(self):
        installment = self.installment()
        self.execute()
        wizard = self.preview(installment.transaction_ids, "link")
        self.assertFalse(wizard.doable_count)

    def test_a_provider_that_does_not_refund_is_told_so(self):
        paid = self.debited()
        wizard = self.preview(paid, "refund")
        self.assertIn("does not refund debits", self.effects(wizard)[paid])

    def test_a_refund_within_eight_weeks_waits_for_a_managers_word(self):
        profile = replace(self.provider._debit_profile(), can_refund=True)
        self.patch(type(self.provider), "_debit_profile", lambda provider: profile)
        paid = self.debited()
        wizard = self.preview(paid, "refund")
        self.assertIn("a finance manager confirms", self.effects(wizard)[paid])
        with self.assertRaises(AccessError):
            wizard.confirm_within_8_weeks = True
        manager = self.person("page_manager", "payment_direct_debit.group_payment_manager")
        wizard = self.preview(paid, "refund", manager)
        wizard.write({"confirm_within_8_weeks": True, "note": "Paid by cheque"})
        self.assertEqual(wizard.doable_count, 1)
        wizard.action_confirm()
        self.assertEqual(paid.debit_refund_ids.amount, 120)
        self.assertEqual(paid.debit_refund_ids.state, "queued")
        self.assertEqual(paid.debit_refund_ids.note, "Paid by cheque")

    def test_what_changed_since_the_preview_is_seen(self):
        failed = self.debited("fail:AM04")
        wizard = self.preview(failed, "retry")
        failed.installment_id._set_state("paid")
        wizard.action_confirm()
        self.assertFalse(failed.installment_id.retry_on)
        self.assertEqual(self.effects(wizard), {failed: "Paid since"})
        with self.assertRaises(UserError):
            wizard.action_confirm()

    def test_nobody_slips_payments_into_a_preview(self):
        failed, other = self.debited("fail:AM04", "fail:AM04")
        wizard = self.preview(failed, "hold")
        with self.assertRaises(AccessError):
            wizard.line_ids.write({"transaction_id": other.id})
        billing = self.person("page_billing", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.preview(failed, "hold", billing)
        colleague = self.person("page_other", "payment_direct_debit.group_payment_user")
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).action_confirm()
