"""The events list, and webhooks signed as Stripe signs them."""

import json
import time

import pytest
import stripe

from ..common import Receiver, wait_until
from .common import VERSION, debit, payer, signed_payer, story

TYPES = ["payment_intent.processing", "payment_intent.succeeded"]


@pytest.fixture
def receiver(sandbox):
    """A merchant that can be told of events."""
    sandbox.control("webhooks/modes", auto=False)
    with Receiver() as listening:
        yield listening


def endpoint_of(client, receiver, *types, **values):
    return client.v1.webhook_endpoints.create(
        {"url": receiver.url, "enabled_events": list(types), "api_version": VERSION, **values}
    )


def received(receiver):
    return [json.loads(body) for _headers, body in receiver.deliveries]


def test_the_library_accepts_the_signature(sandbox, client, receiver):
    endpoint = endpoint_of(client, receiver, *TYPES)
    assert endpoint.secret.startswith("whsec_")
    intent = debit(client, payer(sandbox), key="k1")
    sandbox.control("webhooks/flush")
    ((headers, body),) = receiver.deliveries
    event = stripe.Webhook.construct_event(body, headers["stripe-signature"], endpoint.secret)
    assert (event.type, event.data.object.id) == ("payment_intent.processing", intent.id)
    assert (event.api_version, event.livemode) == (VERSION, False)
    assert event.request.idempotency_key == "k1"
    assert event.request.id == intent.last_response.request_id
    moment = int(headers["stripe-signature"].split(",")[0].removeprefix("t="))
    assert abs(moment - time.time()) < 30
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["stripe-signature"], "whsec_other")


def test_a_corrupt_signature_is_refused_by_the_library(sandbox, client, receiver):
    endpoint = endpoint_of(client, receiver, "*")
    sandbox.control("webhooks/modes", corrupt_signature=True)
    debit(client, payer(sandbox))
    sandbox.control("webhooks/flush")
    headers, body = receiver.deliveries[0]
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["stripe-signature"], endpoint.secret)


def test_an_endpoint_gets_the_types_that_it_asked_for_one_by_one(sandbox, client, receiver):
    endpoint_of(client, receiver, *TYPES)
    for number in range(3):
        debit(client, payer(sandbox, number=number))
    sandbox.advance("2026-01-13")
    kinds = [event["type"] for event in received(receiver)]
    assert kinds == ["payment_intent.processing"] * 3 + ["payment_intent.succeeded"] * 3
    assert len({event["id"] for event in received(receiver)}) == 6


def test_an_endpoint_named_through_the_control_api_gets_everything(sandbox, client, receiver):
    sandbox.listen(receiver.url, "whsec_mine")
    debit(client, payer(sandbox))
    sandbox.control("webhooks/flush")
    assert [event["type"] for event in received(receiver)] == story(sandbox)
    headers, body = receiver.deliveries[0]
    assert stripe.Webhook.construct_event(body, headers["stripe-signature"], "whsec_mine")


def test_several_events_in_one_webhook_are_impossible(sandbox):
    with pytest.raises(Exception, match="1 to 1"):
        sandbox.control("webhooks/modes", batch=2)


def test_the_secret_is_shown_once_and_can_be_chosen_by_a_setting(sandbox, client, receiver):
    sandbox.control("settings", endpoint_secret="whsec_known")
    endpoint = endpoint_of(client, receiver, "*")
    assert endpoint.secret == "whsec_known"
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)


def test_an_endpoint_can_be_changed_disabled_and_deleted(sandbox, client, receiver):
    endpoint = endpoint_of(client, receiver, "payout.paid")
    seeded = payer(sandbox)
    client.v1.webhook_endpoints.update(endpoint.id, {"enabled_events": TYPES})
    debit(client, seeded)
    sandbox.control("webhooks/flush")
    assert len(receiver.deliveries) == 1
    updated = client.v1.webhook_endpoints.update(endpoint.id, {"disabled": True})
    assert updated.status == "disabled"
    debit(client, seeded)
    sandbox.control("webhooks/flush")
    client.v1.webhook_endpoints.update(endpoint.id, {"disabled": False})
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted is True
    debit(client, seeded)
    sandbox.control("webhooks/flush")
    assert len(receiver.deliveries) == 1
    assert client.v1.webhook_endpoints.list().data == []


@pytest.mark.parametrize(
    "values",
    [
        {"enabled_events": ["payment_intent.sneezed"]},
        {"url": "example.com"},
        {"api_version": "2019-05-16"},
        {"api_version": "tomorrow"},
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused(sandbox, client, receiver, values):
    with pytest.raises(stripe.InvalidRequestError):
        endpoint_of(client, receiver, "*", **values)


def test_there_are_at_most_16_endpoints(client, receiver):
    for _number in range(16):
        endpoint_of(client, receiver, "payout.paid")
    with pytest.raises(stripe.InvalidRequestError):
        endpoint_of(client, receiver, "payout.paid")


def test_events_are_listed_by_type_time_and_delivery(sandbox, client, receiver):
    endpoint_of(client, receiver, "*")
    debit(client, payer(sandbox))
    sandbox.control("webhooks/flush")
    receiver.status = 500
    sandbox.advance("2026-01-06")
    failed = client.v1.events.list({"delivery_success": False}).data
    assert [event.type for event in failed] == ["charge.updated"]
    assert len(client.v1.events.list({"delivery_success": True, "limit": 100}).data) == 3
    since = failed[0].created
    assert len(client.v1.events.list({"created": {"gte": since}}).data) == 1
    found = client.v1.events.list({"types": [*TYPES, "payout.paid"]}).data
    assert [event.type for event in found] == ["payment_intent.processing"]
    found = client.v1.events.list({"type": "payment_intent.*"}).data
    assert [event.type for event in found] == TYPES[:1] + ["payment_intent.created"]
    receiver.status = 200
    sandbox.advance("2026-01-07")
    assert client.v1.events.list({"delivery_success": False}).data == []


def test_events_held_back_are_found_as_undelivered(sandbox, client, receiver):
    endpoint_of(client, receiver, *TYPES)
    sandbox.control("webhooks/modes", off=True)
    debit(client, payer(sandbox))
    params = {"delivery_success": False, "types": TYPES}
    assert len(client.v1.events.list(params).data) == 1
    sandbox.control("webhooks/modes", off=False)
    sandbox.control("webhooks/resend", events="undelivered")
    assert len(receiver.deliveries) == 1
    assert client.v1.events.list(params).data == []


def test_events_that_nobody_asked_for_count_as_delivered(sandbox, client):
    debit(client, payer(sandbox))
    assert client.v1.events.list({"delivery_success": False}).data == []


@pytest.mark.parametrize(
    "params", [{"type": "payout.paid", "types": ["payout.paid"]}, {"types": ["payout.paid"] * 21}]
)
def test_a_list_of_events_that_makes_no_sense_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.events.list(params)


def test_events_can_be_read_for_30_days(sandbox, client):
    debit(client, payer(sandbox))
    sandbox.advance("2026-02-03")
    assert len(client.v1.events.list({"type": "payment_intent.created"}).data) == 1
    sandbox.advance("2026-02-06")
    assert client.v1.events.list({"type": "payment_intent.created"}).data == []


def test_an_event_is_a_snapshot(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-13")
    events = client.v1.events.list({"type": "payment_intent.processing"}).data
    assert events[0].data.object.status == "processing"
    assert client.v1.events.retrieve(events[0].id).data.object.id == intent.id


def test_the_end_of_a_mandate_tells_neither_customer_nor_metadata(sandbox, client):
    seeded = signed_payer(client)
    sandbox.act("cancel", seeded["mandate"])
    (event,) = client.v1.events.list({"type": "mandate.updated"}).data
    assert event.data.object.id == seeded["mandate"]
    assert event.data.previous_attributes.to_dict() == {"status": "active"}
    assert "customer" not in event.data.object
    assert "metadata" not in event.data.object


def test_automatic_mode_delivers_soon_after_the_call(sandbox, client, receiver):
    sandbox.control("webhooks/modes", auto=True)
    endpoint_of(client, receiver, "payment_intent.processing")
    debit(client, payer(sandbox))
    wait_until(lambda: receiver.deliveries)
