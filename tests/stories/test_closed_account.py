"""The debtor's account is dead: no debit can help any more, a person has to."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.hostile_world import GoCardless

from .common import Story

DUE = date(2026, 3, 9)


@tagged("post_install", "-at_install")
class TestClosedAccount(GoCardless, Story):
    def test_a_closed_account_is_debited_once_and_never_again(self):
        self.sandbox.plan("any", "failed:AC04")
        contract = self.contract(start=DUE, billing_day=9)
        first, second = contract.installment_ids.sorted("due_date")[:2]
        self.live(date(2026, 4, 24))
        self.assertEqual(first.transaction_ids.debit_status, "failed")
        self.assertEqual(first.last_reason_id.name, "AC04")
        self.assertEqual(contract.mandate_id.state, "cancelled")
        self.assertEqual(first.state, "in_recovery")
        self.assertEqual(contract.state, "suspended")
        self.assertEqual(second.state, "held")
        self.assertIn(second.hold_reason, ("mandate_unusable", "contract_suspended"))
        self.assertEqual(len(self._posts()), 1, "a closed account is not tried again")
        self.assert_sound()
