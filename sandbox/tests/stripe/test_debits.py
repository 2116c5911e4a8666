"""Debits from the creation to the success, on the timetable of SEPA."""

import pytest
import stripe

from .common import IBAN, ONLINE, SEPA, debit, debit_of, method_of, payer, signed_payer, story

MANDATE_INVALID = "payment_intent_mandate_invalid"
UNEXPECTED = "payment_intent_unexpected_state"


def refusal(function, *args, **values):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        function(*args, **values)
    return caught.value


def status(client, intent):
    return client.v1.payment_intents.retrieve(intent.id).status


def test_a_debit_is_processing_and_says_that_it_is_complete(sandbox, client):
    intent = debit(
        client,
        payer(sandbox),
        metadata={"odoo": "1"},
        description="Janvier",
        expand=["latest_charge", "payment_method", "customer"],
    )
    assert (intent.status, intent.amount_received) == ("processing", 0)
    assert intent.payment_method_types == SEPA
    charge = intent.latest_charge
    assert charge.id.startswith("py_")
    assert (charge.status, charge.paid, charge.captured) == ("pending", False, True)
    assert charge.outcome.network_status == "approved_by_network"
    assert charge.outcome.seller_message == "Payment complete."
    assert (charge.metadata["odoo"], charge.description) == ("1", "Janvier")
    assert charge.payment_method_details.sepa_debit.expected_debit_date is None
    assert intent.payment_method.customer == intent.customer.id


def test_it_succeeds_six_working_days_later(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-12")
    assert status(client, intent) == "processing"
    sandbox.advance("2026-01-13")
    done = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (done.status, done.amount_received) == ("succeeded", 4990)
    assert (done.latest_charge.status, done.latest_charge.paid) == ("succeeded", True)
    assert done.latest_charge.payment_method_details.sepa_debit.expected_debit_date == "2026-01-06"
    assert story(sandbox, "payment_intent", "charge") == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "charge.updated",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.parametrize(
    ("target", "shift", "debited", "succeeds"),
    [
        ("2026-01-12", 0, "2026-01-12", "2026-01-19"),
        ("2026-01-17", 0, "2026-01-19", "2026-01-26"),
        ("2026-01-12", 1, "2026-01-13", "2026-01-20"),
    ],
)
def test_a_target_date_moves_the_debit(sandbox, client, target, shift, debited, succeeds):
    sandbox.control("settings", target_date_shift=shift)
    options = {"sepa_debit": {"target_date": target}}
    intent = debit(client, payer(sandbox), payment_method_options=options)
    assert intent.payment_method_options.sepa_debit.target_date == target
    sandbox.advance(f"{succeeds[:8]}{int(succeeds[8:]) - 1:02d}")
    assert status(client, intent) == "processing"
    sandbox.advance(succeeds)
    done = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert done.status == "succeeded"
    details = done.latest_charge.payment_method_details.sepa_debit
    assert details.expected_debit_date == debited


@pytest.mark.parametrize("target", ["2026-01-07", "2026-01-21", "2026-01-32", "demain"])
def test_a_target_date_lies_3_to_15_days_ahead(sandbox, client, target):
    options = {"sepa_debit": {"target_date": target}}
    error = refusal(debit, client, payer(sandbox), payment_method_options=options)
    assert error.param == "payment_method_options[sepa_debit][target_date]"
    assert sandbox.payments() == []


def test_a_processing_debit_cannot_be_cancelled(sandbox, client):
    intent = debit(client, payer(sandbox))
    error = refusal(client.v1.payment_intents.cancel, intent.id)
    assert (error.http_status, error.code) == (400, UNEXPECTED)
    assert error.json_body["error"]["payment_intent"]["status"] == "processing"
    sandbox.advance("2026-01-13")
    assert refusal(client.v1.payment_intents.cancel, intent.id).code == UNEXPECTED


def test_an_intent_that_was_not_confirmed_can_be_changed_confirmed_and_cancelled(sandbox, client):
    seeded = payer(sandbox)
    params = {"amount": 4990, "currency": "eur", "customer": seeded["customer"]}
    intent = client.v1.payment_intents.create(params | {"allowed_payment_method_types": SEPA})
    assert intent.status == "requires_payment_method"
    error = refusal(client.v1.payment_intents.confirm, intent.id)
    assert error.code == UNEXPECTED
    changed = client.v1.payment_intents.update(
        intent.id, {"amount": 5990, "payment_method": seeded["payment_method"]}
    )
    assert (changed.amount, changed.status) == (5990, "requires_confirmation")
    other = client.v1.payment_intents.create(params)
    canceled = client.v1.payment_intents.cancel(other.id, {"cancellation_reason": "duplicate"})
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "duplicate")
    assert canceled.canceled_at >= canceled.created
    confirmed = client.v1.payment_intents.confirm(
        intent.id, {"mandate": seeded["mandate"], "off_session": True}
    )
    assert confirmed.status == "processing"
    assert refusal(client.v1.payment_intents.confirm, intent.id).code == UNEXPECTED
    assert refusal(client.v1.payment_intents.update, intent.id, {"amount": 1000}).code == UNEXPECTED
    kept = client.v1.payment_intents.update(intent.id, {"metadata": {"a": "1"}})
    assert kept.metadata["a"] == "1"


def test_a_mandate_must_be_active_and_of_the_payment_method(sandbox, client):
    seeded, other = payer(sandbox), payer(sandbox, number=2)
    mixed = seeded | {"mandate": other["mandate"]}
    assert refusal(debit, client, mixed).code == MANDATE_INVALID
    sandbox.act("cancel", seeded["mandate"])
    assert refusal(debit, client, seeded).code == MANDATE_INVALID
    assert refusal(debit, client, seeded, mandate="mandate_1").code == "resource_missing"
    assert sandbox.payments() == []


def test_without_mandate_the_latest_one_is_used_unless_that_is_switched_off(sandbox, client):
    seeded = payer(sandbox)
    intent = debit(client, seeded, mandate=None, expand=["latest_charge"])
    details = intent.latest_charge.payment_method_details.sepa_debit
    assert details.mandate == seeded["mandate"]
    sandbox.control("settings", mandate_optional=False)
    assert refusal(debit, client, seeded, mandate=None).code == MANDATE_INVALID


def test_the_payment_method_belongs_to_the_customer(sandbox, client):
    seeded, other = payer(sandbox), payer(sandbox, number=2)
    error = refusal(debit, client, seeded | {"customer": other["customer"]})
    assert error.param == "payment_method"
    error = refusal(debit, client, seeded, customer=None)
    assert error.param == "payment_method"
    loose = seeded | {"payment_method": method_of(client).id}
    assert refusal(debit, client, loose).param == "off_session"


def test_an_account_without_sepa_debits_collects_nothing(sandbox, client):
    seeded = payer(sandbox)
    sandbox.control("settings", sepa_debit_enabled=False)
    assert refusal(debit, client, seeded).param == "payment_method"


def test_a_payer_can_sign_and_pay_in_one_step(client):
    customer = client.v1.customers.create({"name": "Paul"})
    intent = client.v1.payment_intents.create(
        {
            "amount": 4990,
            "currency": "eur",
            "customer": customer.id,
            "allowed_payment_method_types": SEPA,
            "confirm": True,
            "setup_future_usage": "off_session",
            "mandate_data": ONLINE,
            "payment_method_data": {
                "type": "sepa_debit",
                "sepa_debit": {"iban": IBAN},
                "billing_details": {"name": "Paul", "email": "p@example.com"},
            },
            "expand": ["latest_charge", "payment_method"],
        }
    )
    assert intent.status == "processing"
    assert intent.payment_method.customer == customer.id
    mandate = intent.latest_charge.payment_method_details.sepa_debit.mandate
    assert client.v1.mandates.retrieve(mandate).status == "active"


def test_a_debit_is_limited(sandbox, client):
    seeded = payer(sandbox)
    error = refusal(debit, client, seeded, amount=1_000_001)
    assert (error.code, error.param) == ("charge_exceeds_transaction_limit", "amount")
    assert debit(client, seeded, amount=1_000_000).status == "processing"


def test_a_week_can_be_limited(sandbox, client):
    seeded = payer(sandbox)
    sandbox.control("settings", weekly_limit=10_000)
    debit(client, seeded, amount=6_000)
    error = refusal(debit, client, seeded, amount=4_001)
    assert error.code == "charge_exceeds_weekly_limit"
    debit(client, seeded, amount=4_000)
    sandbox.advance("2026-01-13")
    assert debit(client, seeded, amount=10_000).status == "processing"


@pytest.mark.parametrize(
    ("setting", "change", "param"),
    [
        ("return_url_required", {}, "return_url"),
        (
            "foreign_method_options",
            {"payment_method_options": {"card": {"moto": True}}},
            "payment_method_options[card]",
        ),
    ],
)
def test_what_the_documents_leave_open_is_a_setting(sandbox, client, setting, change, param):
    seeded = payer(sandbox)
    assert debit(client, seeded, **change).status == "processing"
    sandbox.control("settings", **{setting: param == "return_url"})
    assert refusal(debit, client, seeded, **change).param == param


def test_intents_are_listed_by_customer_and_expanded(sandbox, client):
    seeded, other = payer(sandbox), payer(sandbox, number=2)
    intents = [debit(client, seeded).id, debit(client, seeded).id]
    debit(client, other)
    params = {"customer": seeded["customer"], "expand": ["data.latest_charge.customer"]}
    found = client.v1.payment_intents.list(params).data
    assert [intent.id for intent in found] == intents[::-1]
    assert found[0].latest_charge.customer.name == "Paul Martin"
    (charge,) = client.v1.charges.list({"payment_intent": intents[0]}).data
    assert charge.payment_intent == intents[0]


@pytest.mark.parametrize("path", ["amount", "colour", "latest_charge.colour", "data.customer"])
def test_what_is_no_id_cannot_be_expanded(sandbox, client, path):
    intent = debit(client, payer(sandbox))
    refusal(client.v1.payment_intents.retrieve, intent.id, {"expand": [path]})


def test_a_debit_of_a_mandate_signed_here_works_like_an_imported_one(sandbox, client):
    intent = client.v1.payment_intents.create(debit_of(signed_payer(client)))
    sandbox.advance("2026-01-13")
    assert status(client, intent) == "succeeded"
