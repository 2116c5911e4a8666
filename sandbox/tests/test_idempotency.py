"""One key creates one resource."""

import gocardless_pro
import gocardless_pro.errors as gc
import pytest

from .common import collect, payer, signed_mandate

KEY = {"Idempotency-Key": "attempt-1"}


def test_a_used_key_is_a_conflict_that_names_the_first_resource(sandbox, client):
    mandate = payer(sandbox)
    first = collect(client, mandate, headers=dict(KEY))
    with pytest.raises(gc.IdempotentCreationConflictError) as caught:
        collect(client, mandate, amount=9900, headers=dict(KEY))
    assert caught.value.code == 409
    assert caught.value.conflicting_resource_id == first.id
    assert [payment["amount"] for payment in sandbox.payments()] == [4990]


def test_the_client_can_adopt_the_first_resource_by_itself(sandbox):
    adopting = gocardless_pro.Client(access_token=sandbox.token, base_url=sandbox.url)
    mandate = payer(sandbox)
    first = collect(adopting, mandate, headers=dict(KEY))
    assert collect(adopting, mandate, headers=dict(KEY)).id == first.id


def test_a_refused_creation_does_not_burn_its_key(sandbox, client):
    mandate = payer(sandbox)
    with pytest.raises(gc.ValidationFailedError):
        collect(client, mandate, amount=1, headers=dict(KEY))
    assert collect(client, mandate, headers=dict(KEY)).amount == 4990


def test_keys_are_kept_apart_by_resource(sandbox, client):
    mandate = payer(sandbox)
    customer = client.customers.create(params={"company_name": "ACME"}, headers=dict(KEY))
    assert collect(client, mandate, headers=dict(KEY)).id != customer.id


def test_a_lost_answer_leaves_one_payment_and_a_conflict(sandbox, client):
    mandate = payer(sandbox)
    sandbox.fault("drop_after", method="POST", path="^/payments$")
    with pytest.raises(gc.IdempotentCreationConflictError) as caught:
        collect(client, mandate, headers=dict(KEY))
    (payment,) = sandbox.payments()
    assert caught.value.conflicting_resource_id == payment["id"]
    requests = sandbox.requests("POST", "/payments")
    assert [request["status"] for request in requests] == [None, 409]
    assert {request["idempotency_key"] for request in requests} == {"attempt-1"}


def test_actions_are_not_protected_by_a_key(sandbox, client):
    mandate = signed_mandate(client)
    client.mandates.cancel(mandate, headers=dict(KEY))
    with pytest.raises(gc.InvalidStateError):
        client.mandates.cancel(mandate, headers=dict(KEY))


def test_creations_without_a_key_are_all_executed(sandbox, client):
    mandate = payer(sandbox)
    collect(client, mandate)
    collect(client, mandate)
    assert len(sandbox.payments()) == 2
