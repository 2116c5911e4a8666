from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_collection.tests.test_dunning import FRIDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestDunningSteps(DunningCommon):
    """What each kind of step does."""

    def one_step(self, action, kind="any", **values):
        """Give the policy for lack of funds one step only, at once."""
        policy = self.env.ref("payment_collection.policy_funds")
        policy.step_ids = [Command.clear()]
        policy.client_kind = kind
        policy.step_ids = [Command.create({"action": action, **values})]
        return policy.step_ids

    def mails(self, installment):
        return self.env["mail.mail"].search([("recipient_ids", "in", installment.partner_id.ids)])

    def test_a_mail_is_in_the_clients_words_and_holds_no_bank_data(self):
        self.one_step("mail", template_id=self.env.ref("payment_collection.mail_template_funds").id)
        installment, _dunning = self.failed()
        self.days_pass(FRIDAY)
        (mail,) = self.mails(installment)
        self.assertIn("120.00", mail.body_html.replace(",", "."))
        self.assertNotIn(installment.mandate_id.iban_masked, mail.body_html)
        self.assertIn(f"/my/invoices/{installment.invoice_id.id}", mail.body_html)

    def test_a_client_without_an_address_is_called(self):
        self.one_step("mail", template_id=self.env.ref("payment_collection.mail_template_funds").id)
        installment, _dunning = self.failed()
        installment.partner_id.email = False
        self.days_pass(FRIDAY)
        self.assertFalse(self.mails(installment))
        self.assertIn("no e-mail address", installment.partner_id.activity_ids.note)

    def test_a_recovery_fee_is_owed_by_companies_only(self):
        self.one_step("fee", kind="company", fee=40.0)
        installment = self.installment("fail:AM04")
        installment.partner_id.is_company = True
        self.execute()
        self.bank_reaches(FRIDAY)
        self.days_pass(FRIDAY)
        fee = self.env["payment.installment"].search(
            [("partner_id", "=", installment.partner_id.id), ("id", "!=", installment.id)]
        )
        self.assertEqual((fee.amount, fee.collection_mode), (40.0, "one_off"))
        self.assertEqual(fee.state, "invoiced")
        self.assertEqual(fee.invoice_id.amount_total, 40.0)

    def test_a_consumer_is_never_charged_a_fee(self):
        with self.assertRaisesRegex(ValidationError, "consumer"):
            self.one_step("fee", kind="any", fee=40.0)
        step = self.one_step("fee", kind="company", fee=40.0)
        installment, dunning = self.failed()
        self.assertFalse(dunning, "the policy is for companies")
        dunning = (
            self.env["payment.dunning"]
            ._state_writer()
            .create({"installment_id": installment.id, "policy_id": step.policy_id.id})
        )
        dunning._take(step, FRIDAY)
        self.assertIn("no fee", self.history(installment))
        self.assertFalse(self.env["payment.installment"].search([("amount", "=", 40.0)]))

    def test_an_activity_goes_to_the_clients_sales_rep(self):
        rep = new_test_user(self.env, "dunning_rep", "base.group_user")
        self.one_step("activity", text="Call him.")
        installment, _dunning = self.failed()
        installment.partner_id.user_id = rep
        self.days_pass(FRIDAY)
        activity = installment.partner_id.activity_ids
        self.assertEqual((activity.user_id, activity.note), (rep, "<p>Call him.</p>"))

    def test_a_text_message_needs_sms_and_a_number(self):
        self.one_step("sms", text="Please call us.")
        installment, _dunning = self.failed()
        self.days_pass(FRIDAY)
        self.assertIn("no text message", self.history(installment))

    def test_what_is_written_off_leaves_the_books_to_the_accountant(self):
        self.one_step("write_off")
        installment, dunning = self.failed()
        self.days_pass(FRIDAY)
        self.assertEqual((installment.state, dunning.state), ("written_off", "stopped"))
        self.assertEqual(installment.invoice_id.payment_state, "not_paid")
        self.assertTrue(installment.partner_id.activity_ids)

    def test_a_written_off_debt_is_never_shown_as_paid_by_its_loss(self):
        self.one_step("write_off")
        installment, _dunning = self.failed()
        self.days_pass(FRIDAY)
        invoice = installment.invoice_id
        receivable = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        loss = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2026, 2, 9),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": 120.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_expense"].id,
                            "debit": 120.0,
                        }
                    ),
                ],
            }
        )
        loss.action_post()
        (receivable + loss.line_ids.filtered("credit")).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(installment.state, "written_off")


@tagged("post_install", "-at_install")
class TestDunningRights(DunningCommon):
    """Finance sees and steers; only the administrator changes policies; others see nothing."""

    def test_each_role(self):
        _installment, dunning = self.failed()
        company = {"company_id": self.company.id, "company_ids": [(6, 0, self.company.ids)]}
        finance = new_test_user(
            self.env, "dunning_fin", "payment_direct_debit.group_payment_user", **company
        )
        other = new_test_user(
            self.env, "dunning_other", "sales_team.group_sale_salesman", **company
        )
        policy = self.env.ref("payment_collection.policy_funds")
        dunning.with_user(finance).action_pause()
        self.assertEqual(dunning.state, "paused")
        self.assertTrue(policy.with_user(finance).name)
        with self.assertRaises(AccessError):
            policy.with_user(finance).name = "Mine"
        with self.assertRaises(AccessError):
            dunning.with_user(finance).write({"state": "recovered"})
        with self.assertRaises(AccessError):
            dunning.with_user(finance).write({"retries": 9})
        for record in (dunning, policy, policy.step_ids):
            with self.assertRaises(AccessError):
                record.with_user(other).read(["display_name"])
