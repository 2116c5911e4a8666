"""Refunds of succeeded and of pending debits."""

import pytest
import stripe

from sandbox.testing import SandboxError

from .common import debit, payer, story


@pytest.fixture
def paid(sandbox, client):
    """A debit that succeeded."""
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    return intent


def refusal(client, **params):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create(params)
    return caught.value


def test_a_refund_is_pending_then_succeeds_and_costs_nothing(sandbox, client, paid):
    refund = client.v1.refunds.create(
        {
            "payment_intent": paid.id,
            "reason": "requested_by_customer",
            "metadata": {"a": "1"},
            "expand": ["balance_transaction", "charge"],
        }
    )
    assert refund.id.startswith("pyr_")
    assert (refund.status, refund.pending_reason, refund.amount) == ("pending", "processing", 4990)
    assert (refund.charge.refunded, refund.charge.amount_refunded) == (True, 4990)
    entry = refund.balance_transaction
    assert (entry.type, entry.reporting_category) == ("payment_refund", "refund")
    assert (entry.amount, entry.fee) == (-4990, 0)
    sandbox.advance("2026-01-16")
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert story(sandbox, "refund", "charge.refund") == [
        "refund.created",
        "charge.refunded",
        "refund.updated",
        "charge.refund.updated",
    ]


def test_a_debit_is_refunded_in_parts_up_to_its_amount(sandbox, client, paid):
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 2000})
    error = refusal(client, payment_intent=paid.id, amount=2991)
    assert (error.param, error.code) == ("amount", None)
    assert client.v1.refunds.create({"charge": paid.latest_charge}).amount == 2990
    assert refusal(client, payment_intent=paid.id).code == "charge_already_refunded"
    assert len(client.v1.refunds.list({"payment_intent": paid.id}).data) == 2
    assert sandbox.balance()["refunded"] == 4990


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_positive(client, paid, amount):
    assert refusal(client, payment_intent=paid.id, amount=amount).param == "amount"


def test_a_refund_names_its_debit(sandbox, client, paid):
    assert refusal(client, amount=100).code == "parameter_missing"
    assert refusal(client, payment_intent="pi_1").code == "resource_missing"
    other = debit(client, payer(sandbox, number=2))
    error = refusal(client, payment_intent=paid.id, charge=other.latest_charge)
    assert error.param == "charge"


def test_a_disputed_debit_is_not_refunded(sandbox, client, paid):
    sandbox.act("charge_back", paid.id)
    assert refusal(client, payment_intent=paid.id).code == "charge_disputed"


def test_a_failed_debit_is_not_refunded(sandbox, client):
    sandbox.plan("any", "failed:AM04")
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    refusal(client, payment_intent=intent.id)


def test_after_180_days_it_is_too_late(sandbox, client, paid):
    sandbox.advance("2026-07-04")
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    sandbox.advance("2026-07-05")
    refusal(client, payment_intent=paid.id, amount=100)


@pytest.mark.parametrize(("outcome", "status"), [("paid", "pending"), ("failed:AM04", "canceled")])
def test_a_refund_of_a_pending_debit_waits_for_the_bank(sandbox, client, outcome, status):
    sandbox.plan("any", outcome)
    intent = debit(client, payer(sandbox))
    refund = client.v1.refunds.create({"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "charge_pending")
    assert refund.balance_transaction is None
    sandbox.advance("2026-01-13")
    done = client.v1.refunds.retrieve(refund.id)
    assert done.status == status
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert charge.amount_refunded == (4990 if outcome == "paid" else 0)


def test_refunds_of_pending_debits_can_be_switched_off(sandbox, client):
    sandbox.control("settings", refund_while_processing=False)
    refusal(client, payment_intent=debit(client, payer(sandbox)).id)


def test_a_refund_can_succeed_at_once(sandbox, client, paid):
    sandbox.control("settings", refund_days=0)
    client.v1.refunds.create({"payment_intent": paid.id})
    assert sandbox.read("tables/refunds")[0]["status"] == "succeeded"


def test_a_refund_that_bounces_comes_back_into_the_balance(sandbox, client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    sandbox.act("bounce", refund.id)
    expand = ["failure_balance_transaction", "charge"]
    failed = client.v1.refunds.retrieve(refund.id, {"expand": expand})
    assert (failed.status, failed.failure_balance_transaction.amount) == ("failed", 4990)
    assert failed.charge.amount_refunded == 0
    assert sandbox.balance()["refunded"] == 0
    assert "refund.failed" in story(sandbox)
    with pytest.raises(SandboxError):
        sandbox.act("bounce", refund.id)


def test_only_the_metadata_of_a_refund_change(client, paid):
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    assert client.v1.refunds.update(refund.id, {"metadata": {"a": "1"}}).metadata["a"] == "1"
