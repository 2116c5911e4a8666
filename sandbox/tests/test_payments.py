"""The life of payments on the SEPA timetable."""

import gocardless_pro.errors as gc
import pytest

from .common import collect, payer, signed_mandate, story


def statuses(sandbox, client, payment, *days):
    """The payment's status on each of the days."""
    found = []
    for day in days:
        sandbox.advance(f"2026-{day}")
        found.append(client.payments.get(payment.id).status)
    return found


def test_a_payment_is_submitted_confirmed_and_paid_out_on_working_days(sandbox, client):
    payment = collect(client, payer(sandbox))
    assert payment.charge_date == "2026-01-08"
    assert statuses(
        sandbox, client, payment, "01-05", "01-06", "01-08", "01-09", "01-12", "01-13"
    ) == [
        "pending_submission",
        "submitted",
        "submitted",
        "confirmed",
        "confirmed",
        "paid_out",
    ]
    assert story(sandbox) == [
        "payments created",
        "payments submitted",
        "payments confirmed",
        "payments paid_out",
        "payouts paid",
    ]


def test_a_first_sepa_payment_takes_its_mandate_along(sandbox, client):
    mandate = signed_mandate(client)
    sandbox.advance("2026-01-20")
    assert client.mandates.get(mandate).status == "pending_submission"
    collect(client, mandate)
    sandbox.advance("2026-01-27")
    assert client.mandates.get(mandate).status == "active"
    assert story(sandbox) == [
        "mandates created",
        "payments created",
        "mandates submitted",
        "payments submitted",
        "mandates active",
        "payments confirmed",
    ]


@pytest.mark.parametrize(
    ("asked", "charged"),
    [("2026-05-01", "2026-05-04"), ("2026-04-03", "2026-04-07"), ("2026-07-14", "2026-07-14")],
)
def test_a_charge_date_on_a_closed_day_rolls_forward(sandbox, client, asked, charged):
    assert collect(client, payer(sandbox), charge_date=asked).charge_date == charged


def test_a_payment_created_early_can_be_cancelled_until_two_days_before(sandbox, client):
    payment = collect(client, payer(sandbox), charge_date="2026-02-05")
    sandbox.advance("2026-02-02")
    assert client.payments.get(payment.id).status == "pending_submission"
    sandbox.advance("2026-02-03")
    with pytest.raises(gc.InvalidStateError) as caught:
        client.payments.cancel(payment.id)
    assert caught.value.errors[0]["reason"] == "cancellation_failed"


def test_a_cancelled_payment_is_never_collected(sandbox, client):
    payment = collect(client, payer(sandbox))
    assert client.payments.cancel(payment.id).status == "cancelled"
    sandbox.advance("2026-02-01")
    assert story(sandbox) == ["payments created", "payments cancelled"]
    assert sandbox.balance()["balance"] == 0


def test_a_failed_payment_is_retried_under_the_same_id(sandbox, client):
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, "failed:AM04", "paid")
    payment = collect(client, mandate)
    sandbox.advance("2026-01-09")
    retried = client.payments.retry(payment.id, params={"metadata": {"attempt": "2"}})
    assert (retried.id, retried.status) == (payment.id, "pending_submission")
    assert (retried.charge_date, retried.metadata) == ("2026-01-14", {"attempt": "2"})
    sandbox.advance("2026-01-30")
    assert story(sandbox, resource_type="payments") == [
        "payments created",
        "payments submitted",
        "payments failed",
        "payments resubmission_requested",
        "payments submitted",
        "payments confirmed",
        "payments paid_out",
    ]
    assert sandbox.balance()["balance"] == 4990


def test_a_fourth_retry_is_refused(sandbox, client):
    mandate = payer(sandbox, "Penniless Martin")
    payment = collect(client, mandate)
    for _retry in range(3):
        sandbox.control("advance", working_days=6)
        client.payments.retry(payment.id)
    sandbox.control("advance", working_days=6)
    with pytest.raises(gc.InvalidStateError) as caught:
        client.payments.retry(payment.id)
    assert caught.value.errors[0]["reason"] == "retry_failed"


def test_only_failed_payments_are_retried(sandbox, client):
    payment = collect(client, payer(sandbox))
    with pytest.raises(gc.InvalidStateError) as caught:
        client.payments.retry(payment.id)
    assert caught.value.errors[0]["reason"] == "retry_failed"


def test_success_plus_retries_insufficient_funds_and_says_so(sandbox, client):
    sandbox.control("settings", success_plus=True)
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, "failed:AM04", "failed:MS03")
    collect(client, mandate, retry_if_possible=True)
    sandbox.advance("2026-02-10")
    failures = [event["details"] for event in sandbox.events(action="failed")]
    assert [details["will_attempt_retry"] for details in failures] == [True, False]
    assert failures[1]["not_retried_reason"] == "failure_filter_applied"
    (again,) = sandbox.events(action="resubmission_requested")
    assert again["details"]["cause"] == "payment_autoretried"


def test_a_late_failure_comes_after_the_payout_and_is_debited(sandbox, client):
    mandate, other = payer(sandbox, "Late Martin"), payer(sandbox, number=2)
    collect(client, mandate)
    sandbox.advance("2026-01-14")
    collect(client, other, amount=10_000)
    sandbox.advance("2026-02-10")
    (failed,) = sandbox.events(action="failed")
    assert failed["created_at"].startswith("2026-01-15")
    assert failed["details"]["reason_code"] == "MS03"
    (settled,) = sandbox.events(action="late_failure_settled")
    assert settled["links"]["payout"].startswith("PO")
    assert sandbox.balance()["balance"] == 10_000


def test_a_chargeback_comes_weeks_later_and_can_be_reversed(sandbox, client):
    payment = collect(client, payer(sandbox, "Fickle Martin"))
    sandbox.advance("2026-02-05")
    assert client.payments.get(payment.id).status == "charged_back"
    (event,) = sandbox.events(action="charged_back")
    assert event["created_at"].startswith("2026-02-05")
    assert (event["details"]["cause"], event["details"]["reason_code"]) == (
        "refund_requested",
        "MD06",
    )
    assert sandbox.balance()["balance"] == 0
    sandbox.act("cancel_chargeback", payment.id)
    sandbox.advance("2026-02-20")
    assert sandbox.balance()["balance"] == 4990


def test_a_payment_that_fails_between_confirmation_and_payout_is_never_paid_out(sandbox, client):
    payment = collect(client, payer(sandbox))
    sandbox.advance("2026-01-09")
    sandbox.act("fail", payment.id, "AM04")
    sandbox.advance("2026-02-09")
    assert client.payouts.list().records == []
    assert sandbox.balance()["balance"] == sandbox.balance()["waiting"] == 0


def test_metadata_can_be_changed_but_not_the_amount(sandbox, client):
    payment = collect(client, payer(sandbox))
    changed = client.payments.update(payment.id, params={"metadata": {"odoo_ref": "P1"}})
    assert changed.metadata == {"odoo_ref": "P1"}
    with pytest.raises(gc.ValidationFailedError):
        client.payments.update(payment.id, params={"amount": 1})
