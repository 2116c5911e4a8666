"""Order notifications are not signed; webhooks v1 are."""

import hashlib
import hmac
import json
import time

import pytest

from sandbox.slimpay.notices import sign

from .common import IBAN, collect, href, order, payer

CONFIGURATIONS = "/v1/webhook-configurations"


def notified(receiver):
    """Headers and documents received, in order."""
    return [(headers, json.loads(body)) for headers, body in receiver.deliveries]


def subscribe(client, receiver, **values):
    """A new webhook configuration."""
    body = {
        "title": "Payments",
        "url": receiver.url,
        "eventTypes": ["payment_slimcollectpay.update", "order_slimcollectpay.update"],
        **values,
    }
    return client.post(CONFIGURATIONS, body)


def test_a_completed_order_is_posted_as_a_get_shows_it_and_unsigned(sandbox, client, receiver):
    created = client.post("/orders", order(client))
    sandbox.sign(href(created, "user-approval"), iban=IBAN)
    sandbox.control("webhooks/flush")
    ((headers, body),) = notified(receiver)
    assert body == client.get(f"/orders/{created['id']}")
    assert headers["content-type"].startswith("application/hal+json; profile=")
    assert "slimpay-signature" not in headers


def test_an_aborted_order_is_notified_too(sandbox, client, receiver):
    created = client.post("/orders", order(client))
    sandbox.act("abort", created["id"])
    sandbox.control("webhooks/flush")
    assert notified(receiver)[0][1]["state"] == "closed.aborted.aborted_byclient"


def test_the_life_of_a_debit_is_not_notified(sandbox, client, receiver):
    collect(client, payer(sandbox, "Late Martin"))
    sandbox.advance("2026-02-01")
    assert receiver.deliveries == []


def test_a_notification_carries_one_order_and_may_come_twice(sandbox, client, receiver):
    for number in range(3):
        created = client.post("/orders", order(client, reference=f"S{number}"))
        sandbox.act("sign", created["id"])
    sandbox.control("webhooks/modes", duplicate=1, shuffle=True)
    report = sandbox.control("webhooks/flush")
    assert report["sent"] == 6
    found = sorted(body["reference"] for _headers, body in notified(receiver))
    assert found == ["S0", "S0", "S1", "S1", "S2", "S2"]


def test_a_notification_answered_with_an_error_is_sent_again_the_next_day(
    sandbox, client, receiver
):
    receiver.status = 500
    sandbox.act("sign", client.post("/orders", order(client))["id"])
    sandbox.control("webhooks/flush")
    receiver.status = 200
    sandbox.control("advance", days=1)
    assert len(receiver.deliveries) == 2
    assert [line["successful"] for line in sandbox.read("webhooks")] == [True]


def test_lost_notifications_can_be_sent_later(sandbox, client, receiver):
    sandbox.control("webhooks/modes", off=True)
    sandbox.act("sign", client.post("/orders", order(client))["id"])
    sandbox.control("webhooks/flush")
    assert receiver.deliveries == []
    sandbox.control("webhooks/modes", off=False)
    assert sandbox.control("webhooks/resend", events="undelivered")["sent"] == 1


def test_webhooks_v1_say_nothing_of_classic_debits_by_default(sandbox, client, receiver):
    sandbox.clear("webhooks")
    subscribe(client, receiver)
    collect(client, payer(sandbox))
    sandbox.advance("2026-02-01")
    assert receiver.deliveries == []


@pytest.mark.parametrize(("shape", "version"), [("Id", "1"), ("id", 1)])
def test_webhooks_v1_are_signed_over_time_colon_and_raw_body(
    sandbox, client, receiver, settings, shape, version
):
    settings(classic_webhooks=True, webhook_shape=shape)
    sandbox.clear("webhooks")
    secret = subscribe(client, receiver)["secret"]
    payment = collect(client, payer(sandbox))
    sandbox.advance("2026-01-08")
    codes = [body["data"]["code"] for _headers, body in notified(receiver)]
    assert codes == [10001, 10000]
    headers, raw = receiver.deliveries[0]
    body = json.loads(raw)
    assert body["version"] == version
    assert body["data"]["uuid"] == payment["id"]
    assert body["eventType"] == "payment_slimcollectpay.update"
    assert body[shape]
    assert headers["user-agent"] == "SlimPayWebhook/1.0.0"
    moment, _comma, signature = headers["slimpay-signature"].partition(",")
    text = moment.removeprefix("t=").encode() + b":" + raw
    expected = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    assert signature == f"v1={expected}"
    assert abs(int(moment[2:]) / 1000 - time.time()) < 60


def test_the_signature_can_be_corrupted_and_follow_the_simulated_clock(
    sandbox, client, receiver, settings
):
    settings(classic_webhooks=True, signature_clock="simulated")
    sandbox.clear("webhooks")
    secret = subscribe(client, receiver)["secret"]
    sandbox.control("webhooks/modes", corrupt_signature=True)
    collect(client, payer(sandbox))
    sandbox.advance("2026-01-06")
    headers, raw = receiver.deliveries[0]
    moment = int(headers["slimpay-signature"].split(",")[0][2:])
    assert moment // 86_400_000 == 20459  # 6 January 2026
    assert headers["slimpay-signature"] != sign(secret, moment, raw)


def test_the_signature_of_the_known_vector():
    body = (
        b'{"Id":"0b9f7c1e-0000-4000-8000-000000000001","version":"1","createdAt":1700000000000,'
        b'"eventType":"payment_slimcollectpay.update","data":{"uuid":'
        b'"7d5a0000-0000-4000-8000-000000000002","status":"PROCESSING","code":10001,'
        b'"statusMessage":"made-up"}}'
    )
    assert sign("unit-test-secret", 1700000000000, body) == (
        "t=1700000000000,v1=d10a6a9f06a6038dffb3dad4f49c2a55532ad8a290f59735426356184fdea2cf"
    )


def test_an_endpoint_receives_only_what_it_asked_for(sandbox, client, receiver, settings):
    settings(classic_webhooks=True)
    subscribe(client, receiver, eventTypes=["payment_slimcollectpay.update"])
    sandbox.act("sign", client.post("/orders", order(client))["id"])
    collect(client, payer(sandbox))
    sandbox.advance("2026-01-06")
    found = [body.get("eventType", body.get("state")) for _headers, body in notified(receiver)]
    assert found == ["closed.completed", "payment_slimcollectpay.update"]


def test_configurations_show_their_secret_once_and_can_be_changed(client, receiver):
    created = subscribe(client, receiver)
    assert len(created["secret"]) == 64
    url = created["_links"]["self"]["href"]
    shown = client.get(url)
    assert "secret" not in shown
    assert shown["enabled"] is True
    answer = client.send("PATCH", url, json={"enabled": False})
    assert answer.json()["enabled"] is False
    listed = client.get(CONFIGURATIONS, creditorReference=client.creditor["reference"])
    assert len(listed["_embedded"]["webhookConfigurations"]) == 1
    assert client.send("DELETE", url).status_code == 204
    assert client.send("GET", url).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "T" * 101},
        {"title": None},
        {"url": "merchant.example"},
        {"eventTypes": []},
        {"eventTypes": ["payment.update"]},
        {"eventTypes": [{}]},
        {"secret": "mine"},
    ],
)
def test_a_wrong_configuration_is_refused(client, receiver, wrong):
    body = {"title": "T", "url": receiver.url, "eventTypes": ["order_slimcollectpay.update"]}
    assert client.refusal("POST", CONFIGURATIONS, json=body | wrong)[0] == 400
