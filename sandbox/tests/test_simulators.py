"""GoCardless' scenario simulators work here as there."""

import gocardless_pro.errors as gc
import pytest

from .common import collect, payer, signed_mandate


def run(client, name, identity):
    return client.scenario_simulators.run(name, params={"links": {"resource": identity}})


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("payment_submitted", "submitted"),
        ("payment_confirmed", "confirmed"),
        ("payment_paid_out", "paid_out"),
        ("payment_failed", "failed"),
        ("payment_late_failure", "failed"),
        ("payment_charged_back", "charged_back"),
    ],
)
def test_a_payment_is_taken_to_the_status_at_once(client, name, status):
    payment = collect(client, signed_mandate(client))
    assert run(client, name, payment.id).id == name
    assert client.payments.get(payment.id).status == status


def test_time_does_not_repeat_what_was_simulated(sandbox, client):
    payment = collect(client, signed_mandate(client))
    run(client, "payment_paid_out", payment.id)
    sandbox.advance("2026-03-01")
    actions = [event["action"] for event in sandbox.events(resource_type="payments")]
    assert actions == ["created", "submitted", "confirmed", "paid_out"]
    assert sandbox.balance()["collected"] == 4990
    assert len(client.payouts.list().records) == 1


def test_a_settled_late_failure_needs_other_credits(sandbox, client):
    other = collect(client, payer(sandbox, number=2), amount=20_000)
    payment = collect(client, payer(sandbox))
    run(client, "payment_confirmed", other.id)
    run(client, "payment_paid_out", payment.id)
    with pytest.raises(gc.InvalidStateError):
        run(client, "payment_late_failure_settled", payment.id)
    sandbox.advance("2026-01-20")
    assert len(sandbox.events(action="late_failure_settled")) == 1


def test_mandates_can_expire_or_move(client):
    moved, expired = signed_mandate(client), signed_mandate(client, "Zoe")
    run(client, "mandate_transferred", moved)
    run(client, "mandate_expired", expired)
    assert client.mandates.get(moved).status == "pending_submission"
    assert client.mandates.get(expired).status == "expired"
    with pytest.raises(gc.InvalidStateError):
        run(client, "mandate_expired", expired)


def test_unknown_simulators_and_resources_are_404(client):
    for name, identity in [("payment_stolen", "PM1"), ("payment_failed", "PM1")]:
        with pytest.raises(gc.InvalidApiUsageError) as caught:
            run(client, name, identity)
        assert caught.value.code == 404
