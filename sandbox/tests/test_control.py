"""The control API, the helper for tests, and speed."""

import json
import subprocess
import sys
import time
from datetime import date

import pytest
import requests

from sandbox.core.server import loopback_socket
from sandbox.testing import ROOT, SandboxError, running

from .common import HEADERS, client_of, collect, iban, payer


def test_a_business_is_imported_with_its_mandates_and_no_event(sandbox, client):
    first, second = sandbox.seed(
        [
            {
                "name": "Zoé Martin",
                "iban": iban(1),
                "email": "zoe@example.com",
                "mandate_id": "MD000ABC",
                "reference": "RUM-1",
                "mandate_metadata": {"odoo_ref": "1"},
            },
            {"company": "ACME", "iban": iban(2)},
        ]
    )
    assert (first["mandate"], first["reference"]) == ("MD000ABC", "RUM-1")
    mandate = client.mandates.get("MD000ABC")
    assert (mandate.status, mandate.metadata) == ("active", {"odoo_ref": "1"})
    assert client.customers.get(first["customer"]).family_name == "Martin"
    assert client.customers.get(second["customer"]).company_name == "ACME"
    assert sandbox.events() == []


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "A B", "iban": "FR00"},
        {"iban": iban(1)},
        {"name": "A B", "iban": iban(1), "colour": "blue"},
        {"name": "A B", "iban": iban(1), "mandate_id": "MD000ABC"},
    ],
)
def test_a_wrong_import_changes_nothing(sandbox, client, entry):
    payer(sandbox, mandate_id="MD000ABC")
    with pytest.raises(SandboxError):
        sandbox.seed([{"name": "C D", "iban": iban(5)}, entry])
    assert len(client.mandates.list().records) == 1


def test_ids_and_times_are_the_same_on_every_run(sandbox, client):
    def play():
        sandbox.reset()
        collect(client, payer(sandbox))
        sandbox.advance("2026-01-20")
        return sandbox.events()

    assert play() == play()


def test_times_follow_the_simulated_clock(sandbox, client):
    sandbox.advance("2027-02-03")
    assert sandbox.today == date(2027, 2, 3)
    created = collect(client, payer(sandbox)).created_at
    assert created.startswith("2027-02-03T09:00:00.")
    assert created.endswith("Z")


def test_the_clock_never_goes_back(sandbox):
    sandbox.advance("2026-02-01")
    with pytest.raises(SandboxError):
        sandbox.advance("2026-01-31")


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("advance", {}),
        ("advance", {"to": "tomorrow"}),
        ("settings", {"colour": 1}),
        ("settings", {"max_amount": "much"}),
        ("webhooks/modes", {"batch": 251}),
        ("webhooks/modes", {"colour": 1}),
        ("webhooks", {"url": "http://127.0.0.1"}),
        ("act", {"action": "cancel", "id": "MD1"}),
        ("act", {"action": "dance", "id": "MD000ABC"}),
        ("reset", {"colour": 1}),
    ],
)
def test_commands_with_a_typing_error_are_refused(sandbox, path, values):
    payer(sandbox, mandate_id="MD000ABC")
    with pytest.raises(SandboxError):
        sandbox.control(path, **values)


def test_the_log_shows_what_was_asked(sandbox, client):
    mandate = payer(sandbox)
    collect(client, mandate, headers={"Idempotency-Key": "k1"})
    client.payments.list(params={"limit": 5})
    created, listed = sandbox.requests(path="/payments")
    assert (created["method"], created["idempotency_key"]) == ("POST", "k1")
    assert created["body"]["payments"]["links"] == {"mandate": mandate}
    assert (listed["query"], listed["status"]) == ("limit=5", 200)
    assert len(sandbox.requests("POST", "/payments")) == 1


def test_payments_are_dumped_with_metadata_and_outcome(sandbox, client):
    collect(client, payer(sandbox), metadata={"odoo_ref": "P1"})
    sandbox.advance("2026-01-06")
    (payment,) = sandbox.payments(status="submitted")
    assert payment["metadata"] == {"odoo_ref": "P1"}
    assert (payment["attempt"], payment["outcome"]) == (1, ["paid", None])
    with pytest.raises(SandboxError):
        sandbox.read("tables/secrets")


def test_a_planned_answer_can_be_changed_at_the_last_minute(sandbox, client):
    payment = collect(client, payer(sandbox))
    sandbox.advance("2026-01-08")
    sandbox.act("plan", payment.id, "failed:MD07")
    sandbox.advance("2026-01-09")
    assert client.payments.get(payment.id).status == "failed"


def test_only_loopback_is_served():
    with pytest.raises(ValueError):
        loopback_socket("0.0.0.0", 0)


def test_the_server_ends_with_its_parent():
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--until-stdin-closes"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert json.loads(process.stdout.readline())["url"].startswith("http://127.0.0.1:")
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()


def test_two_sandboxes_live_side_by_side(sandbox):
    with running(start_date=date(2026, 6, 1)) as other:
        assert other.url != sandbox.url
        assert other.today == date(2026, 6, 1)
        payer(other)
        assert sandbox.payments() == []


def test_half_a_year_of_1200_payments_plays_in_seconds(sandbox):
    seeded = sandbox.seed([{"name": f"N {n}", "iban": iban(n)} for n in range(200)])
    sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.05, "late:MS03": 0.02})
    headers = {"Authorization": f"Bearer {sandbox.token}", **HEADERS}
    started = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        for number in range(1200):
            body = {
                "amount": 4990,
                "currency": "EUR",
                "charge_date": f"2026-{2 + number // 200:02d}-10",
                "links": {"mandate": seeded[number % 200]["mandate"]},
            }
            answer = session.post(
                f"{sandbox.url}/payments", json={"payments": body}, headers=headers, timeout=10
            )
            assert answer.status_code == 201
    created = time.monotonic()
    sandbox.control("advance", days=210)
    played = time.monotonic()
    assert (created - started) / 1200 < 0.01, "a creation should take 1 or 2 ms"
    assert played - created < 10
    assert len(client_of(sandbox).payouts.list(params={"limit": 500}).records) >= 6
