"""SlimPay's preproduction: what only it can settle (the README of the addon has the list).

SLIMPAY_APP_NAME, SLIMPAY_APP_SECRET, SLIMPAY_CREDITOR_REFERENCE: of dashboard.preprod.slimpay.com.
SLIMPAY_MANDATE (its reference) or SLIMPAY_SESSION (that of an order): a mandate; without, a page to
sign on is shown. SLIMPAY_COLLECTED: the id of a processed payment, for the refund.
"""

from urllib.parse import urlsplit

from .target import LOOPBACK, TEST_IBAN, Target, address, find_our_addons, keys

find_our_addons()

from odoo.addons.payment_direct_debit.exceptions import DebitError  # noqa: E402
from odoo.addons.payment_slimpay import const, payloads  # noqa: E402
from odoo.addons.payment_slimpay.client import SlimPayClient  # noqa: E402

from .contract import Contract, signed_by_hand  # noqa: E402

APP, SECRET, CREDITOR = keys("SLIMPAY_APP_NAME", "SLIMPAY_APP_SECRET", "SLIMPAY_CREDITOR_REFERENCE")
# Keys of the live environment are unknown to this host: it alone is ever asked.
URL = address("SLIMPAY_URL", const.API_URLS["test"])


def make_target():
    """The client of the app."""

    def client(wrong=False):
        played = urlsplit(URL).hostname in LOOPBACK
        # The stand-in has a calendar of its own, which the client must share.
        today = {"today": lambda: target.today} if played else {}
        return SlimPayClient(APP, f"{SECRET}wrong" if wrong else SECRET, CREDITOR, URL, **today)

    target = Target("SlimPay", client(), client, URL, "slimpay")
    return target


def make_mandate(target):
    """A mandate signed on the hosted page."""
    return signed_by_hand(target, "SLIMPAY", {"iban": TEST_IBAN})


class TestSlimPay(Contract):
    prefix = "SLIMPAY"
    unknown_mandate = "NOTHING"
    pays_out = False
    tells_events = False

    def test_whether_a_used_payment_reference_is_refused(self, target, mandate):
        """The engine does not rely on it: it looks before each creation."""
        order = target.order(mandate)
        target.client.send(order)
        try:
            again = target.client._create_debit(payloads.payment(order, None))
            answer = f"a second payment, {again.ref}"
        except DebitError as refusal:
            answer = f"refused: {refusal.code}: {refusal}"
        target.settle("a second payment of one reference", answer)

    def test_whether_our_mandate_reference_is_kept(self, target, mandate):
        begun = target.client.mandate_start(target.signature())
        assert begun.session_ref
        snapshot = target.client.mandate_fetch(mandate)
        target.settle("reference of a mandate", snapshot.rum)

    def test_an_order_of_a_used_reference_is_the_one_that_is_there(self, target):
        order = target.signature()
        first = target.client.mandate_start(order)
        assert target.client.mandate_start(order).session_ref == first.session_ref

    def test_until_when_a_debit_can_be_cancelled(self, target, mandate):
        for days in (1, 3, 5, 9):
            sent = target.client.send(target.order(mandate, requested_date=target.day(days)))
            try:
                answer = target.client.cancel(sent.ref).raw_status
            except DebitError as refusal:
                answer = refusal.code
            target.settle(f"cancelling a debit of {days} days ahead", answer)

    def test_what_a_rejected_payment_says(self, target, mandate):
        """Sign with the family name ISSUE-SEPA-REJ-AM04, and name a debit in SLIMPAY_REJECTED."""
        import os

        if ref := os.environ.get("SLIMPAY_REJECTED"):
            snapshot = target.client.fetch(ref)
        else:
            assert target.sandbox or not ref
            snapshot = target.client.send(target.order(mandate))
        target.settle("status and reason of a debit", f"{snapshot.raw_status} {snapshot.cause}")
