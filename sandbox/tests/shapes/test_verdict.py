"""The control API tells how many requests were judged, and which were wrong."""

from contextlib import suppress
from datetime import date

import pytest

from sandbox.testing import running
from sandbox.tests.common import call, client_of, collect, payer

START = date(2026, 1, 5)


@pytest.fixture(scope="module")
def account():
    with running(start_date=START) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(account):
    account.reset(START)
    return account


def test_right_requests_are_counted(sandbox):
    collect(client_of(sandbox), payer(sandbox))
    client_of(sandbox).payments.list()
    assert sandbox.shapes() == {"validated": 2, "violations": 0, "first": []}


def test_a_wrong_request_is_shown_although_it_was_answered(sandbox):
    call(sandbox, "GET", "/payments/PM1?colour=blue")
    verdict = sandbox.shapes()
    assert (verdict["validated"], verdict["violations"]) == (1, 1)
    assert verdict["first"] == [
        {
            "number": 1,
            "method": "GET",
            "path": "/payments/PM1",
            "violations": ["query.colour: unknown"],
        }
    ]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after", "429", "502"])
def test_a_request_is_judged_although_a_fault_struck_it(sandbox, kind):
    sandbox.fault(kind)
    with suppress(OSError):  # no answer: that is the fault
        call(sandbox, "POST", "/payments", json={"payments": {"amount": "10"}})
    assert sandbox.shapes()["violations"] == 1


def test_pages_and_commands_are_not_counted(sandbox):
    call(sandbox, "GET", "/billing/static/flow?id=BRF1")
    assert sandbox.shapes()["validated"] == 0


def test_the_log_has_the_violations_of_each_request(sandbox):
    call(sandbox, "POST", "/payments", json={"payments": {}})
    (entry,) = sandbox.requests("POST")
    assert "headers.idempotency-key: missing" in entry["violations"]


def test_a_reset_forgets_the_verdict(sandbox):
    call(sandbox, "GET", "/nothing")
    sandbox.reset()
    assert sandbox.shapes()["validated"] == 0
