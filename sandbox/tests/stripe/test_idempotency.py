"""One key, one execution: the first answer is given again."""

import threading

import pytest
import stripe

from ..common import wait_until
from .common import call, client_of, debit, debit_of, error_of, payer


def test_the_same_request_gets_the_same_answer_again(sandbox, client):
    seeded = payer(sandbox)
    first = debit(client, seeded, key="k1")
    again = debit(client, seeded, key="k1")
    assert again.id == first.id
    assert again.last_response.body == first.last_response.body
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.request_id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert len(sandbox.payments()) == 1


def test_the_replay_shows_the_past_not_the_present(sandbox, client):
    seeded = payer(sandbox)
    debit(client, seeded, key="k1")
    sandbox.control("settings", idempotency_hours=1000)
    sandbox.advance("2026-01-20")
    assert sandbox.payments()[0]["status"] == "succeeded"
    assert debit(client, seeded, key="k1").status == "processing"


@pytest.mark.parametrize("change", [{"amount": 5000}, {"description": "other"}])
def test_other_parameters_with_the_same_key_are_refused(sandbox, client, change):
    seeded = payer(sandbox)
    debit(client, seeded, key="k1")
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(debit_of(seeded, **change), {"idempotency_key": "k1"})
    assert len(sandbox.payments()) == 1


def test_a_key_belongs_to_one_path(sandbox, client):
    client.v1.customers.create({"name": "Paul"}, {"idempotency_key": "k1"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.setup_intents.create({}, {"idempotency_key": "k1"})


def test_a_refused_parameter_leaves_the_key_free(sandbox, client):
    seeded = payer(sandbox)
    for wrong in ({"colour": "blue"}, {"customer": "cus_1"}, {"amount": 1}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.payment_intents.create(debit_of(seeded) | wrong, {"idempotency_key": "k1"})
    assert debit(client, seeded, key="k1").status == "processing"


def test_a_refusal_by_the_state_of_things_is_replayed(sandbox, client):
    seeded = payer(sandbox)
    sandbox.control("settings", max_amount=100)
    for _try in range(2):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            debit(client, seeded, key="k1")
        sandbox.control("settings", max_amount=1_000_000)
    assert caught.value.code == "charge_exceeds_transaction_limit"
    assert caught.value.headers["Idempotent-Replayed"] == "true"


def test_keys_are_forgotten_after_a_day(sandbox, client):
    seeded = payer(sandbox)
    first = debit(client, seeded, key="k1")
    sandbox.advance("2026-01-07")
    assert debit(client, seeded, key="k1").id != first.id


def test_a_lost_answer_is_found_again_with_the_same_key(sandbox):
    client = client_of(sandbox, max_network_retries=2)
    sandbox.fault("drop_after", method="POST", path="^/v1/payment_intents$")
    found = debit(client, payer(sandbox), key="k1")
    (payment,) = sandbox.payments()
    assert found.id == payment["id"]
    assert [entry["status"] for entry in sandbox.requests("POST", "/v1/payment")] == [None, 200]


def test_a_key_in_use_is_locked(sandbox, client):
    sandbox.control("settings", execution_seconds=0.6)
    body, headers = "name=Paul", {"Idempotency-Key": "k1"}
    answers = []

    def create():
        answers.append(call(sandbox, "POST", "/v1/customers", body, headers))

    thread = threading.Thread(target=create)
    thread.start()
    wait_until(lambda: sandbox.requests("POST", "/v1/customers"))
    second = call(sandbox, "POST", "/v1/customers", body, headers)
    thread.join()
    assert error_of(second)[::2] == (409, "idempotency_key_in_use")
    assert answers[0].status_code == 200
    third = call(sandbox, "POST", "/v1/customers", body, headers)
    assert third.json()["id"] == answers[0].json()["id"]


def test_a_key_has_at_most_255_characters(sandbox):
    answer = call(sandbox, "POST", "/v1/customers", "", {"Idempotency-Key": "k" * 256})
    assert answer.status_code == 400


def test_reading_ignores_keys(sandbox):
    for path in ("/v1/customers", "/v1/payouts"):
        assert call(sandbox, "GET", path, headers={"Idempotency-Key": "k"}).ok
