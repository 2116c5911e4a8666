"""After a success money goes back by dispute only."""

import pytest
import stripe

from sandbox.testing import SandboxError

from .common import debit, payer, story

CREATED = ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"]


@pytest.fixture
def seeded(sandbox):
    """A payer."""
    return payer(sandbox)


def disputed(sandbox, client, seeded, outcome="chargeback", day="2026-02-10"):
    """The dispute of a debit that was taken back."""
    sandbox.plan({"customer": seeded["customer"]}, outcome)
    intent = debit(client, seeded)
    sandbox.advance(day)
    (dispute,) = client.v1.disputes.list({"payment_intent": intent.id}).data
    return dispute


def test_a_dispute_takes_the_amount_and_a_fee(sandbox, client, seeded):
    dispute = disputed(sandbox, client, seeded)
    assert (dispute.status, dispute.reason) == ("lost", "customer_initiated")
    (entry,) = dispute.balance_transactions
    assert (entry.type, entry.reporting_category) == ("adjustment", "dispute")
    assert (entry.amount, entry.fee, entry.net) == (-4990, 750, -5740)
    assert dispute.evidence_details.due_by is None
    assert story(sandbox, "charge.dispute") == CREATED
    expand = ["charge.payment_intent"]
    charge = client.v1.disputes.retrieve(dispute.id, {"expand": expand}).charge
    assert (charge.disputed, charge.status) == (True, "succeeded")
    assert charge.payment_intent.status == "succeeded"
    assert sandbox.balance()["charged_back"] == 4990


def test_a_late_return_of_the_bank_is_a_dispute_too(sandbox, client, seeded):
    dispute = disputed(sandbox, client, seeded, "late:AM04", "2026-01-16")
    assert dispute.reason == "insufficient_funds"
    assert sandbox.balance()["late_failed"] == 4990
    assert "payment_intent.payment_failed" not in story(sandbox)


@pytest.mark.parametrize(
    ("outcome", "reason", "mandate"),
    [
        ("chargeback:MD06", "customer_initiated", "active"),
        ("chargeback:MD01", "debit_not_authorized", "inactive"),
        ("late:AC04", "incorrect_account_details", "inactive"),
        ("late:MS03", "bank_cannot_process", "active"),
        ("late:MS02", "general", "active"),
    ],
)
def test_the_code_of_the_bank_gives_the_reason(sandbox, client, seeded, outcome, reason, mandate):
    assert disputed(sandbox, client, seeded, outcome).reason == reason
    assert client.v1.mandates.retrieve(seeded["mandate"]).status == mandate


def test_reason_fee_and_end_of_the_mandate_are_settings(sandbox, client, seeded):
    sandbox.control(
        "settings", dispute_reason="general", dispute_fee=1500, dispute_ends_mandate=True
    )
    dispute = disputed(sandbox, client, seeded)
    assert dispute.reason == "general"
    assert dispute.balance_transactions[0].net == -6490
    assert client.v1.mandates.retrieve(seeded["mandate"]).status == "inactive"


def test_an_open_dispute_is_lost_later_or_when_it_is_accepted(sandbox, client, seeded):
    sandbox.control("settings", dispute_status="needs_response")
    dispute = disputed(sandbox, client, seeded)
    assert dispute.status == "needs_response"
    assert story(sandbox, "charge.dispute") == CREATED[:2]
    sandbox.advance("2026-02-20")
    assert client.v1.disputes.retrieve(dispute.id).status == "lost"
    assert story(sandbox, "charge.dispute") == CREATED
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(dispute.id)
    other = disputed(sandbox, client, payer(sandbox, number=2), day="2026-03-31")
    assert client.v1.disputes.close(other.id).status == "lost"


def test_a_dispute_that_is_won_gives_the_money_back(sandbox, client, seeded):
    dispute = disputed(sandbox, client, seeded)
    sandbox.act("win", dispute.id)
    won = client.v1.disputes.retrieve(dispute.id)
    assert won.status == "won"
    assert sum(entry.net for entry in won.balance_transactions) == -750
    assert story(sandbox, "charge.dispute")[3:4] == ["charge.dispute.funds_reinstated"]
    assert sandbox.balance()["charged_back"] == 0
    with pytest.raises(SandboxError):
        sandbox.act("win", dispute.id)


def test_a_late_return_that_is_won_clears_its_own_sum(sandbox, client, seeded):
    dispute = disputed(sandbox, client, seeded, "late:MS03", "2026-01-20")
    sandbox.act("win", dispute.id)
    balance = sandbox.balance()
    assert (balance["late_failed"], balance["charged_back"]) == (0, 0)


def test_a_debit_can_be_taken_back_on_demand_once(sandbox, client, seeded):
    intent = debit(client, seeded)
    sandbox.act("charge_back", intent.id)
    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    assert story(sandbox, "charge.dispute") == CREATED
    with pytest.raises(SandboxError):
        sandbox.act("charge_back", intent.id)
