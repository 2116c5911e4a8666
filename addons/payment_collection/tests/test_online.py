from datetime import date, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.payment_collection.tests.common import MONDAY, WEDNESDAY
from odoo.addons.payment_collection.tests.test_dunning import FRIDAY, DunningCommon


@tagged("post_install", "-at_install")
class TestOnline(DunningCommon):
    """One debt, several ways to pay it: whichever comes first closes it, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls.env["payment.provider"].create(
            {
                "name": "Card provider of the tests",
                "code": "none",
                "company_id": cls.company.id,
                "state": "test",
                "payment_method_ids": [Command.set(cls.env.ref("payment.payment_method_card").ids)],
            }
        )
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider=cls.card, journal=journal)
        journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.card
        ).payment_account_id = cls.provider._debit_outstanding_account()

    def pay_online(self, installment):
        """The client pays the whole invoice by the link."""
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.card.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"LINK-{installment.name}",
                "amount": installment.invoice_id.amount_residual or installment.amount,
                "currency_id": installment.currency_id.id,
                "partner_id": installment.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [Command.set(installment.invoice_id.ids)],
            }
        )
        payment._set_done()
        payment._post_process()
        return payment

    def stop_paid(self):
        with self.committing() as env:
            env["payment.transaction"]._cron_stop_paid()
        self.env.invalidate_all()

    def retried(self, script):
        """Return an installment that failed once, and its second attempt, sent."""
        installment, _dunning = self.failed(script)
        installment._retry(FRIDAY)
        with self.committing() as env:
            env["payment.run"]._cron_run(FRIDAY)
        self.env.invalidate_all()
        return installment, installment.transaction_ids.sorted("id")[-1]

    def balance(self, partner):
        """What stands on the client's account: above zero he owes, below he is owed."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_a_link_pays_what_no_debit_is_under_way_for(self):
        installment, dunning = self.failed()
        self.pay_online(installment)
        self.assertEqual(installment.state, "paid")
        self.assertEqual(dunning.state, "recovered")
        self.assertEqual(self.balance(installment.partner_id), 0.0)

    def test_a_retry_that_can_be_stopped_is_stopped_when_the_link_is_paid_first(self):
        installment, retry = self.retried("fail:AM04 ; collect")
        self.assertEqual(retry.debit_status, "submitted")
        self.pay_online(installment)
        self.assertEqual(installment.state, "paid")
        self.stop_paid()
        self.assertEqual(retry.debit_status, "cancelled")
        self.bank_reaches(date(2026, 2, 20))
        self.assertEqual(self.balance(installment.partner_id), 0.0)
        self.assertEqual(
            (installment.state, installment.invoice_id.payment_state), ("paid", "paid")
        )

    def test_money_that_comes_twice_stands_to_the_clients_credit_and_is_told(self):
        installment, retry = self.retried("fail:AM04 ; collect")
        self.pay_online(installment)
        self.bank_reaches(date(2026, 2, 20))  # quicker than our cancellation
        self.assertEqual(retry.debit_status, "collected")
        self.assertEqual(installment.invoice_id.amount_residual, 0.0)
        self.assertEqual(self.balance(installment.partner_id), -120.0)
        alert = self.env["payment.alert"].search([("kind", "=", "overpaid")])
        self.assertEqual(alert.res_id, retry.id)

    def test_a_link_paid_after_the_debit_is_told_too(self):
        installment, retry = self.retried("fail:AM04 ; collect")
        self.bank_reaches(date(2026, 2, 20))
        self.assertEqual(installment.state, "paid")
        payment = self.pay_online(installment)
        self.assertEqual(self.balance(installment.partner_id), -120.0)
        alert = self.env["payment.alert"].search([("kind", "=", "overpaid")])
        self.assertEqual(alert.res_id, payment.id)
        self.assertEqual(retry.debit_status, "collected")

    def test_a_retry_that_fails_after_the_link_was_paid_leaves_the_invoice_paid(self):
        installment, retry = self.retried("fail:AM04 ; fail:AM04")
        self.pay_online(installment)
        self.bank_reaches(date(2026, 2, 20))
        self.assertEqual(retry.debit_status, "failed")
        self.assertEqual(
            (installment.state, installment.invoice_id.payment_state), ("paid", "paid")
        )

    def test_a_debit_that_has_not_left_never_leaves_once_the_link_is_paid(self):
        installment = self.installment("collect")
        with self.committing() as env:
            mine = installment.with_env(env)
            mine._invoice(MONDAY)
            mine._create_debits(
                env["payment.run"].create(
                    {"company_id": self.company.id, "date": MONDAY, "date_until": WEDNESDAY}
                ),
                {installment.id: WEDNESDAY},
                MONDAY,
            )
        self.env.invalidate_all()
        self.pay_online(installment)
        with self.committing() as env:
            installment.transaction_ids.filtered("debit_status").with_env(env)._debit_send(MONDAY)
        self.env.invalidate_all()
        (debit,) = installment.transaction_ids.filtered("debit_status")
        self.assertEqual(debit.debit_status, "cancelled")
        self.assertFalse(self.bank_rows(installment))
        self.assertEqual(installment.state, "paid")

    def test_an_attempt_that_never_arrived_is_not_sent_again_once_the_link_is_paid(self):
        installment = self.installment("lost_before, collect")
        self.execute()
        debit = installment.transaction_ids
        self.assertEqual(debit.debit_status, "unknown")
        self.pay_online(installment)
        self.assertEqual(installment.state, "paid")
        for minutes, status in ((5, "unknown"), (60, "failed")):
            sent = fields.Datetime.now() - timedelta(minutes=minutes)
            debit._state_write({"debit_sent_at": sent, "debit_last_sent_at": sent})
            with self.committing() as env:
                env["payment.transaction"]._debit_resolve_unknown(
                    MONDAY, everything=True, domain=[("id", "=", debit.id)]
                )
            self.env.invalidate_all()
            self.assertEqual(debit.debit_status, status)
        self.assertFalse(self.bank_rows(installment), "the client has paid by the link, once")
        self.assertEqual(self.balance(installment.partner_id), 0.0)
        self.assertEqual((installment.state, len(installment.dunning_ids)), ("paid", 0))
