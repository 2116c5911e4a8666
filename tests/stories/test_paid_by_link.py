"""A second attempt is under way when the debtor pays by the link that he was sent."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless
from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from .common import Story

DUE = date(2026, 3, 11)
STOP_PAID = (("payment.transaction", "_cron_stop_paid", None),)


class PaidByLink:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        card = cls.env.ref("payment.payment_method_card")
        cls.card = cls.env["payment.provider"].create(
            {
                "name": "Card provider of the story",
                "code": "none",
                "company_id": cls.company.id,
                "state": "test",
                "payment_method_ids": [Command.set(card.ids)],
            }
        )
        journal = cls.company_data["default_journal_bank"]
        cls._create_dummy_payment_method_for_provider(provider=cls.card, journal=journal)
        lines = journal.inbound_payment_method_line_ids
        mine = lines.filtered(lambda line: line.payment_provider_id == cls.card)
        mine.payment_account_id = cls.provider._debit_outstanding_account()

    def pay_online(self, installment):
        """The client pays the whole invoice on the page that the link leads to."""
        self.assertIn("access_token=", installment._payment_link())
        payment = self.env["payment.transaction"].create(
            {
                "provider_id": self.card.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"LINK-{installment.name}",
                "amount": installment.invoice_id.amount_residual,
                "currency_id": installment.currency_id.id,
                "partner_id": installment.partner_id.id,
                "operation": "online_redirect",
                "invoice_ids": [Command.set(installment.invoice_id.ids)],
            }
        )
        payment._set_done()
        payment._post_process()

    def retry_in_flight(self):
        """Return an installment with a second attempt at the provider."""
        self.sandbox.plan("any", "failed:AM04", "paid")
        installment = self.one_month(DUE)
        while len(installment.transaction_ids) < 2:
            self.assertLess(self.day, date(2026, 4, 15), "never presented again")
            self.live(date.fromordinal(self.day.toordinal() + 1))
        retry = installment.transaction_ids.sorted("id")[-1]
        self.assertEqual((retry.debit_status, installment.state), ("submitted", "in_collection"))
        return installment, retry


@tagged("post_install", "-at_install")
class TestPaidByLinkGoCardless(PaidByLink, GoCardless, Story):
    """GoCardless cancels what it has not submitted yet."""

    def test_the_retry_is_stopped_and_the_money_comes_once(self):
        installment, retry = self.retry_in_flight()
        self.pay_online(installment)
        self.run_crons(STOP_PAID)
        self.assertEqual((retry.debit_status, installment.state), ("cancelled", "paid"))
        self.live(date(2026, 4, 15))
        self.assertEqual(installment.state, "paid")
        self.assertEqual(self.balance_of_client(), 0.0)
        self.assertFalse(self.alerts_of("overpaid"))
        self.assert_sound()


@tagged("post_install", "-at_install")
class TestPaidByLinkStripe(PaidByLink, Stripe, Story):
    """Stripe can not stop a debit: the money comes twice, and is the client's."""

    def test_the_second_money_stands_to_his_credit_and_a_person_is_told(self):
        installment, retry = self.retry_in_flight()
        self.pay_online(installment)
        self.run_crons(STOP_PAID)
        self.assertEqual((retry.debit_status, installment.state), ("submitted", "paid"))
        self.live(date(2026, 4, 20))
        self.assertIn(retry.debit_status, ("collected", "paid_out"))
        self.assertEqual(installment.state, "paid")
        self.assertEqual(self.balance_of_client(), -installment.amount)
        self.assertEqual(self.alerts_of("overpaid").res_id, retry.id)
        self.assert_sound()
