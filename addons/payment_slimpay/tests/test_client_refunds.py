from dataclasses import replace
from datetime import date

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_slimpay.tests.common import ClientCase

LATER = date(2026, 3, 23)


@tagged("post_install", "-at_install")
class TestRefund(ClientCase):
    def setUp(self):
        super().setUp()
        self.sandbox.control("settings", payouts="never")

    def _refund(self, ref, **values):
        asked = seam.RefundOrder("REFUND-1", "refund-key-1", ref, 1990, 0, "EUR")
        return replace(asked, **values)

    def _outgoing(self):
        return [item for item in self.sandbox.payments() if item["direction"] == "OUT"]

    def test_a_refund_is_a_transfer_of_its_own_that_ends_at_the_debtor(self):
        ref = self._sent(until=LATER)
        answer = self.client.refund(self._refund(ref))
        self.assertEqual((answer.status, answer.amount_cents), (seam.ACCEPTED, 1990))
        (made,) = self._outgoing()
        self.assertEqual((made["id"], made["amount"]), (answer.ref, "19.90"))
        self.sandbox.advance(date(2026, 3, 26))
        self.assertEqual(self.client.refund_fetch(answer.ref).status, seam.PAID_OUT)

    def test_the_same_refund_again_adopts_the_one_that_is_there(self):
        refund = self._refund(self._sent(until=LATER))
        first, second = self.client.refund(refund), self.client.refund(refund)
        self.assertEqual(first, second)
        self.assertEqual(self.client.refund_find(refund), first)
        self.assertEqual(len(self._outgoing()), 1)
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.refund(replace(refund, amount_cents=100))

    def test_a_lost_answer_makes_no_second_refund(self):
        refund = self._refund(self._sent(until=LATER))
        for kind in ("drop_after", "504", "html_200"):
            one = replace(refund, reference=kind, amount_cents=100)
            self.sandbox.fault(kind, method="POST", path="^/payments/out$")
            with self.subTest(kind), self.assertRaises(DebitOutcomeUnknown):
                self.client.refund(one)
            self.assertTrue(self.client.refund_find(one))
            self.client.refund(one)
        self.assertEqual(len(self._outgoing()), 3)

    def test_money_that_did_not_come_or_went_back_is_not_given_back(self):
        for plan, until in (
            ("failed:AM04", LATER),
            ("late:MS03", LATER),
            ("paid", date(2026, 3, 3)),
        ):
            self.sandbox.reset()
            self.setUp()
            ref = self._sent(plan, until)
            with self.subTest(plan), self.assertRaises(DebitRefused) as caught:
                self.client.refund(self._refund(ref))
            self.assertEqual(caught.exception.code, "not_collected")
            self.assertFalse(self._outgoing())

    def test_never_more_than_was_debited(self):
        ref = self._sent(until=LATER)
        self.client.refund(self._refund(ref, amount_cents=3000))
        over = self._refund(ref, reference="R-2", amount_cents=2000, refunded_cents=3000)
        with self.assertRaises(DebitRefused) as caught:
            self.client.refund(over)
        self.assertEqual(caught.exception.code, "too_much")

    def test_funds_that_are_not_there_are_slimpays_refusal(self):
        ref = self._sent(until=LATER)
        self.client.mandate_cancel("RUM-0001")
        with self.assertRaises(DebitRefused) as caught:
            self.client.refund(self._refund(ref))
        self.assertEqual(caught.exception.code, "902")

    def test_a_refund_that_is_not_there_is_none(self):
        self.assertIsNone(self.client.refund_find(self._refund("x")))
