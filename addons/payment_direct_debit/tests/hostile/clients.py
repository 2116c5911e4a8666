"""A provider's client alone, without a database."""

import os
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitRetryable

from .world import CHARGE_DAY

UNCLEAR = ("drop_after", "drop_before", "500", "502", "504", "html_200", "empty_200")


class ClientWorld:
    """Mixed into a provider's world and `BaseCase`."""

    def setUp(self):
        super().setUp()
        self.client = self.new_client()
        self.order = seam.DebitOrder(
            reference="DEBIT-1",
            idempotency_key="key-1",
            amount_cents=4990,
            currency="EUR",
            mandate_ref=self.MANDATE,
            requested_date=CHARGE_DAY,
            description="Abonnement « été » n° 1",
            metadata={"odoo_ref": "DEBIT-1"},
        )

    def _order(self, **values):
        return replace(self.order, **values)


class Clients(ClientWorld):
    """Rows of the table."""

    def test_a_read_without_a_clear_answer_may_be_repeated(self):
        ref = self.client.send(self.order).ref
        reads = (
            lambda: self.client.fetch(ref),
            lambda: self.client.find(self.order),
            lambda: self.client.mandate_fetch(self.order.mandate_ref),
            lambda: self.client.events_since(datetime(2026, 1, 1)),
            self.client.account,
        )
        for kind in (*UNCLEAR, "429"):
            for number, read in enumerate(reads):
                self.sandbox.fault(kind, method="GET")
                with self.subTest(fault=kind, read=number), self.assertRaises(DebitRetryable):
                    read()
                self.sandbox.clear("faults")

    def test_the_same_order_again_is_the_debit_that_is_there(self):
        first, second = self.client.send(self.order), self.client.send(self.order)
        self.assertEqual(first.ref, second.ref)
        self.assertEqual(len(self.sandbox.payments()), 1)

    def test_a_proxy_of_the_host_is_not_used(self):
        proxies = {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
        with patch.dict(os.environ, proxies, NO_PROXY="", no_proxy=""):
            self.assertTrue(self.client.account())
