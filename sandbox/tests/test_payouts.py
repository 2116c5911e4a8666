"""Payouts: what arrives at the bank, item by item."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

import gocardless_pro.errors as gc
import pytest

from .common import collect, iban, payer


def items(client, payout):
    return list(client.payout_items.all(params={"payout": payout.id, "limit": 500}))


def total(lines):
    return sum(Decimal(line.amount) for line in lines)


@pytest.fixture
def busy(sandbox, client):
    """Two months of 30 payers with every kind of trouble."""
    seeded = sandbox.seed([{"name": f"N {n}", "iban": iban(n)} for n in range(30)])
    for position, token in enumerate(["failed:AM04", "late:MS03", "chargeback:MD06"]):
        sandbox.plan({"mandate": seeded[position]["mandate"]}, token)
    for month in (2, 3):
        for position, line in enumerate(seeded):
            day = f"2026-{month:02d}-1{position % 3}"
            collect(client, line["mandate"], amount=1999 + 37 * position, charge_date=day)
    # Credit enough for the last debits to be settled.
    collect(client, seeded[9]["mandate"], amount=50_000, charge_date="2026-04-20")
    sandbox.advance("2026-05-15")
    return client


def test_the_items_of_each_payout_add_up_to_its_amount(busy):
    payouts = list(busy.payouts.all())
    assert len(payouts) > 5
    for payout in payouts:
        lines = items(busy, payout)
        assert total(lines).quantize(Decimal(1), ROUND_HALF_UP) == payout.amount
        fees = -total([line for line in lines if line.type == "gocardless_fee"])
        assert fees.quantize(Decimal(1), ROUND_HALF_UP) == payout.deducted_fees


def test_payouts_and_balance_tell_the_same_story(sandbox, busy):
    by_type = defaultdict(Decimal)
    for payout in busy.payouts.all():
        for line in items(busy, payout):
            by_type[line.type] += Decimal(line.amount)
    balance = sandbox.balance()
    assert balance["waiting"] == 0
    assert by_type["payment_paid_out"] == balance["collected"]
    assert -by_type["payment_failed"] == balance["late_failed"] > 0
    assert -by_type["payment_charged_back"] == balance["charged_back"] > 0
    assert balance["paid_out"] + balance["fees"] == balance["balance"]


def test_there_is_at_most_one_payout_a_working_day(busy):
    days = [payout.created_at[:10] for payout in busy.payouts.all()]
    assert len(days) == len(set(days))


@pytest.mark.parametrize(
    ("amount", "fee"), [(4990, "-69.9"), (100, "-21.0"), (30_000, "-200.0"), (1999, "-40.0")]
)
def test_the_fee_is_20_cents_and_1_percent_capped_at_2_euros(sandbox, client, amount, fee):
    payment = collect(client, payer(sandbox), amount=amount)
    sandbox.advance("2026-01-15")
    (payout,) = client.payouts.list().records
    lines = {line.type: line for line in items(client, payout)}
    assert lines["gocardless_fee"].amount == fee
    assert lines["payment_paid_out"].amount == f"{amount}.0"
    assert lines["payment_paid_out"].links.payment == payment.id
    assert lines["gocardless_fee"].taxes[0]["amount"].startswith("-")


def test_a_payment_links_to_its_payout(sandbox, client):
    payment = collect(client, payer(sandbox))
    sandbox.advance("2026-01-15")
    (payout,) = client.payouts.list().records
    assert client.payments.get(payment.id).links.payout == payout.id
    assert payout.arrival_date == "2026-01-14"
    (event,) = sandbox.events(action="paid_out")
    assert event["links"] == {"payment": payment.id, "payout": payout.id}


def test_a_debit_waits_for_the_next_credits(sandbox, client):
    collect(client, payer(sandbox, "Late Martin"))
    sandbox.advance("2026-01-31")
    assert len(client.payouts.list().records) == 1
    assert sandbox.balance()["waiting"] == -4920
    collect(client, payer(sandbox, number=2), amount=20_000)
    sandbox.advance("2026-02-28")
    newest = client.payouts.list().records[0]
    types = sorted(line.type for line in items(client, newest))
    assert types == ["gocardless_fee", "gocardless_fee", "payment_failed", "payment_paid_out"]
    assert sandbox.balance()["waiting"] == 0


def test_items_are_archived_after_six_months(sandbox, client):
    collect(client, payer(sandbox))
    sandbox.advance("2026-08-01")
    (payout,) = client.payouts.list().records
    with pytest.raises(gc.InvalidApiUsageError) as caught:
        items(client, payout)
    assert caught.value.code == 410


def test_a_bounced_payout_is_an_event_of_the_creditor(sandbox, client):
    collect(client, payer(sandbox))
    sandbox.advance("2026-01-15")
    (payout,) = client.payouts.list().records
    sandbox.act("bounce", payout.id)
    assert client.payouts.get(payout.id).status == "bounced"
    (event,) = sandbox.events(action="bounced_payout")
    assert event["resource_type"] == "creditors"
    assert event["links"]["payout"] == payout.id
