"""Webhooks: signed, batched, and misbehaving on demand."""

import json

import pytest
from gocardless_pro import webhooks
from gocardless_pro.errors import InvalidSignatureError

from .common import collect, iban, payer, wait_until


def received(receiver):
    """Ids of the events of each delivery."""
    return [
        [event["id"] for event in json.loads(body)["events"]]
        for _headers, body in receiver.deliveries
    ]


def flat(lists):
    return [identity for ids in lists for identity in ids]


def all_ids(sandbox):
    return [event["id"] for event in sandbox.events()]


@pytest.fixture
def payments(sandbox, client, receiver):
    """Twelve payments of one day, not yet notified."""
    seeded = sandbox.seed([{"name": f"N {n}", "iban": iban(n)} for n in range(12)])
    return [collect(client, line["mandate"]) for line in seeded]


def test_the_official_client_accepts_the_signature(sandbox, receiver, payments):
    sandbox.control("webhooks/flush")
    headers, body = receiver.deliveries[0]
    events = webhooks.parse(body, receiver.secret, headers["webhook-signature"])
    assert len(events) == 12
    assert headers["user-agent"].startswith("gocardless-webhook-service")
    with pytest.raises(InvalidSignatureError):
        webhooks.parse(body, "another secret", headers["webhook-signature"])


def test_a_corrupt_signature_is_refused_by_the_client(sandbox, receiver, payments):
    sandbox.control("webhooks/modes", corrupt_signature=True)
    sandbox.control("webhooks/flush")
    headers, body = receiver.deliveries[0]
    with pytest.raises(InvalidSignatureError):
        webhooks.parse(body, receiver.secret, headers["webhook-signature"])


def test_each_day_is_delivered_before_the_next_one(sandbox, receiver, payments):
    report = sandbox.advance("2026-01-16")
    assert flat(received(receiver)) == all_ids(sandbox)
    assert report["webhooks"] == len(receiver.deliveries)
    days = [
        {event["created_at"][:10] for event in json.loads(body)["events"]}
        for _headers, body in receiver.deliveries
    ]
    assert all(len(day) == 1 for day in days)


def test_batches_have_the_size_asked_for(sandbox, receiver, payments):
    sandbox.control("webhooks/modes", batch=5)
    sandbox.control("webhooks/flush")
    assert [len(ids) for ids in received(receiver)] == [5, 5, 2]


def test_duplicates_come_in_webhooks_of_their_own(sandbox, receiver, payments):
    sandbox.control("webhooks/modes", duplicate=2)
    sandbox.control("webhooks/flush")
    assert len(receiver.deliveries) == 3
    ids = {json.loads(body)["meta"]["webhook_id"] for _headers, body in receiver.deliveries}
    assert len(ids) == 3
    assert sorted(flat(received(receiver))) == sorted(all_ids(sandbox) * 3)


def test_shuffled_and_delayed_events_all_arrive_in_the_end(sandbox, receiver, payments):
    sandbox.control("webhooks/modes", shuffle=True, delay_rate=0.4, batch=7, seed=3)
    sandbox.advance("2026-01-16")
    sandbox.control("webhooks/modes", delay_rate=0.0)
    sandbox.control("webhooks/flush")
    arrived = flat(received(receiver))
    assert arrived != all_ids(sandbox)
    assert sorted(arrived) == sorted(all_ids(sandbox))


def test_off_means_silence_until_events_are_resent(sandbox, receiver, payments):
    sandbox.control("webhooks/modes", off=True)
    sandbox.advance("2026-01-07")
    silent = len(all_ids(sandbox)) - 12
    assert len(flat(received(receiver))) == 12
    sandbox.control("webhooks/modes", off=False)
    sandbox.control("webhooks/resend", events="undelivered")
    assert len(flat(received(receiver))) == 12 + silent == 24


def test_events_can_be_resent_all_or_by_id(sandbox, receiver, payments):
    sandbox.control("webhooks/resend", events="all")
    sandbox.control("webhooks/resend", events=all_ids(sandbox)[:2])
    assert received(receiver) == [all_ids(sandbox), all_ids(sandbox)[:2]]


@pytest.mark.parametrize("status", [500, 301, 498])
def test_a_refused_webhook_is_repeated_on_the_next_days(sandbox, client, receiver, status):
    receiver.status = status
    collect(client, payer(sandbox), charge_date="2026-03-16")
    sandbox.advance("2026-01-06")
    (delivery,) = sandbox.read("webhooks")
    assert (delivery["successful"], delivery["response_code"]) == (False, status)
    assert delivery["attempts"] == 2
    receiver.status = 204
    sandbox.advance("2026-01-09")
    (delivery,) = sandbox.read("webhooks")
    assert (delivery["successful"], delivery["attempts"]) == (True, 3)


def test_retries_stop_after_eight(sandbox, client, receiver):
    receiver.status = 500
    collect(client, payer(sandbox), charge_date="2026-03-16")
    sandbox.advance("2026-02-01")
    assert sandbox.read("webhooks")[0]["attempts"] == 9


def test_failed_webhooks_are_listed_and_retried_by_the_api(sandbox, client, receiver, payments):
    receiver.status = 500
    sandbox.control("webhooks/flush")
    (failed,) = client.webhooks.list(params={"successful": False}).records
    assert failed.response_code == 500
    receiver.status = 200
    client.webhooks.retry(failed.id)
    wait_until(lambda: client.webhooks.get(failed.id).successful)


def test_a_dead_endpoint_does_not_stop_the_clock(sandbox, client):
    sandbox.listen("http://127.0.0.1:9/hook", "s")
    collect(client, payer(sandbox))
    report = sandbox.advance("2026-01-16")
    assert report["webhooks_failed"] == report["webhooks"] > 0
    assert sandbox.read("webhooks")[0]["response_code"] is None


def test_automatic_mode_delivers_soon_after_the_call(sandbox, client, receiver):
    sandbox.control("webhooks/modes", auto=True)
    payment = collect(client, payer(sandbox))
    wait_until(lambda: receiver.deliveries)
    (event,) = json.loads(receiver.deliveries[0][1])["events"]
    assert event["links"]["payment"] == payment.id


def test_headers_of_the_endpoint_are_sent_along(sandbox, client, receiver):
    sandbox.listen(receiver.url, receiver.secret, {"Cookie": "test=1"})
    collect(client, payer(sandbox))
    sandbox.control("webhooks/flush")
    assert receiver.deliveries[0][0]["cookie"] == "test=1"
