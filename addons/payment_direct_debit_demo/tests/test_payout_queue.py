from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.payment_direct_debit_demo.tests.common import DAY, DebitCommon

ARRIVAL = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestPayoutQueue(DebitCommon):
    """Payouts that nothing on the bank statement answers to."""

    def setUp(self):
        super().setUp()
        self.finance = new_test_user(
            self.env,
            "queue_finance",
            "payment_direct_debit.group_payment_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def _payout(self, amount=100.0):
        """Return a payout of one collected debit, booked."""
        debit = self._settled(amount=amount)
        payout = (
            self.env["payment.payout"]
            ._state_writer()
            .create(
                {
                    "provider_id": self.provider.id,
                    "ref": f"PO{debit.id}",
                    "currency_id": self.euro.id,
                    "amount": amount,
                    "arrival_date": ARRIVAL,
                }
            )
            .with_env(self.env)
        )
        self.env["payment.payout.line"].create(
            {
                "payout_id": payout.id,
                "kind": "debit",
                "ref": debit.provider_reference,
                "cents": str(int(amount) * 100),
                "amount": amount,
                "transaction_id": debit.id,
            }
        )
        payout._check_and_book(DAY)
        return payout

    def _bank_line(self, amount, text="VIR", day=ARRIVAL):
        return (
            self.env["account.bank.statement.line"]
            .with_company(self.company)
            .create(
                {
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "date": day,
                    "amount": amount,
                    "payment_ref": text,
                }
            )
        )

    def _by_hand(self, payout, line=None, user=None):
        wizard = self.env["payment.payout.match"].with_user(user or self.finance)
        return wizard.create({"payout_id": payout.id, "line_id": line and line.id})

    def test_a_payout_that_did_not_arrive_is_told_until_it_does(self):
        payout = self._payout()
        watch = self.env["payment.payout"]._alert_not_arrived
        watch(ARRIVAL + timedelta(days=10))
        self.assertFalse(self._alerts(payout))
        watch(ARRIVAL + timedelta(days=11))
        alert = self._alerts(payout, "payout_missing")
        self.assertIn(payout.ref, alert.message)
        self._bank_line(100.0)
        payout._match_statement(ARRIVAL)
        watch(ARRIVAL + timedelta(days=12))
        self.assertEqual((payout.state, alert.state), ("matched", "closed"))

    def test_a_person_chooses_between_lines_that_fit_equally_well(self):
        payout = self._payout()
        first, second = self._bank_line(100.0, "VIR A"), self._bank_line(100.0, "VIR B")
        self.assertFalse(payout._match_statement(ARRIVAL))
        wizard = self._by_hand(payout, second)
        self.assertEqual(wizard.candidate_ids, first + second)
        wizard.action_match()
        self.assertEqual(payout.state, "matched")
        self.assertEqual((first.is_reconciled, second.is_reconciled), (False, True))

    def test_a_line_of_another_amount_is_refused(self):
        payout = self._payout()
        other = self._bank_line(99.0)
        with self.assertRaisesRegex(UserError, "not an open one"):
            self._by_hand(payout, other).action_match()
        self.assertEqual(payout.state, "booked")

    def test_a_payout_is_matched_once(self):
        payout = self._payout()
        line, spare = self._bank_line(100.0, "VIR A"), self._bank_line(100.0, "VIR B")
        self._by_hand(payout, line).action_match()
        with self.assertRaisesRegex(UserError, "does not wait"):
            self._by_hand(payout, spare).action_match()

    def test_nobody_without_the_right_matches(self):
        payout = self._payout()
        line = self._bank_line(100.0)
        stranger = new_test_user(self.env, "queue_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._by_hand(payout, line, stranger)
