from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_gocardless.tests.common_settlement import SettlementCase

ARRIVAL = date(2026, 3, 17)


@tagged("post_install", "-at_install")
class TestPayoutMatching(SettlementCase):
    def _line(self, amount, text, day=ARRIVAL):
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

    def _match(self, payout):
        payout.with_user(self.finance).action_match()
        return payout.state

    def test_the_reference_and_the_amount_find_the_line(self):
        _debits, payout = self._paid_out(49.9)
        other = self._line(49.2, "VIR SEPA AUTRE CLIENT")
        line = self._line(49.2, f"VIR GOCARDLESS {payout.bank_reference}")
        self.assertEqual(self._match(payout), "matched")
        self.assertTrue(line.is_reconciled)
        self.assertFalse(other.is_reconciled)
        self.assertEqual(self._balance(self.company.transfer_account_id), 0.0)

    def test_the_amount_alone_is_enough_when_only_one_line_fits(self):
        _debits, payout = self._paid_out(49.9)
        self._line(49.21, "VIR")
        self._line(49.2, "VIR", date(2026, 4, 20))
        self.assertEqual(self._match(payout), "booked")
        self._line(49.2, "VIR GOCARDLESS")
        self.assertEqual(self._match(payout), "matched")

    def test_two_lines_that_fit_equally_well_are_left_to_a_person(self):
        _debits, payout = self._paid_out(49.9)
        lines = self._line(49.2, "VIR A") + self._line(49.2, "VIR B")
        self.assertEqual(self._match(payout), "booked")
        self.assertFalse(any(lines.mapped("is_reconciled")))

    def test_one_line_that_fits_two_payouts_is_left_to_a_person(self):
        _debits, payout = self._paid_out(49.9)
        twin = payout._state_writer().create(
            {
                "provider_id": self.provider.id,
                "ref": "PO000TWIN",
                "currency_id": self.euro.id,
                "amount": payout.amount,
                "arrival_date": ARRIVAL,
            }
        )
        twin._set_state("booked")
        self._line(49.2, "VIR GOCARDLESS")
        self.assertEqual(self._match(payout), "booked")
