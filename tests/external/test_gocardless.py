"""GoCardless' own sandbox: what only it can settle (the README of the addon has the list).

GOCARDLESS_ACCESS_TOKEN: a read-write token of manage-sandbox.gocardless.com.
GOCARDLESS_MANDATE (MD…) or GOCARDLESS_SESSION (BRQ…): a mandate; without, the address of a page to
sign on is shown.
GOCARDLESS_COLLECTED (PM…): a confirmed payment, for the refund.
"""

from dataclasses import replace
from uuid import uuid4

import pytest

from .target import TEST_IBAN, Target, address, find_our_addons, keys, refuse_live

find_our_addons()

from odoo.addons.payment_direct_debit import seam  # noqa: E402
from odoo.addons.payment_direct_debit.exceptions import (  # noqa: E402
    DebitOutcomeUnknown,
    DebitRefused,
)
from odoo.addons.payment_gocardless import const  # noqa: E402
from odoo.addons.payment_gocardless.client import GoCardlessClient  # noqa: E402

from .contract import Contract, signed_by_hand  # noqa: E402

(TOKEN,) = keys("GOCARDLESS_ACCESS_TOKEN")
refuse_live(TOKEN, "live_")
URL = address("GOCARDLESS_URL", const.API_URLS["test"])


def make_target():
    """The client of the token."""

    def client(wrong=False):
        return GoCardlessClient(f"{TOKEN}wrong" if wrong else TOKEN, URL)

    return Target("GoCardless", client(), client, URL, "gocardless")


def make_mandate(target):
    """A mandate signed on the hosted page."""
    form = {
        "given_name": "Paul",
        "family_name": "Durand",
        "email": "paul.durand@example.com",
        "iban": TEST_IBAN,
    }
    return signed_by_hand(target, "GOCARDLESS", form)


class TestGoCardless(Contract):
    prefix = "GOCARDLESS"
    unknown_mandate = "MD000NOTHING1"

    def test_whether_a_key_burnt_by_a_refusal_can_be_used_again(self, target, mandate):
        key = str(uuid4())
        with pytest.raises(DebitRefused):
            target.client.send(target.order(mandate, amount_cents=99_999_999, idempotency_key=key))
        order = target.order(mandate, idempotency_key=key, sent_at=self.now(target))
        try:
            answer = target.client.send(order).status
        except DebitRefused as refusal:
            answer = f"refused: {refusal.code}"
        target.settle("a key burnt by a refusal", answer)
        # Either way, never two.
        target.client.find(order)

    def test_how_late_an_event_follows_its_status(self, target, mandate):
        ref = target.client.send(target.order(mandate)).ref
        target.client.cancel(ref)
        since = self.now(target)

        def told():
            events = target.client.events_since(since.replace(hour=0, minute=0))
            return [e for e in events if (e.ref, e.action) == (ref, "cancelled")]

        found, seconds = target.wait(told)
        assert found, "no event within a minute"
        target.settle("the event of a cancellation comes after", f"{seconds} s")

    def test_whether_refunds_and_own_references_are_enabled(self, target):
        account = target.client.account()
        assert account.identifier, "no SEPA creditor identifier"
        target.settle("refunds enabled", account.can_refund)

    def test_a_refused_date_names_the_field_that_we_take(self, target, mandate):
        """Else the answer would not be TM01, and no later date would be tried."""
        early = target.order(mandate, requested_date=target.today)
        snapshot = target.client.send(early)
        assert snapshot.status == seam.ACCEPTED
        assert snapshot.charge_date > early.requested_date

    def test_the_same_key_with_other_terms_makes_no_second_debit(self, target, mandate):
        order = target.order(mandate)
        target.client.send(order)
        with pytest.raises(DebitOutcomeUnknown):
            target.client.send(replace(order, amount_cents=4321))
