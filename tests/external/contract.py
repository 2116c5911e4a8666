"""What every provider is asked, in the words of `seam.DebitClient`.

A class of tests for each provider inherits this one and adds the points of its own.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from .target import TEST_IBAN, find_our_addons

find_our_addons()

from odoo.addons.payment_direct_debit import seam  # noqa: E402
from odoo.addons.payment_direct_debit.exceptions import (  # noqa: E402
    DebitError,
    DebitRefused,
    ProviderMisconfigured,
)


def signed_by_hand(target, prefix, form):
    """A mandate signed on the hosted page: by the stand-in, or by you in a browser."""
    if ref := os.environ.get(f"{prefix}_MANDATE"):
        return ref
    client, session = target.client, os.environ.get(f"{prefix}_SESSION")
    if not session:
        begun = client.mandate_start(target.signature())
        if not target.sandbox:
            pytest.skip(
                f"sign at {begun.url} with the account {TEST_IBAN}, then run again with"
                f" {prefix}_SESSION={begun.session_ref} in the environment"
            )
        target.sandbox.sign(begun.url, **form)
        session = begun.session_ref
    mandate, _seconds = target.wait(lambda: client.mandate_signed(session))
    assert mandate, f"nobody has signed {session} yet"
    return mandate.ref


def moves_the_clock(test):
    """Mark a test that moves the stand-in's days: clients know the real one: it runs last."""
    test.moves_the_clock = True
    return test


class Contract:
    """The questions; what differs is what the provider's profile says."""

    prefix = ""  # of the environment variables
    unknown_mandate = ""
    can_cancel = True
    pays_out = True
    tells_events = True  # of new debits

    def test_the_account_answers(self, target):
        target.settle("account", target.client.account())

    def test_a_wrong_key_is_a_matter_of_set_up(self, target):
        with pytest.raises(ProviderMisconfigured):
            target.client_with(wrong=True).account()

    def test_a_signature_begins_on_a_page_of_the_provider(self, target):
        order = target.signature()
        begun = target.client.mandate_start(order)
        assert begun.url.startswith("https://") or target.sandbox
        assert target.client.mandate_signed(begun.session_ref) is None
        again = target.client.mandate_start(replace(order, session_ref=begun.session_ref))
        assert again.session_ref == begun.session_ref

    def test_the_mandate_can_be_debited(self, target, mandate):
        snapshot = target.client.mandate_fetch(mandate)
        assert snapshot.status == seam.MANDATE_ACTIVE
        target.settle("mandate", snapshot)

    def test_the_document_of_the_mandate(self, target, mandate):
        document = target.client.mandate_document(mandate)
        assert document is None or document.startswith(b"%PDF")
        target.settle("document of a mandate", "none" if document is None else "PDF")

    def test_a_debit_is_accepted_and_sent_again_is_the_same(self, target, mandate):
        order = target.order(mandate)
        first = target.client.send(order)
        assert (first.status, first.amount_cents) == (seam.ACCEPTED, 1234)
        again = target.client.send(order)
        assert (again.ref, again.status) == (first.ref, seam.ACCEPTED)
        target.settle("date of a debit", f"asked {order.requested_date}, got {first.charge_date}")

    def test_a_debit_is_found_by_its_reference(self, target, mandate):
        order = target.order(mandate, sent_at=self.now(target))
        sent = target.client.send(order)
        found, seconds = target.wait(lambda: target.client.find(order))
        assert found.ref == sent.ref
        target.settle("a new debit can be found after", f"{seconds} s")

    def test_what_was_never_sent_is_not_found(self, target, mandate):
        assert target.client.find(target.order(mandate, sent_at=self.now(target))) is None

    def test_a_debit_of_an_unknown_mandate_is_refused(self, target, mandate):
        with pytest.raises(DebitRefused) as caught:
            target.client.send(target.order(self.unknown_mandate))
        target.settle("unknown mandate", f"{caught.value.code}: {caught.value}")

    def test_a_date_too_early_is_replaced_under_the_same_key(self, target, mandate):
        order = target.order(mandate, requested_date=target.day(1), sent_at=self.now(target))
        sent = target.client.send(order)
        assert sent.charge_date is None or sent.charge_date >= order.requested_date
        assert target.wait(lambda: target.client.find(order))[0].ref == sent.ref
        target.settle("a date too early", f"asked {order.requested_date}, got {sent.charge_date}")

    def test_a_debit_is_cancelled_or_says_why_not(self, target, mandate):
        sent = target.client.send(target.order(mandate))
        if not self.can_cancel:
            with pytest.raises(DebitRefused):
                target.client.cancel(sent.ref)
            return
        assert target.client.cancel(sent.ref).status == seam.CANCELLED
        assert target.client.cancel(sent.ref).status == seam.CANCELLED

    def test_events_are_listed(self, target, mandate):
        target.client.send(target.order(mandate))
        events, seconds = target.wait(
            lambda: list(target.client.events_since(self.now(target) - timedelta(hours=1))),
            30 if self.tells_events else 0,
        )
        actions = sorted({event.action for event in events})
        target.settle("events of the last hour", f"{len(events)} after {seconds} s: {actions}")
        assert events or not self.tells_events

    @moves_the_clock
    def test_a_refund_is_made_once(self, target, mandate):
        ref = self.collected(target, mandate)
        order = seam.RefundOrder(f"R{ref[-12:]}", f"r-{ref}", ref, 100, 0, "EUR", {})
        try:
            first = target.client.refund(order)
        except DebitError as error:
            target.settle("refund", f"{type(error).__name__} {error.code}: {error}")
            raise
        assert first.amount_cents == 100
        assert target.client.refund(order).ref == first.ref

    def collected(self, target, mandate):
        """A debit whose money came: the stand-in's, or one that you name."""
        variable = f"{self.prefix}_COLLECTED"
        if ref := os.environ.get(variable):
            return ref
        if not target.sandbox:
            pytest.skip(f"needs a collected debit: set {variable} to its reference")
        ref = target.client.send(target.order(mandate)).ref
        target.sandbox.advance(target.today + timedelta(days=40))
        return ref

    @moves_the_clock
    def test_the_items_of_a_payout_are_its_amount(self, target):
        if not self.pays_out:
            pytest.skip(f"{target.name} does not tell what its payouts are made of")
        payouts = list(target.client.payouts_since(target.today - timedelta(days=60)))
        if not payouts:
            pytest.skip("the account has no payout of the last 60 days")
        for payout in payouts[:5]:
            items = list(target.client.payout_items(payout.ref))
            assert round(sum(item.amount_cents for item in items)) == payout.amount_cents
        target.settle("kinds of payout items", sorted({item.raw_kind for item in items}))

    @staticmethod
    def now(target):
        """The moment at the provider, naive UTC."""
        if target.sandbox:
            return datetime.combine(target.today, datetime.min.time())
        return datetime.now(timezone.utc).replace(tzinfo=None)
