"""Bad days of networks and providers."""

import time

import gocardless_pro.errors as gc
import pytest
import requests

from sandbox.testing import SandboxError

from .common import call, client_of, collect, payer

CREATE = {"method": "POST", "path": "^/payments$"}


def post_raw(sandbox, mandate):
    body = {"amount": 4990, "currency": "EUR", "links": {"mandate": mandate}}
    return call(sandbox, "POST", "/payments", json={"payments": body})


@pytest.mark.parametrize(("kind", "created"), [("drop_after", 1), ("drop_before", 0)])
def test_a_dropped_connection_may_or_may_not_have_executed(sandbox, kind, created):
    mandate = payer(sandbox)
    sandbox.fault(kind, **CREATE)
    with pytest.raises(requests.ConnectionError):
        post_raw(sandbox, mandate)
    assert len(sandbox.payments()) == created
    (request,) = sandbox.requests("POST")
    assert (request["status"], request["executed"]) == (None, bool(created))
    assert request["fault"] == kind


def test_the_client_survives_a_connection_dropped_before_execution(sandbox, client):
    mandate = payer(sandbox)
    sandbox.fault("drop_before", **CREATE)
    assert collect(client, mandate).status == "pending_submission"
    keys = {request["idempotency_key"] for request in sandbox.requests("POST")}
    assert len(keys) == 1
    assert len(sandbox.payments()) == 1


def test_a_json_500_is_not_retried_by_the_client(sandbox, client):
    mandate = payer(sandbox)
    sandbox.fault("500", **CREATE)
    with pytest.raises(gc.GoCardlessInternalError):
        collect(client, mandate)
    assert len(sandbox.requests("POST")) == 1
    assert sandbox.payments() == []


def test_a_500_can_hide_a_success(sandbox, client):
    mandate = payer(sandbox)
    sandbox.fault("500", execute=True, **CREATE)
    with pytest.raises(gc.GoCardlessInternalError):
        collect(client, mandate)
    assert len(sandbox.payments()) == 1


@pytest.mark.parametrize("kind", ["502", "html_200", "empty_200"])
def test_unreadable_answers_are_malformed_for_the_client(sandbox, client, kind):
    payer(sandbox)
    sandbox.fault(kind, method="GET", path="^/mandates", count=3)
    with pytest.raises(gc.MalformedResponseError):
        client.mandates.list()
    assert len(client.mandates.list().records) == 1


def test_429_may_say_when_to_come_back(sandbox, client):
    sandbox.fault("429", path="^/customers", retry_after=7)
    answer = call(sandbox, "GET", "/customers")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    sandbox.fault("429", path="^/customers")
    assert "retry-after" not in call(sandbox, "GET", "/customers").headers
    sandbox.fault("429", path="^/customers")
    with pytest.raises(gc.RateLimitError):
        client.customers.list()


def test_a_slow_answer_executes_first(sandbox):
    mandate = payer(sandbox)
    sandbox.fault("slow", seconds=0.3, **CREATE)
    started = time.monotonic()
    assert post_raw(sandbox, mandate).status_code == 201
    assert time.monotonic() - started >= 0.3


def test_others_are_served_while_one_waits(sandbox):
    mandate = payer(sandbox)
    sandbox.fault("slow", seconds=2, **CREATE)
    impatient = client_of(sandbox)
    impatient._api_client.timeout = 0.2
    started = time.monotonic()
    with pytest.raises(gc.IdempotentCreationConflictError):
        collect(impatient, mandate, headers={"Idempotency-Key": "k"})
    assert time.monotonic() - started < 2
    assert len(sandbox.payments()) == 1


def test_nth_strikes_only_the_requests_named(sandbox):
    sandbox.fault("500", path="^/customers", nth=[2, 4])
    found = [call(sandbox, "GET", "/customers").status_code for _request in range(5)]
    assert found == [200, 500, 200, 500, 200]
    (rule,) = sandbox.read("faults")
    assert (rule["seen"], rule["struck"]) == (5, 2)


def test_a_probability_is_drawn_with_its_seed(sandbox):
    def draw():
        sandbox.clear("faults")
        sandbox.fault("500", path="^/customers", probability=0.5, seed=4)
        return [call(sandbox, "GET", "/customers").status_code for _request in range(20)]

    first = draw()
    assert set(first) == {200, 500}
    assert first == draw()


def test_the_control_api_is_never_struck(sandbox):
    sandbox.fault("500", probability=1)
    assert sandbox.read("clock") == {"date": "2026-01-05"}


@pytest.mark.parametrize(
    "rule",
    [{"kind": "meteor"}, {"kind": "500", "colour": 1}, {"path": "x"}, {"kind": "500", "path": "("}],
)
def test_a_wrong_rule_is_refused(sandbox, rule):
    with pytest.raises(SandboxError):
        sandbox.control("faults", **rule)
