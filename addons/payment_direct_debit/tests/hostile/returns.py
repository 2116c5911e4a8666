"""The life of a debit as its bank tells it, from the money that comes to the money that goes."""

from .world import CHARGE_DAY


class Returns:
    """Mixed into `Sound`."""

    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def test_a_debit_is_sent_collected_and_its_invoice_paid(self):
        debit = self._sent(49.9)
        self.assertEqual((debit.debit_status, debit.state), ("submitted", "pending"))
        self.assertEqual(debit.debit_expected_date, CHARGE_DAY)
        self.assertEqual(debit.provider_reference, self._there(debit)[0]["id"])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self._days_until(self.COLLECTED_DAY)
        self.assertEqual((debit.debit_status, debit.state), ("collected", "done"))
        self.assertEqual(debit.debit_settled_date, CHARGE_DAY)
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
        self.assertFalse(self._alerts(debit))

    def test_a_rejected_debit_fails_with_the_banks_reason(self):
        debit = self._debit_with("failed:AM04")
        self._days_until(self.FAILED_DAY)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "AM04"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["reject"])
        self.assertEqual(debit.return_ids.date, self.FAILED_DAY)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_late_return_opens_the_invoice_again(self):
        debit = self._debit_with("late:MS03")
        self._days_until(self.COLLECTED_DAY)
        self.assertIn(debit.invoice_ids.payment_state, ("in_payment", "paid"))
        self._days_until(self.RETURNED_DAY)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MS03"))
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.assertEqual(debit.invoice_ids.amount_residual, 49.9)

    def test_a_refund_asked_by_the_debtor_opens_the_invoice_again(self):
        debit = self._debit_with("chargeback:MD06")
        self._days_until(self.COLLECTED_DAY)
        self._days_until(self.RETURNED_DAY)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MD06"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["refund"])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_a_closed_account_ends_the_mandate_too(self):
        debit = self._debit_with("failed:AC04")
        self._days_until(self.FAILED_DAY)
        self.assertEqual(debit.debit_status, "failed")
        self.assertEqual(debit.mandate_id.state, self.MANDATE_AFTER_CLOSED_ACCOUNT)
