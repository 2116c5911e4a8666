from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_slimpay import payloads
from odoo.addons.payment_slimpay.tests.common import CHARGE_DAY, FlowCase

MUCH_LATER = date(2026, 5, 4)


@tagged("post_install", "-at_install")
class TestReturns(FlowCase):
    def _debit_with(self, plan):
        self.sandbox.plan("any", plan)
        return self._sent(49.9)

    def _statuses(self):
        return {issue["executionStatus"] for issue in self._issues()}

    def test_a_rejected_debit_fails_with_the_banks_reason_and_the_issue_is_acknowledged(self):
        debit = self._debit_with("failed:AM04")
        self._days_until(CHARGE_DAY)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("failed", "AM04"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["reject"])
        self.assertEqual(debit.return_ids.date, CHARGE_DAY)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.assertEqual(self._statuses(), {"processed"})

    def test_a_refund_asked_by_the_debtor_opens_the_invoice_again_and_tells_the_fee(self):
        self.sandbox.control("settings", bank_fee=350)
        debit = self._debit_with("chargeback:MD06")
        self._days_until(MUCH_LATER)
        self.assertEqual((debit.debit_status, debit.debit_reason_id.name), ("returned", "MD06"))
        self.assertEqual(debit.return_ids.mapped("kind"), ["refund"])
        self.assertEqual(debit.return_ids.fee, 3.5)
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")

    def test_an_issue_that_could_not_be_acknowledged_comes_again_and_changes_nothing(self):
        debit = self._debit_with("failed:AM04")
        self.sandbox.advance(CHARGE_DAY)
        self.sandbox.fault("500", method="POST", path="acknowledgement")
        self._poll(CHARGE_DAY)
        self.assertEqual((debit.debit_status, self._statuses()), ("failed", {"toprocess"}))
        self._poll(CHARGE_DAY)
        self.assertEqual(self._statuses(), {"processed"})
        self.assertEqual(len(debit.return_ids), 1)

    def test_an_issue_that_could_not_be_stored_is_not_acknowledged(self):
        self._debit_with("failed:AM04")
        self.sandbox.advance(CHARGE_DAY)
        self.sandbox.fault("502", method="GET", path="^/payment-issues$", nth=2)
        self._poll(CHARGE_DAY)
        self.assertEqual(self._statuses(), {"toprocess"})

    def test_an_issue_acknowledged_by_hand_is_applied_all_the_same(self):
        debit = self._debit_with("failed:AM04")
        self.sandbox.advance(CHARGE_DAY)
        self.sandbox.act("acknowledge", self._issues()[0]["id"])
        self._poll(CHARGE_DAY)
        self.assertEqual(debit.debit_status, "failed")

    def test_a_status_without_a_definition_changes_nothing_and_tells_a_person(self):
        debit = self._sent(49.9)
        self._days_until(CHARGE_DAY, debit)
        self.sandbox.act("set_status", debit.provider_reference, "contested")
        debit._debit_refresh(CHARGE_DAY)
        self.assertEqual(debit.debit_status, "collected")
        self.assertEqual(self._alerts(debit).mapped("kind"), ["unknown_status"])

    def test_payments_that_are_not_ours_are_ignored_and_acknowledged(self):
        debit = self._debits(self._mandate(), 7.0)
        self.sandbox.plan("any", "failed:AM04")
        body = payloads.payment(debit._debit_order(), CHARGE_DAY)
        self.provider._debit_client()._create("create-payins", {**body, "reference": "X1"})
        self._days_until(CHARGE_DAY)
        events = self.env["payment.event"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(events.mapped("state"), ["ignored"])
        self.assertEqual(self._statuses(), {"processed"})
