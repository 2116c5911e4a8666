"""The life of mandates, and what their end does to payments."""

import gocardless_pro.errors as gc
import pytest

from .common import collect, iban, payer, signed_mandate, story


def test_the_reference_can_be_chosen_when_the_creditor_may(sandbox, client):
    mandate = client.mandates.get(signed_mandate(client))
    account = {"customer_bank_account": mandate.links.customer_bank_account}
    chosen = client.mandates.create(params={"links": account, "reference": "RUM-0001"})
    assert chosen.reference == "RUM-0001"
    with pytest.raises(gc.ValidationFailedError):
        client.mandates.create(params={"links": account, "reference": "RUM-0001"})
    sandbox.control("settings", can_specify_mandate_reference=False)
    with pytest.raises(gc.ValidationFailedError):
        client.mandates.create(params={"links": account, "reference": "RUM-0002"})


def test_the_next_possible_charge_date_moves_with_the_clock(sandbox, client):
    mandate = payer(sandbox)
    assert client.mandates.get(mandate).next_possible_charge_date == "2026-01-08"
    sandbox.advance("2026-04-01")
    assert client.mandates.get(mandate).next_possible_charge_date == "2026-04-08"
    sandbox.act("cancel", mandate, "MD01")
    assert client.mandates.get(mandate).next_possible_charge_date is None


def test_cancelling_by_api_cancels_what_was_not_submitted(sandbox, client):
    mandate = payer(sandbox)
    sent = collect(client, mandate)
    sandbox.advance("2026-01-06")
    waiting = collect(client, mandate)
    client.mandates.cancel(mandate)
    (ended,) = sandbox.events(resource_type="mandates", action="cancelled")
    (cancelled,) = sandbox.events(resource_type="payments", action="cancelled")
    assert cancelled["links"] == {"payment": waiting.id, "parent_event": ended["id"]}
    assert client.payments.get(sent.id).status == "submitted"
    with pytest.raises(gc.InvalidStateError) as caught:
        client.mandates.cancel(mandate)
    assert caught.value.errors[0]["reason"] == "cancellation_failed"


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AC04", "bank_account_closed"),
        ("MD07", "bank_account_closed"),
        ("MD01", "mandate_cancelled"),
    ],
)
def test_a_bank_that_ends_the_mandate_stops_its_payments(sandbox, client, code, cause):
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, f"failed:{code}")
    collect(client, mandate)
    later = collect(client, mandate, charge_date="2026-02-16")
    sandbox.advance("2026-01-12")
    (ended,) = sandbox.events(resource_type="mandates", action="cancelled")
    assert (ended["details"]["origin"], ended["details"]["reason_code"]) == ("bank", code)
    assert ended["details"]["cause"] == cause
    assert client.payments.get(later.id).status == "cancelled"
    (event,) = client.events.list(params={"parent_event": ended["id"]}).records
    assert event.links.payment == later.id
    with pytest.raises(gc.InvalidStateError) as caught:
        collect(client, mandate)
    assert caught.value.errors[0]["reason"] == "mandate_is_inactive"


def test_payments_at_the_bank_fail_when_the_bank_ends_the_mandate(sandbox, client):
    mandate = payer(sandbox)
    payment = collect(client, mandate)
    sandbox.advance("2026-01-07")
    sandbox.act("cancel", mandate, "AC04")
    sandbox.advance("2026-01-12")
    assert client.payments.get(payment.id).status == "failed"


def test_a_new_mandate_with_wrong_details_fails(sandbox, client):
    mandate = signed_mandate(client, "Invalid")
    collect(client, mandate)
    sandbox.advance("2026-01-12")
    assert client.mandates.get(mandate).status == "failed"
    assert story(sandbox)[-2:] == ["payments failed", "mandates failed"]


def test_a_replaced_mandate_names_its_successor(sandbox, client):
    mandate = payer(sandbox)
    sandbox.act("replace", mandate)
    successor = client.mandates.get(mandate).links.new_mandate
    with pytest.raises(gc.InvalidStateError) as caught:
        collect(client, mandate)
    assert caught.value.errors[0]["reason"] == "mandate_replaced"
    assert caught.value.errors[0]["links"] == {"new_mandate": successor}
    assert collect(client, successor).status == "pending_submission"


def test_a_transferred_mandate_keeps_its_id_and_changes_its_account(sandbox, client):
    mandate = payer(sandbox, "Switching Martin")
    before = client.mandates.get(mandate).links.customer_bank_account
    sandbox.advance("2026-01-12")
    after = client.mandates.get(mandate).links.customer_bank_account
    (event,) = sandbox.events(action="transferred")
    assert event["links"]["previous_customer_bank_account"] == before
    assert event["links"]["new_customer_bank_account"] == after
    assert client.mandates.get(mandate).status == "active"


@pytest.mark.parametrize(
    ("action", "status"),
    [("expire", "expired"), ("block", "blocked"), ("cancel_by_payer", "cancelled")],
)
def test_a_dead_mandate_takes_no_payment(sandbox, client, action, status):
    mandate = payer(sandbox)
    sandbox.act(action, mandate)
    assert client.mandates.get(mandate).status == status
    with pytest.raises(gc.InvalidStateError):
        collect(client, mandate)


def test_disabling_the_account_ends_its_mandates(sandbox, client):
    mandate = client.mandates.get(signed_mandate(client))
    account = mandate.links.customer_bank_account
    assert client.customer_bank_accounts.disable(account).enabled is False
    assert client.mandates.get(mandate.id).status == "cancelled"
    with pytest.raises(gc.InvalidStateError):
        client.customer_bank_accounts.disable(account)


def test_mandates_are_found_by_customer_reference_and_status(sandbox, client):
    sandbox.seed(
        [
            {"name": "A Martin", "iban": iban(1), "reference": "OLD-1"},
            {"name": "B Martin", "iban": iban(2), "reference": "OLD-2", "status": "cancelled"},
        ]
    )
    (found,) = client.mandates.list(params={"reference": "OLD-1"}).records
    assert client.mandates.list(params={"customer": found.links.customer}).records[0].id == found.id
    both = client.mandates.list(params={"status": "active,cancelled"}).records
    assert [mandate.reference for mandate in both] == ["OLD-2", "OLD-1"]
