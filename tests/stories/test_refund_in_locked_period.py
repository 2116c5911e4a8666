"""Seven weeks later the debtor has his bank give the money back; the books of then are closed."""

from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_stripe_sepa.tests.hostile_world import Stripe

from .common import Story

DUE = date(2026, 3, 11)
LOCKED = date(2026, 3, 31)
SEVEN_WEEKS_LATER = date(2026, 4, 29)


@tagged("post_install", "-at_install")
class TestRefundInLockedPeriod(Stripe, Story):
    def test_the_return_is_booked_after_the_lock_and_the_first_entry_stays(self):
        contract = self.contract(start=DUE, billing_day=11)
        first, second, third = contract.installment_ids.sorted("due_date")[:3]
        self.live(date(2026, 4, 3))
        self.assertEqual(first.state, "paid")
        self.company.fiscalyear_lock_date = LOCKED
        debit = first.transaction_ids
        entries = self.booked(debit)
        self.assertTrue(all(move.date <= LOCKED for move in entries.move_id))
        as_it_was = self.content(entries.move_id)
        self.live(SEVEN_WEEKS_LATER)
        self.assertEqual(second.state, "paid")
        self.sandbox.act("charge_back", debit.provider_reference, "MD06")
        self.live(date(2026, 5, 12))
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MD06"))
        self.assertEqual(debit.return_ids.kind, "refund")
        self.assertEqual(self.content(entries.move_id), as_it_was)
        undone = (self.booked(debit) - entries).move_id
        self.assertTrue(undone)
        self.assertGreaterEqual(min(undone.mapped("date")), SEVEN_WEEKS_LATER)
        self.assertEqual(first.state, "disputed")
        self.assertEqual(first.invoice_id.amount_residual, first.amount)
        self.assertEqual(first.dunning_ids.state, "running")
        self.assertEqual((third.state, third.hold_reason), ("held", "dispute"))
        self.assertEqual(self.balance_of_client(), first.amount)
        self.assert_sound()

    def booked(self, debit):
        """The entries' lines of a debit."""
        return self.env["account.move.line"].search(
            [("debit_transaction_id", "=", debit.id), ("parent_state", "=", "posted")]
        )

    def content(self, moves):
        """What stands in the entries; that they are reconciled with something is no part of it."""
        return [
            (move.name, move.date, line.account_id.id, line.balance, line.name)
            for move in moves.sorted("id")
            for line in move.line_ids.sorted("id")
        ]
