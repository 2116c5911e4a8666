from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from odoo.addons.payment_direct_debit_demo.tests.common import (
    DAY,
    LATER,
    NEXT_WEEK,
    DebitCommon,
)


@tagged("post_install", "-at_install")
class TestCollectionEntry(DebitCommon):
    """A confirmed debit pays its invoice; debits confirmed together share one entry."""

    def test_debits_of_one_day_pay_their_invoices_by_one_entry(self):
        mandates = self.env["payment.mandate"].union(*(self._mandate() for _ in range(5)))
        debits = self._debits(mandates, amount=33.33)
        self._send(debits)
        self._bank_day()
        entry = debits.debit_line_ids.move_id
        self.assertEqual(len(entry), 1)
        self.assertEqual((entry.date, entry.journal_id), (DAY, self.provider.journal_id))
        self.assertEqual(len(debits.debit_line_ids), 5)
        self.assertEqual(debits.debit_line_ids.mapped("debit_transaction_id"), debits)
        outstanding = entry.line_ids - debits.debit_line_ids
        self.assertEqual(outstanding.account_id, self.provider._debit_outstanding_account())
        self.assertAlmostEqual(outstanding.balance, 166.65)
        self.assertEqual(set(debits.invoice_ids.mapped("amount_residual")), {0.0})
        states = set(debits.invoice_ids.mapped("payment_state"))
        self.assertLessEqual(states, {"paid", "in_payment"})

    def test_debits_of_two_days_stand_in_two_entries(self):
        debits = self._debit() + self._debit(on=NEXT_WEEK)
        self._send(debits)
        self._bank_day(NEXT_WEEK)
        self.assertEqual(set(debits.debit_line_ids.move_id.mapped("date")), {DAY, NEXT_WEEK})

    def test_the_invoice_is_open_until_the_bank_confirms(self):
        debit = self._debit()
        self._send(debit)
        self.assertEqual(debit.invoice_ids.amount_residual, 100.0)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_paid_out_without_news_of_the_collection_books_the_collection(self):
        debit = self._debit("collect, pay_out")
        self._send(debit)
        self.provider._demo_advance(NEXT_WEEK, notify=False)
        debit._debit_refresh(NEXT_WEEK)
        self.assertEqual(debit.debit_status, "paid_out")
        self.assertEqual(debit.debit_line_ids.date, DAY)
        self.assertEqual(debit.invoice_ids.amount_residual, 0)

    def test_core_makes_no_second_payment_of_a_debit(self):
        debit = self._settled()
        debit._post_process()
        self.assertFalse(debit.payment_id)
        self.assertEqual(len(debit.debit_line_ids), 1)

    def test_a_collection_in_a_locked_period_is_dated_after_the_lock(self):
        debit = self._debit()
        self._send(debit)
        self.company.fiscalyear_lock_date = DAY + timedelta(days=10)
        self._bank_day()
        self.assertEqual(debit.debit_line_ids.date, DAY + timedelta(days=11))
        self.assertEqual(debit.debit_settled_date, DAY)
        self.assertEqual(debit.invoice_ids.amount_residual, 0)

    def test_a_collection_of_an_invoice_paid_meanwhile_raises_an_alert(self):
        debit = self._debit()
        self._send(debit)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=debit.invoice_ids.ids
        ).create({"payment_date": DAY})._create_payments()
        self.assertEqual(debit.invoice_ids.amount_residual, 0)
        self._bank_day()
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(debit.debit_line_ids.amount_residual, -100.0, "to the client's credit")
        self.assertEqual(self._alerts(debit).kind, "overpaid")

    def test_a_collection_of_more_than_is_owed_raises_an_alert(self):
        debit = self._debits(self._mandate(), amount=100.0, invoices=[self._bill(60.0)])
        self._send(debit)
        self._bank_day()
        self.assertEqual(debit.invoice_ids.amount_residual, 0)
        self.assertEqual(debit.debit_line_ids.amount_residual, -40.0)
        self.assertEqual(self._alerts(debit).kind, "overpaid")

    def test_without_outstanding_account_nothing_moves_until_it_is_there(self):
        debit = self._debit()
        self._send(debit)
        journal = self.provider.journal_id
        line = journal.inbound_payment_method_line_ids.filtered("payment_provider_id")
        line.payment_account_id = False
        self.patch(
            type(self.provider), "_get_payment_method_outstanding_account_id", lambda *args: False
        )
        self._bank_day()
        self.assertEqual(debit.debit_status, "submitted")
        self.assertIn("no outstanding account", self._alerts(debit).message)


@tagged("post_install", "-at_install")
class TestReturnEntry(DebitCommon):
    """Money rule 3: paid can be undone, in a locked period too, and the first entry stays."""

    def _photo(self, entry):
        return entry.line_ids.sorted("id").read(
            ["date", "account_id", "partner_id", "debit", "credit", "name", "parent_state"]
        )

    def _assert_reopened(self, debit, amount=100.0):
        self.assertEqual((debit.debit_status, debit.state), ("returned", "done"))
        self.assertEqual(debit.invoice_ids.amount_residual, amount)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_return_reopens_the_invoice_by_its_own_dated_entry(self):
        debit = self._settled("collect, return:MD06+20")
        first = debit.debit_line_ids.move_id
        before = self._photo(first)
        self._bank_day(LATER)
        self._assert_reopened(debit)
        self.assertEqual(self._photo(first), before)
        returned = debit.return_ids
        self.assertEqual(returned.kind, "refund", "MD06 is asked for by the client")
        self.assertEqual(returned.date, DAY + timedelta(days=20))
        self.assertEqual(returned.move_id.date, DAY + timedelta(days=20))
        self.assertEqual(returned.fee, 3.5)
        self.assertEqual(set(debit.debit_line_ids.mapped("amount_residual")), {0.0})

    def test_a_return_in_a_locked_period_leaves_the_first_entry_untouched(self):
        debit = self._settled("collect, return:MD06+20")
        first = debit.debit_line_ids.move_id
        before = self._photo(first)
        self.company.fiscalyear_lock_date = DAY + timedelta(days=30)
        self._bank_day(LATER)
        self._assert_reopened(debit)
        self.assertEqual(self._photo(first), before)
        self.assertEqual(debit.return_ids.move_id.date, DAY + timedelta(days=31))

    def test_a_return_with_tax_due_on_payment_reverses_the_tax_in_a_locked_period(self):
        self.company.tax_exigibility = True
        transition = self.env["account.account"].create(
            {
                "name": "Tax waiting",
                "code": "445871",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        tax = self.tax_sale_a.with_env(self.env).copy(
            {
                "name": "20 % on payment",
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        debit = self._debits(
            self._mandate("collect, return:MD06+20"), amount=120.0, invoices=[self._taxed_bill(tax)]
        )
        self._send(debit)
        self._bank_day()
        self.assertEqual(debit.invoice_ids.amount_residual, 0)
        self.company.fiscalyear_lock_date = DAY + timedelta(days=30)
        self.company.tax_lock_date = DAY + timedelta(days=30)
        self._bank_day(LATER)
        self._assert_reopened(debit, 120.0)
        waiting = self.env["account.move.line"].search([("account_id", "=", transition.id)])
        self.assertAlmostEqual(sum(waiting.mapped("balance")), -20.0, msg="due no more")

    def _taxed_bill(self, tax):
        move = (
            self.env["account.move"]
            .with_company(self.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client.id,
                    "invoice_date": DAY,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "S", "price_unit": 100.0, "tax_ids": [Command.set(tax.ids)]}
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.assertEqual(move.amount_total, 120.0)
        return move

    def test_a_return_of_one_leaves_the_others_of_the_entry_paid(self):
        mandates = self._mandate("collect, return:AM04") + self._mandate() + self._mandate()
        debits = self._debits(mandates)
        self._send(debits)
        self._bank_day()
        self._bank_day(NEXT_WEEK)
        self._assert_reopened(debits[0])
        self.assertEqual(set(debits[1:].invoice_ids.mapped("amount_residual")), {0.0})
        self.assertEqual(set(debits[1:].mapped("debit_status")), {"collected"})

    def test_returned_collected_and_returned_again(self):
        debit = self._settled("collect, return:AM04, retry, collect, return:MD06+20")
        for day in range(1, 7):
            self._bank_day(DAY + timedelta(days=day))
        self.assertEqual((debit.debit_status, debit.state), ("collected", "done"))
        self.assertEqual(debit.invoice_ids.amount_residual, 0)
        self.assertEqual(len(debit.debit_line_ids), 3)
        self._bank_day(LATER)
        self._assert_reopened(debit)
        self.assertEqual(len(debit.return_ids), 2)
        self.assertEqual(sum(debit.debit_line_ids.mapped("balance")), 0)
        self.assertEqual(set(debit.debit_line_ids.mapped("amount_residual")), {0.0})

    def test_a_return_after_the_payout_reopens_too(self):
        self._assert_reopened(self._settled("collect, pay_out, return:MD06", day=NEXT_WEEK))

    def test_a_failure_after_the_collection_is_a_return(self):
        debit = self._settled("collect, fail:AC04")
        self._bank_day(NEXT_WEEK)
        self._assert_reopened(debit)
        self.assertEqual(debit.return_ids.kind, "return")
        self.assertEqual(debit.mandate_id.state, "suspended")

    def test_a_return_heard_of_before_the_collection_books_both(self):
        debit = self._debit("collect, return:MD06")
        self._send(debit)
        self.provider._demo_advance(NEXT_WEEK, notify=False)
        debit._debit_refresh(NEXT_WEEK)
        self._assert_reopened(debit)
        self.assertEqual(len(debit.debit_line_ids), 2)

    def test_a_return_of_an_overpaid_debit_takes_the_credit_back(self):
        debit = self._debits(
            self._mandate("collect, return:MD06"), amount=100.0, invoices=[self._bill(60.0)]
        )
        self._send(debit)
        self._bank_day()
        self._bank_day(NEXT_WEEK)
        self._assert_reopened(debit, 60.0)
        self.assertEqual(set(debit.debit_line_ids.mapped("amount_residual")), {0.0})
