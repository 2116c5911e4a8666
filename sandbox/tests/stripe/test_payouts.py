"""Balance transactions and the automatic payouts that carry them."""

import pytest

from sandbox.testing import SandboxError

from .common import debit, payer, story


def entries(client, payout):
    params = {"payout": payout.id, "limit": 100, "expand": ["data.source"]}
    return list(client.v1.balance_transactions.list(params).auto_paging_iter())


def payouts(client):
    return list(client.v1.payouts.list().auto_paging_iter())


def test_a_success_is_in_the_balance_less_the_fee(sandbox, client):
    intent = debit(client, payer(sandbox), amount=10_000, description="Janvier")
    assert client.v1.balance_transactions.list().data == []
    sandbox.advance("2026-01-13")
    expand = ["latest_charge.balance_transaction"]
    entry = client.v1.payment_intents.retrieve(
        intent.id, {"expand": expand}
    ).latest_charge.balance_transaction
    assert (entry.type, entry.reporting_category) == ("payment", "charge")
    assert (entry.amount, entry.fee, entry.net) == (10_000, 35, 9_965)
    assert entry.fee_details[0].type == "stripe_fee"
    assert entry.description == "Janvier"


def test_money_is_available_seven_days_after_the_creation_at_the_earliest(sandbox, client):
    sandbox.control("settings", success_days=0)
    debit(client, payer(sandbox))
    sandbox.advance("2026-01-07")
    (entry,) = client.v1.balance_transactions.list().data
    assert entry.status == "pending"
    assert client.v1.balance.retrieve().pending[0].amount == 4955
    sandbox.advance("2026-01-12")
    assert client.v1.balance_transactions.retrieve(entry.id).status == "available"
    assert len(payouts(client)) == 1


def test_a_payout_carries_what_sums_up_to_it(sandbox, client):
    for number, outcome in enumerate(("paid", "paid", "failed:AM04", "late:MS03")):
        seeded = payer(sandbox, number=number)
        sandbox.plan({"customer": seeded["customer"]}, outcome)
        debit(client, seeded, metadata={"number": str(number)})
    sandbox.advance("2026-02-01")
    (payout,) = payouts(client)
    lines = entries(client, payout)
    own = [line for line in lines if line.reporting_category == "payout"]
    others = [line for line in lines if line.reporting_category != "payout"]
    assert [line.net for line in own] == [-payout.amount]
    assert own[0].source.id == payout.id
    assert sum(line.net for line in others) == payout.amount == 3 * 4955
    assert {line.source.metadata["number"] for line in others} == {"0", "1", "3"}
    # The dispute came after the payout and waits for the next credits.
    assert sandbox.balance()["waiting"] == -5740
    assert client.v1.balance.retrieve().available[0].amount == -5740


def test_a_payout_arrives_and_is_reconciled_later(sandbox, client):
    sandbox.control("settings", reconciliation_days=1)
    debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    (payout,) = payouts(client)
    assert (payout.status, payout.reconciliation_status) == ("in_transit", "in_progress")
    assert payout.arrival_date == 1768435200
    assert payout.automatic is True
    sandbox.advance("2026-01-15")
    payout = client.v1.payouts.retrieve(payout.id)
    assert (payout.status, payout.reconciliation_status) == ("paid", "in_progress")
    sandbox.advance("2026-01-16")
    assert client.v1.payouts.retrieve(payout.id).reconciliation_status == "completed"
    assert story(sandbox, "payout") == [
        "payout.created",
        "payout.paid",
        "payout.reconciliation_completed",
    ]


def test_debts_are_deducted_from_the_next_payout(sandbox, client):
    first = debit(client, payer(sandbox))
    sandbox.advance("2026-01-15")
    client.v1.refunds.create({"payment_intent": first.id, "amount": 1000})
    debit(client, payer(sandbox, number=2))
    sandbox.advance("2026-02-01")
    assert [payout.amount for payout in payouts(client)] == [3955, 4955]
    second = entries(client, payouts(client)[0])
    assert sorted(line.reporting_category for line in second) == ["charge", "payout", "refund"]
    totals = sandbox.balance()
    assert totals["balance"] == 2 * 4990 - 1000
    assert totals["paid_out"] == totals["balance"] - totals["fees"]
    assert totals["waiting"] == 0


def test_a_negative_balance_is_debited_where_that_is_agreed(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-15")
    sandbox.act("charge_back", intent.id)
    sandbox.advance("2026-01-16")
    assert len(payouts(client)) == 1
    sandbox.control("settings", negative_payouts=True)
    sandbox.advance("2026-01-19")
    assert payouts(client)[0].amount == -5740


def test_a_payout_that_fails_comes_back(sandbox, client):
    debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    (payout,) = payouts(client)
    sandbox.act("bounce", payout.id)
    failed = client.v1.payouts.retrieve(payout.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_code) == ("failed", "account_closed")
    assert failed.failure_balance_transaction.net == payout.amount
    assert sandbox.balance()["paid_out"] == 0
    with pytest.raises(SandboxError):
        sandbox.act("bounce", payout.id)
    sandbox.advance("2026-01-14")
    assert [line.amount for line in payouts(client)] == [4955, 4955]
    assert story(sandbox, "payout").count("payout.paid") == 0


def test_payouts_are_made_on_working_days_only(sandbox, client):
    sandbox.control("settings", success_days=0, available_calendar_days=12)
    debit(client, payer(sandbox))
    sandbox.advance("2026-01-18")
    assert payouts(client) == []
    sandbox.advance("2026-01-19")
    assert len(payouts(client)) == 1


def test_a_debit_can_be_paid_out_on_demand(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.act("pay_out", intent.id)
    assert [payout.amount for payout in payouts(client)] == [4955]
    with pytest.raises(SandboxError):
        sandbox.act("pay_out", intent.id)


def test_transactions_are_found_by_source_and_type(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    charge = client.v1.payment_intents.retrieve(intent.id).latest_charge
    (found,) = client.v1.balance_transactions.list({"source": charge}).data
    assert found.source == charge
    assert len(client.v1.balance_transactions.list({"type": "payout"}).data) == 1
