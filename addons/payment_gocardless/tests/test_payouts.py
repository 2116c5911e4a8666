from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.payment_direct_debit.exceptions import DebitRetryable
from odoo.addons.payment_gocardless.client import GoCardlessClient
from odoo.addons.payment_gocardless.tests.common import MANDATE, MONDAY
from odoo.addons.payment_gocardless.tests.common_settlement import PAID_OUT_DAY, SettlementCase

ITEMS = GoCardlessClient.payout_items


@tagged("post_install", "-at_install")
class TestPayouts(SettlementCase):
    def _fetch(self, on=PAID_OUT_DAY):
        return self.env["payment.payout"]._fetch(self.provider, MONDAY, on)

    def _missing_item(self):
        return patch.object(GoCardlessClient, "payout_items", lambda *call: ITEMS(*call)[1:])

    def _open_on_outstanding(self):
        account = self.provider._debit_outstanding_account()
        return self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("amount_residual", "!=", 0)]
        )

    def test_a_payout_that_adds_up_takes_everything_off_the_outstanding_account(self):
        debits = self._sent(49.9, 100.0)
        self._days_until(date(2026, 3, 12))
        self.assertEqual(self._outstanding(), 149.9)
        self._days_until(PAID_OUT_DAY)
        payout = self._payouts()
        (theirs,) = self.sandbox.read("tables/payouts")
        self.assertEqual((payout.ref, payout.state), (theirs["id"], "booked"))
        self.assertEqual((payout.amount, payout.move_id.date), (148.0, date(2026, 3, 17)))
        self.assertEqual(self._outstanding(), 0.0)
        self.assertEqual(self._balance(self.company.transfer_account_id), 148.0)
        self.assertEqual(self._balance(self.provider.debit_fee_account_id), 1.9)
        self.assertEqual(debits.payout_id, payout)
        self.assertFalse(self._open_on_outstanding())
        self.assertEqual(set(debits.mapped("debit_status")), {"paid_out"})
        self.assertFalse(self._alerts(payout))

    def test_reading_a_payout_again_books_nothing_again(self):
        _debits, payout = self._paid_out(49.9)
        entry = payout.move_id
        self.assertFalse(self._fetch())
        self.assertEqual((payout.move_id, self._outstanding()), (entry, 0.0))

    def test_a_payout_waits_until_the_fees_have_an_account(self):
        account, self.provider.debit_fee_account_id = self.provider.debit_fee_account_id, False
        _debits, payout = self._paid_out(49.9)
        self.assertEqual((payout.state, self._outstanding()), ("received", 49.9))
        alert = self._alerts(payout)
        self.assertIn("Choose the account for the fees", alert.message)
        self.provider.debit_fee_account_id = account
        with self._committing(self.env["payment.payout"]) as model:
            model._cron_fetch(date(2026, 5, 20))  # long after the look-back
        self.assertEqual((payout.state, alert.state), ("booked", "closed"))

    def test_items_that_do_not_add_up_book_nothing_until_they_do(self):
        with self._missing_item():
            _debits, payout = self._paid_out(49.9, 10.0)
        self.assertEqual((payout.state, self._outstanding()), ("mismatch", 59.9))
        self.assertFalse(payout.move_id)
        self.assertIn("Nothing was booked", self._alerts(payout).message)
        self._fetch()
        self.assertEqual((payout.state, self._outstanding()), ("booked", 0.0))
        self.assertEqual(self._alerts(payout).state, "closed")

    def test_a_bounced_payout_gives_everything_back_to_the_outstanding_account(self):
        debits, payout = self._paid_out(49.9)
        self.sandbox.act("bounce", payout.ref)
        self._days_until(date(2026, 3, 19))
        self.assertEqual((payout.state, self._outstanding()), ("bounced", 49.9))
        self.assertEqual(sum(self._open_on_outstanding().mapped("amount_residual")), 49.9)
        self.assertEqual(self._balance(self.company.transfer_account_id), 0.0)
        self.assertIn("bounced", self._alerts(payout).message)
        self.assertEqual(debits.debit_status, "paid_out")

    def test_a_payout_that_bounced_before_we_heard_of_it_is_never_booked(self):
        self._sent(49.9)
        self.sandbox.advance(PAID_OUT_DAY)
        self.sandbox.act("bounce", self.sandbox.read("tables/payouts")[0]["id"])
        self._fetch()
        self.assertEqual(self._payouts().state, "bounced")
        self.assertFalse(self._payouts().move_id)

    def test_a_locked_period_moves_the_entry_to_the_first_open_day(self):
        self._sent(49.9)
        self._days_until(date(2026, 3, 12))
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        self.sandbox.advance(PAID_OUT_DAY)
        self._fetch(date(2026, 4, 2))
        self.assertEqual(self._payouts().move_id.date, date(2026, 4, 1))

    def test_a_payout_whose_items_are_archived_is_told_and_stops_no_other(self):
        self._sent(49.9)
        self.sandbox.advance(date(2026, 10, 5))
        self._fetch(date(2026, 10, 5))
        payout = self._payouts()
        self.assertEqual(payout.state, "received")
        self.assertIn("archived", self._alerts(payout).message)

    def test_an_unknown_status_changes_nothing(self):
        with patch.dict("odoo.addons.payment_gocardless.const.PAYOUT_STATUSES", clear=True):
            _debits, payout = self._paid_out(49.9)
        self.assertEqual((payout.state, payout.raw_status), ("received", "paid"))
        self.assertEqual(self._alerts(payout).kind, "unknown_status")

    def test_a_provider_that_can_not_be_read_leaves_the_event_for_later(self):
        self._sent(49.9)
        with patch.object(GoCardlessClient, "payouts_since", side_effect=DebitRetryable("busy")):
            self._days_until(PAID_OUT_DAY)
        event = self.env["payment.event"].search([("topic", "=", "payout")])
        self.assertEqual((event.state, event.error), ("received", "busy"))
        event._apply_topic("payout", PAID_OUT_DAY)
        self.assertEqual((event.state, self._payouts().state), ("applied", "booked"))

    def test_finance_reads_payouts_and_changes_none(self):
        _debits, payout = self._paid_out(49.9)
        self.assertEqual(payout.with_user(self.finance).amount, 49.2)
        payout.with_user(self.finance).action_match()
        with self.assertRaises(AccessError):
            payout.with_user(self.finance).write({"amount": 1.0})
        with self.assertRaises(AccessError):
            payout.write({"amount": 1.0})  # not even an administrator by a form
        with self.assertRaises(AccessError):
            payout.with_user(self.employee).read(["amount"])

    def test_payments_made_by_others_stand_on_the_suspense_account(self):
        self.provider._debit_client()._api.payments.create(
            params={
                "amount": 700,
                "currency": "EUR",
                "charge_date": "2026-03-11",
                "links": {"mandate": MANDATE},
            }
        )
        suspense = self.provider.journal_id.suspense_account_id
        _debits, payout = self._paid_out(49.9)
        self.assertEqual((payout.state, self._outstanding()), ("booked", 0.0))
        self.assertEqual(self._balance(suspense), -7.0)
        alert = self._alerts(payout)
        self.assertEqual(alert.kind, "unmatched")
        self.assertRegex(alert.message, r"holds 7[.,]00")
