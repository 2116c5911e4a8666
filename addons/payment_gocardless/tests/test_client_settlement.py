from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused
from odoo.addons.payment_gocardless import snapshots
from odoo.addons.payment_gocardless.tests.common import MONDAY, ClientCase, event


@tagged("post_install", "-at_install")
class TestSettlementClient(ClientCase):
    def setUp(self):
        super().setUp()
        self.payment = self.client.send(self.order).ref
        self.sandbox.advance(date(2026, 3, 20))
        self.give_back = seam.RefundOrder(
            reference="DEBIT-1-R1",
            idempotency_key="refund-1",
            debit_ref=self.payment,
            amount_cents=990,
            refunded_cents=0,
            currency="EUR",
        )

    def test_a_refund_carries_its_reference_and_the_total(self):
        first = self.client.refund(self.give_back)
        self.assertEqual((first.status, first.amount_cents), (seam.ACCEPTED, 990))
        self.assertEqual(first.reference, "DEBIT-1-R1")
        more = replace(self.give_back, reference="DEBIT-1-R2", idempotency_key="refund-2")
        with self.assertRaises(DebitRefused) as caught:
            self.client.refund(more)
        self.assertEqual(caught.exception.code, "total_amount_confirmation_invalid")
        self.client.refund(replace(more, refunded_cents=990))
        self.assertEqual(len(self.sandbox.read("tables/refunds")), 2)

    def test_the_same_refund_again_adopts_the_one_that_is_there(self):
        first = self.client.refund(self.give_back)
        self.assertEqual(self.client.refund(self.give_back), first)
        self.assertEqual(self.client.refund_find(self.give_back), first)
        self.assertEqual(self.client.refund_fetch(first.ref), first)
        self.assertEqual(len(self.sandbox.read("tables/refunds")), 1)

    def test_a_key_that_made_another_refund_is_never_adopted(self):
        self.client.refund(self.give_back)
        for values in ({"amount_cents": 1000}, {"reference": "OTHER"}):
            with self.subTest(**values), self.assertRaises(DebitOutcomeUnknown) as caught:
                self.client.refund(replace(self.give_back, **values))
            self.assertEqual(caught.exception.code, "idempotency_mismatch")

    def test_a_refund_that_was_never_made_is_surely_missing(self):
        self.assertIsNone(self.client.refund_find(self.give_back))

    def test_an_account_without_refunds_refuses(self):
        self.sandbox.control("settings", can_create_refunds=False)
        with self.assertRaises(DebitRefused) as caught:
            self.client.refund(self.give_back)
        self.assertEqual(caught.exception.code, "refunds_not_enabled")
        self.assertFalse(self.client.account().can_refund)

    def test_a_payout_is_net_and_its_items_keep_fractions_of_cents(self):
        (payout,) = self.client.payouts_since(MONDAY)
        self.assertEqual((payout.status, payout.amount_cents), (seam.PAYOUT_PAID, 4920))
        self.assertEqual(payout.arrival_date, date(2026, 3, 17))
        self.assertTrue(payout.bank_reference)
        items = self.client.payout_items(payout.ref)
        self.assertEqual(
            [(item.kind, item.amount_cents, item.ref) for item in items],
            [
                (seam.ITEM_DEBIT, Decimal("4990.0"), self.payment),
                (seam.ITEM_FEE, Decimal("-69.9"), self.payment),
            ],
        )
        self.assertFalse(self.client.payouts_since(date(2026, 3, 17)))

    def test_archived_items_are_refused_by_name(self):
        (payout,) = self.client.payouts_since(MONDAY)
        self.sandbox.advance(date(2026, 10, 5))
        with self.assertRaises(DebitRefused) as caught:
            self.client.payout_items(payout.ref)
        self.assertEqual(caught.exception.code, "payout_items_data_archived")

    def test_every_documented_item_has_its_kind(self):
        kinds = {
            "payment_failed": seam.ITEM_RETURN,
            "payment_charged_back": seam.ITEM_RETURN,
            "payment_refunded": seam.ITEM_REFUND,
            "refund": seam.ITEM_REFUND,
            "refund_funds_returned": seam.ITEM_REFUND,
            "surcharge_fee": seam.ITEM_FEE,
            "app_fee": seam.ITEM_FEE,
            "revenue_share": seam.ITEM_OTHER,
            "something_new": seam.ITEM_OTHER,
        }
        for raw, kind in kinds.items():
            links = {"payment": "PM1", "refund": "RF1"}
            item = snapshots.payout_item({"type": raw, "amount": "-1.5", "links": links})
            with self.subTest(raw):
                self.assertEqual((item.kind, item.amount_cents), (kind, Decimal("-1.5")))
                self.assertEqual(item.ref, "RF1" if kind == seam.ITEM_REFUND else "PM1")

    def test_events_of_refunds_and_payouts_have_their_topics(self):
        cases = [
            (event(1, "refunds", "paid", links={"refund": "RF1"}), seam.TOPIC_REFUND, "RF1"),
            (event(2, "refunds", "created", links={"refund": "RF1"}), seam.TOPIC_OTHER, ""),
            (event(3, "payouts", "paid", links={"payout": "PO1"}), seam.TOPIC_PAYOUT, "PO1"),
            (
                event(4, "creditors", "bounced_payout", links={"creditor": "CR1", "payout": "PO1"}),
                seam.TOPIC_PAYOUT,
                "PO1",
            ),
            (event(5, "creditors", "updated", links={"creditor": "CR1"}), seam.TOPIC_OTHER, ""),
        ]
        for document, topic, ref in cases:
            with self.subTest(document["action"]):
                incoming = snapshots.incoming(document)
                self.assertEqual((incoming.topic, incoming.ref), (topic, ref))
