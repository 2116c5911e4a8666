"""Stripe's sandbox: what only it can settle (the README of the addon has the list).

STRIPE_SECRET_KEY: sk_test_… or rk_test_…. No browser is needed: mandates are made from Stripe's
test payment methods.
"""

from uuid import uuid4

import pytest
import stripe

from .target import Target, address, find_our_addons, keys, refuse_live

find_our_addons()

from odoo.addons.payment_direct_debit import seam  # noqa: E402
from odoo.addons.payment_direct_debit.exceptions import (  # noqa: E402
    DebitOutcomeUnknown,
    DebitRefused,
)
from odoo.addons.payment_stripe_sepa import const  # noqa: E402
from odoo.addons.payment_stripe_sepa.client import StripeSepaClient  # noqa: E402

from .contract import Contract, moves_the_clock  # noqa: E402

(KEY,) = keys("STRIPE_SECRET_KEY")
refuse_live(KEY, "sk_live_", "rk_live_")
URL = address("STRIPE_URL", const.SETUP.api_urls["test"])
SEPA = "sepa_debit"


def make_target():
    """The client of the key."""

    def client(wrong=False):
        return StripeSepaClient(f"{KEY}wrong" if wrong else KEY, URL)

    return Target("Stripe", client(), client, URL, "stripe")


def make_mandate(target, method="pm_sepaDebit_success_fr"):
    """A mandate over one of Stripe's test payment methods, accepted by the server."""
    api = stripe.StripeClient(KEY, base_addresses={"api": URL}).v1
    customer = api.customers.create({"name": "Paul Durand", "email": "paul.durand@example.com"})
    accepted = {"type": "offline", "accepted_at": 1767225600}
    intent = api.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": method,
            "allowed_payment_method_types": [SEPA],
            "usage": "off_session",
            "confirm": True,
            "mandate_data": {"customer_acceptance": accepted},
        }
    )
    assert intent.status == "succeeded", intent.status
    return intent.mandate


class TestStripe(Contract):
    prefix = "STRIPE"
    unknown_mandate = "mandate_nothing"
    can_cancel = False
    tells_events = False

    def test_an_acceptance_on_paper_makes_a_mandate(self, target, mandate):
        """Also settles that the server may confirm without an address to return to."""
        target.settle("mandate accepted offline, by the server", mandate)

    def test_the_rounding_of_a_target_date(self, target, mandate):
        for days in (4, 5, 6, 7, 8, 9):
            asked = target.day(days)
            sent = target.client.send(target.order(mandate, requested_date=asked))
            target.settle("target date", f"asked {asked:%a %d}, got {sent.charge_date}")

    def test_a_target_date_too_near_is_named_by_its_parameter(self, target, mandate):
        """Else the payment would not be asked for once more without a date."""
        order = target.order(mandate, requested_date=target.today)
        assert target.client.send(order).status == seam.ACCEPTED

    @moves_the_clock
    def test_what_a_dispute_says(self, target):
        mandate = make_mandate(target, "pm_sepaDebit_disputed_fr")
        ref = target.client.send(target.order(mandate)).ref
        if target.sandbox:
            target.sandbox.advance(target.day(60))
        snapshot, seconds = target.wait(
            lambda: (found := target.client.fetch(ref)).status == seam.RETURNED and found, 300
        )
        assert snapshot, "no dispute within five minutes"
        target.settle("dispute", f"{snapshot} after {seconds} s")

    @moves_the_clock
    def test_what_an_insufficient_balance_says(self, target):
        mandate = make_mandate(target, "pm_sepaDebit_insufficientFunds_fr")
        ref = target.client.send(target.order(mandate)).ref
        if target.sandbox:
            target.sandbox.advance(target.day(20))
        snapshot, _seconds = target.wait(
            lambda: (found := target.client.fetch(ref)).status == seam.FAILED and found, 300
        )
        assert snapshot.reason_code == "AM04"

    def test_whether_a_detached_account_tells_of_its_mandate(self, target):
        mandate = make_mandate(target)
        since = self.now(target).replace(hour=0, minute=0)
        assert target.client.mandate_cancel(mandate).status == seam.MANDATE_CANCELLED

        def told():
            events = target.client.events_since(since)
            return sorted({e.action for e in events if e.topic == seam.TOPIC_MANDATE})

        target.settle("events after a detachment", target.wait(told, 30)[0])

    def test_the_same_key_with_other_terms_is_refused(self, target, mandate):
        key = str(uuid4())
        target.client.send(target.order(mandate, idempotency_key=key))
        with pytest.raises(DebitOutcomeUnknown):
            target.client.send(target.order(mandate, idempotency_key=key, amount_cents=99))

    def test_a_dead_mandate_is_refused_as_such(self, target):
        mandate = make_mandate(target)
        target.client.mandate_cancel(mandate)
        with pytest.raises(DebitRefused) as caught:
            target.client.send(target.order(mandate))
        assert caught.value.code == "MD01"
