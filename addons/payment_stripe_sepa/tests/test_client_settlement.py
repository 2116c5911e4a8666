import json
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_stripe_sepa import snapshots
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient
from odoo.addons.payment_stripe_sepa.tests.common import MONDAY, ClientCase, answering

SUCCESS, ARRIVED = date(2026, 3, 18), date(2026, 3, 23)


class MoneyCase(ClientCase):
    """A debit that has brought its money."""

    def setUp(self):
        super().setUp()
        self.ref = self.client.send(self.order).ref
        self.sandbox.advance(SUCCESS)

    def _refund(self, cents=1000, **values):
        wanted = {
            "reference": "REFUND-1",
            "idempotency_key": "refund-1",
            "debit_ref": self.ref,
            "amount_cents": cents,
            "refunded_cents": 0,
            "currency": "EUR",
            "metadata": {"odoo_ref": "REFUND-1"},
        }
        return seam.RefundOrder(**{**wanted, **values})


@tagged("post_install", "-at_install")
class TestRefund(MoneyCase):
    def test_a_part_is_given_back_once_for_its_key(self):
        first, second = self.client.refund(self._refund()), self.client.refund(self._refund())
        self.assertEqual(first, second)
        self.assertEqual((first.status, first.amount_cents), (seam.ACCEPTED, 1000))
        self.assertEqual((first.currency, first.reference), ("EUR", "REFUND-1"))
        self.assertEqual(len(self.sandbox.read("tables/refunds")), 1)
        self.sandbox.advance(ARRIVED)
        self.assertEqual(self.client.refund_fetch(first.ref).status, seam.PAID_OUT)

    def test_a_refund_is_found_by_its_reference(self):
        other = self._refund(reference="REFUND-9", idempotency_key="refund-9", metadata={})
        self.client.refund(other)
        self.assertIsNone(self.client.refund_find(self._refund()))
        made = self.client.refund(self._refund())
        self.assertEqual(self.client.refund_find(self._refund()), made)

    def test_two_refunds_with_one_reference_are_nobodys_guess(self):
        for key in ("a", "b"):
            self.client.refund(self._refund(idempotency_key=key))
        with self.assertRaises(DebitOutcomeUnknown):
            self.client.refund_find(self._refund())

    def test_more_than_is_left_is_refused(self):
        self.client.refund(self._refund(4000))
        with self.assertRaises(DebitRefused):
            self.client.refund(self._refund(1000, idempotency_key="refund-2"))

    def test_a_disputed_debit_is_not_refunded(self):
        self.sandbox.act("charge_back", self.ref)
        with self.assertRaises(DebitRefused) as caught:
            self.client.refund(self._refund())
        self.assertEqual(caught.exception.code, "charge_disputed")

    def test_a_key_that_may_not_refund_stops_no_debits(self):
        client = StripeSepaClient("rk_test_sandbox_readonly", self.sandbox.url)
        with self.assertRaises(DebitRefused) as caught:
            client.refund(self._refund())
        self.assertEqual(caught.exception.code, "refunds_not_allowed")

    def test_a_refund_that_the_bank_sends_back_has_failed(self):
        ref = self.client.refund(self._refund()).ref
        self.sandbox.advance(ARRIVED)
        self.sandbox.act("bounce", ref)
        self.assertEqual(self.client.refund_fetch(ref).status, seam.FAILED)

    def test_a_refund_without_a_clear_answer_is_unknown_and_made_once(self):
        for number, kind in enumerate(("drop_after", "500", "html_200"), 1):
            order = self._refund(reference=f"R-{kind}", idempotency_key=kind, metadata={})
            self.sandbox.fault(kind, method="POST", path="/refunds$")
            with self.subTest(fault=kind), self.assertRaises(DebitOutcomeUnknown):
                self.client.refund(order)
            self.client.refund(order)
            self.assertEqual(len(self.sandbox.read("tables/refunds")), number)


@tagged("post_install", "-at_install")
class TestPayout(MoneyCase):
    def _items(self, ref):
        return [(item.kind, item.amount_cents, item.ref) for item in self.client.payout_items(ref)]

    def test_a_payout_is_told_with_what_it_is_made_of(self):
        self.sandbox.advance(ARRIVED)
        (payout,) = self.client.payouts_since(MONDAY)
        self.assertEqual((payout.status, payout.raw_status), (seam.PAYOUT_PAID, "paid"))
        self.assertEqual((payout.amount_cents, payout.currency), (4990 - 35, "EUR"))
        self.assertTrue(payout.arrival_date)
        items = self._items(payout.ref)
        self.assertEqual(items, [(seam.ITEM_DEBIT, 4990, self.ref), (seam.ITEM_FEE, -35, self.ref)])
        self.assertFalse(self.client.payouts_since(date(2026, 4, 1)))

    def test_what_was_taken_back_or_given_back_is_in_a_later_payout(self):
        self.sandbox.advance(ARRIVED)
        self.client.send(
            self._order(reference="D-2", idempotency_key="k-2", requested_date=date(2026, 4, 1))
        )
        third = self.client.send(
            self._order(
                reference="D-3",
                idempotency_key="k-3",
                amount_cents=90_000,
                requested_date=date(2026, 4, 1),
            )
        ).ref
        self.sandbox.advance(date(2026, 4, 8))
        refund = self.client.refund(self._refund(debit_ref=third)).ref
        self.sandbox.act("charge_back", self.ref)
        self.sandbox.advance(date(2026, 4, 20))
        payouts = self.client.payouts_since(MONDAY)
        items = [item for payout in payouts for item in self._items(payout.ref)]
        for kind, cents, ref in (
            (seam.ITEM_RETURN, -4990, self.ref),
            (seam.ITEM_FEE, -750, self.ref),
            (seam.ITEM_REFUND, -1000, refund),
            (seam.ITEM_DEBIT, 90_000, third),
        ):
            self.assertIn((kind, cents, ref), items)
        for payout in payouts:
            total = sum(item.amount_cents for item in self.client.payout_items(payout.ref))
            self.assertEqual(total, payout.amount_cents)

    def test_a_payout_counts_as_paid_once_it_is_itemised(self):
        self.sandbox.control("settings", reconciliation_days=2)
        for day, status in ((20, seam.PAYOUT_PENDING), (24, seam.PAYOUT_PAID)):
            self.sandbox.advance(date(2026, 3, day))
            (payout,) = self.client.payouts_since(MONDAY)
            self.assertEqual((payout.status, payout.raw_status), (status, "paid"))

    def test_payouts_made_by_hand_which_nobody_itemises_are_left_out(self):
        payout = {
            "amount": 1,
            "currency": "eur",
            "status": "paid",
            "arrival_date": 1773306000,
            "reconciliation_status": "completed",
        }
        data = [{**payout, "id": "po_1", "automatic": True}]
        data += [{**payout, "id": "po_2", "automatic": False}]
        content = json.dumps({"object": "list", "data": data, "has_more": False}).encode()
        with answering(200, content) as url:
            payouts = StripeSepaClient(self.sandbox.token, url).payouts_since(MONDAY)
        self.assertEqual([found.ref for found in payouts], ["po_1"])

    def test_a_payout_that_the_bank_sent_back_is_bounced(self):
        self.sandbox.advance(ARRIVED)
        (payout,) = self.client.payouts_since(MONDAY)
        self.sandbox.act("bounce", payout.ref)
        found = {item.ref: item.status for item in self.client.payouts_since(MONDAY)}
        self.assertEqual(found[payout.ref], seam.PAYOUT_BOUNCED)


@tagged("post_install", "-at_install")
class TestItems(BaseCase):
    def _items(self, category, amount, fee=0, source=None):
        entry = {"reporting_category": category, "amount": amount, "fee": fee, "source": source}
        return [(i.kind, i.amount_cents, i.ref) for i in snapshots.payout_items(entry)]

    def test_each_category_is_of_its_kind(self):
        about = {"id": "x_1", "payment_intent": "pi_1"}
        cases = (
            ("charge", 500, [(seam.ITEM_DEBIT, 500, "pi_1")]),
            ("charge_failure", -500, [(seam.ITEM_RETURN, -500, "pi_1")]),
            ("dispute", -500, [(seam.ITEM_RETURN, -500, "pi_1")]),
            ("dispute_reversal", 500, [(seam.ITEM_RETURN, 500, "pi_1")]),
            ("refund", -500, [(seam.ITEM_REFUND, -500, "x_1")]),
            ("refund_failure", 500, [(seam.ITEM_REFUND, 500, "x_1")]),
            ("fee", -200, [(seam.ITEM_FEE, -200, "")]),
            ("brand_new", 7, [(seam.ITEM_OTHER, 7, "")]),
            ("payout", -999, []),
        )
        for category, amount, items in cases:
            with self.subTest(category):
                self.assertEqual(self._items(category, amount, 0, about), items)

    def test_the_fee_stands_beside_what_it_was_taken_for(self):
        items = self._items("charge", 500, 35, {"payment_intent": "pi_1"})
        self.assertEqual(items[1], (seam.ITEM_FEE, Decimal(-35), "pi_1"))
        self.assertEqual(self._items("fee", -200, 0, None), [(seam.ITEM_FEE, -200, "")])
