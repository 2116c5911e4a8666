"""Refunds."""

import gocardless_pro.errors as gc
import pytest

from sandbox.testing import SandboxError

from .common import collect, payer, story


@pytest.fixture
def paid(sandbox, client):
    """A payment that was paid out, with another one to come."""
    payment = collect(client, payer(sandbox))
    collect(client, payer(sandbox, number=2), amount=20_000, charge_date="2026-01-26")
    sandbox.advance("2026-01-15")
    return payment


def refund(client, payment, amount, total=None, **values):
    params = {"amount": amount, "links": {"payment": payment.id}, **values}
    return client.refunds.create(
        params=params | {"total_amount_confirmation": amount if total is None else total}
    )


def test_a_refund_is_paid_and_debited_from_a_payout(sandbox, client, paid):
    created = refund(client, paid, 990, metadata={"odoo_ref": "R1"})
    assert client.payments.get(paid.id).amount_refunded == 990
    sandbox.advance("2026-02-05")
    assert client.refunds.get(created.id).status == "paid"
    assert story(sandbox, resource_type="refunds") == [
        "refunds created",
        "refunds paid",
        "refunds refund_settled",
    ]
    newest = client.payouts.list().records[0].id
    lines = client.payout_items.list(params={"payout": newest}).records
    (line,) = [line for line in lines if line.type == "payment_refunded"]
    assert (line.amount, line.links.refund) == ("-990.0", created.id)
    assert sandbox.balance()["refunded"] == 990


@pytest.mark.parametrize(
    ("amount", "total", "reason"),
    [
        (990, 1000, "total_amount_confirmation_invalid"),
        (4991, 4991, "available_refund_amount_insufficient"),
    ],
)
def test_a_refund_that_does_not_add_up_is_refused(client, paid, amount, total, reason):
    with pytest.raises(gc.InvalidStateError) as caught:
        refund(client, paid, amount, total)
    assert caught.value.errors[0]["reason"] == reason


def test_the_confirmation_counts_earlier_refunds(client, paid):
    refund(client, paid, 1000)
    with pytest.raises(gc.InvalidStateError):
        refund(client, paid, 1000)
    refund(client, paid, 1000, 2000)


def test_a_sixth_refund_is_refused(client, paid):
    for number in range(1, 6):
        refund(client, paid, 10, 10 * number)
    with pytest.raises(gc.InvalidStateError) as caught:
        refund(client, paid, 10, 60)
    assert caught.value.errors[0]["reason"] == "number_of_refunds_exceeded"


def test_refunds_can_be_switched_off(sandbox, client, paid):
    sandbox.control("settings", can_create_refunds=False)
    assert client.creditors.list().records[0].can_create_refunds is False
    with pytest.raises(gc.PermissionsError):
        refund(client, paid, 10)


def test_a_payment_that_was_not_collected_is_not_refunded(sandbox, client):
    with pytest.raises(gc.InvalidStateError):
        refund(client, collect(client, payer(sandbox)), 10)


def test_a_bounced_refund_comes_back(sandbox, client, paid):
    created = refund(client, paid, 990)
    sandbox.advance("2026-01-20")
    sandbox.act("bounce", created.id)
    sandbox.advance("2026-02-05")
    assert client.refunds.get(created.id).status == "bounced"
    assert client.payments.get(paid.id).amount_refunded == 0
    assert story(sandbox, resource_type="refunds")[-1] == "refunds funds_returned"
    assert sandbox.balance()["balance"] == 24_990
    with pytest.raises(SandboxError):
        sandbox.act("bounce", created.id)
