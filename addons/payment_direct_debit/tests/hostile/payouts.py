"""Money that the provider pays into our bank: with its items where it tells them."""

from datetime import timedelta


class Payouts:
    """Mixed into `Sound`."""

    def _payouts(self):
        return self.env["payment.payout"].search([("provider_id", "=", self.provider.id)])

    def _outstanding(self):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.provider._debit_outstanding_account().id),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def _paid_out(self, *amounts):
        """Debits whose money has reached our bank, as far as the provider tells."""
        debits = self._sent(*amounts)
        self._days_until(self.COLLECTED_DAY)
        self.assertEqual(self._outstanding(), sum(amounts))
        self._days_until(self.PAID_OUT_DAY)
        return debits

    def test_a_payout_takes_what_was_collected_off_the_outstanding_account(self):
        debits = self._paid_out(49.9, 100.0)
        payout = self._payouts()
        if not self.PAYS_OUT:
            self._assert_nothing_invented(debits, 149.9)
            return
        self.assertEqual((payout.state, self._outstanding()), ("booked", 0.0))
        self.assertEqual(debits.payout_id, payout)
        self.assertEqual(set(debits.mapped("debit_status")), {"paid_out"})
        self.assertAlmostEqual(payout.amount + payout.fees, 149.9)

    def _assert_nothing_invented(self, debits, amount):
        """A provider that does not tell what it pays out: the money waits for its bank line."""
        self.assertFalse(self.provider._debit_profile().pays_out)
        self.assertFalse(self._payouts())
        self.assertEqual(set(debits.mapped("debit_status")), {"collected"})
        self.assertEqual(self._outstanding(), amount)

    def test_an_item_that_nobody_knows_stands_apart_and_is_told(self):
        self._elsewhere(700)
        debits = self._paid_out(49.9)
        if not self.PAYS_OUT:
            self._assert_nothing_invented(debits, 49.9)
            return
        payout = self._payouts()
        self.assertEqual((payout.state, self._outstanding()), ("booked", 0.0))
        suspense = payout.move_id.line_ids.filtered(
            lambda line: line.account_id == self.provider.journal_id.suspense_account_id
        )
        self.assertEqual(sum(suspense.mapped("balance")), -7.0)
        self.assertEqual(self._alerts(payout).mapped("kind"), ["unmatched"])

    def test_reading_payouts_again_books_nothing_again(self):
        self._paid_out(49.9)
        entry, outstanding = self._payouts().move_id, self._outstanding()
        self._events().action_replay()
        self._apply(self.PAID_OUT_DAY)
        self._poll(self.PAID_OUT_DAY + timedelta(days=1))
        self.assertEqual((self._payouts().move_id, self._outstanding()), (entry, outstanding))

    def test_money_taken_back_after_the_payout_opens_the_invoice_again(self):
        debit = self._paid_out(49.9)
        self.sandbox.act("fail", debit.provider_reference, "MS03")
        self._days_until(self.PAID_OUT_DAY + timedelta(days=5))
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MS03"))
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.assertEqual(debit.invoice_ids.amount_residual, 49.9)
