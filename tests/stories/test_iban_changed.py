"""The client was told of a debit on one account, and gives another one before it leaves."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_slimpay.tests.hostile_world import SlimPay

from .common import Story

DUE = date(2026, 3, 25)
OTHER_IBAN = "DE89370400440532013000"


@tagged("post_install", "-at_install")
class TestIbanChanged(SlimPay, Story):
    """SlimPay changes the account under the same mandate."""

    def test_nothing_leaves_for_an_account_that_the_notice_did_not_name(self):
        installment = self.one_month(DUE)
        mandate = installment.mandate_id
        self.live(date(2026, 3, 13))
        told = self.notices(mandate)
        self.assertEqual((installment.state, told.line_ids.date), ("notified", DUE))
        with self.committing() as env:
            change = mandate.with_env(env)._change_account(OTHER_IBAN, on=self.day)
            self.assertEqual(change.state, "done")
        self.assertEqual(installment.state, "planned")
        self.assertFalse(installment.announced_date)
        self.live(DUE)
        first, second = self.notices(mandate)
        self.assertEqual((first, second.replaces), (told, True))
        self.assertEqual(second.iban_masked[:4], OTHER_IBAN[:4])
        self.assertNotEqual(first.iban_masked, second.iban_masked)
        announced = second.line_ids.date
        self.assertGreater(announced, DUE, "later, never as it was announced first")
        self.assertGreaterEqual((announced - second.sent_on).days, 14)
        self.live(date(2026, 4, 10))
        (debit,) = installment.transaction_ids
        self.assertEqual(debit.debit_requested_date, announced)
        self.assertEqual((installment.state, debit.debit_settled_date), ("paid", announced))
        self.assert_sound()

    def notices(self, mandate):
        return self.env["payment.notice"].search([("mandate_id", "=", mandate.id)], order="id")
