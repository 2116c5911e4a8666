"""Bank accounts and mandates given on the server's side."""

import pytest
import stripe

from .common import (
    IBAN,
    OFFLINE,
    ONLINE,
    SEPA,
    debit,
    method_of,
    payer,
    signed,
    signed_payer,
    story,
)

GB = "GB82WEST12345698765432"


def refusal(function, *args, **values):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        function(*args, **values)
    return caught.value


def test_a_payment_method_shows_the_bank_and_hides_the_iban(sandbox, client):
    method = method_of(client, "FR14 2004 1010 0505 0001 3M02 606")
    account = method.sepa_debit
    assert (account.country, account.bank_code, account.branch_code) == ("FR", "20041", "01005")
    assert account.last4 == "2606"
    assert IBAN not in str(method)
    assert method_of(client).sepa_debit.fingerprint == account.fingerprint
    german = method_of(client, "DE89370400440532013000").sepa_debit
    assert (german.bank_code, german.branch_code) == ("37040044", "")
    assert german.fingerprint != account.fingerprint


@pytest.mark.parametrize(
    ("iban", "code"),
    [
        ("FR1420041010050500013M02607", "invalid_bank_account_iban"),
        ("BR1500000000000010932840814P2", "invalid_bank_account_iban"),
        ("FR2620041010050000000055555", "sepa_debit_bank_not_supported"),
        ("FR5020041010050000000066666", "sepa_debit_debits_not_supported"),
    ],
)
def test_an_account_that_cannot_be_debited_is_refused(client, iban, code):
    error = refusal(method_of, client, iban)
    assert (error.http_status, error.code, error.param) == (400, code, "sepa_debit[iban]")


@pytest.mark.parametrize("absent", ["name", "email"])
def test_name_and_email_of_the_holder_are_needed(client, absent):
    error = refusal(method_of, client, **{absent: None})
    assert (error.code, error.param) == ("parameter_missing", f"billing_details[{absent}]")


def test_payers_outside_the_eea_give_their_address(client):
    assert refusal(method_of, client, GB).param == "billing_details[address][country]"
    place = {"country": "GB", "line1": "10 Downing Street"}
    assert method_of(client, GB, address=place).billing_details.address.country == "GB"


def test_raw_account_numbers_can_be_switched_off(sandbox, client):
    sandbox.control("settings", raw_iban=False)
    refusal(method_of, client)


@pytest.mark.parametrize("data", [ONLINE, OFFLINE])
def test_a_confirmed_setup_intent_gives_a_mandate_at_once(sandbox, client, data):
    intent = signed(client, mandate_data=data, expand=["mandate", "payment_method"])
    assert (intent.status, intent.next_action) == ("succeeded", None)
    assert intent.payment_method_types == SEPA
    assert intent.payment_method.customer == intent.customer
    mandate = intent.mandate
    kind = data["customer_acceptance"]["type"]
    assert (mandate.status, mandate.type, mandate.customer_acceptance.type) == (
        "active",
        "multi_use",
        kind,
    )
    assert "created" not in mandate
    details = mandate.payment_method_details.sepa_debit
    assert len(details.reference) == 16
    assert details.url.startswith("https://")
    if kind == "online":
        assert mandate.customer_acceptance.online.ip_address == "192.0.2.1"
    assert story(sandbox, "setup_intent", "payment_method") == [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


def test_an_intent_can_be_created_first_and_confirmed_later(client):
    customer = client.v1.customers.create({"name": "Paul"})
    intent = client.v1.setup_intents.create(
        {"customer": customer.id, "allowed_payment_method_types": SEPA}
    )
    assert intent.status == "requires_payment_method"
    error = refusal(client.v1.setup_intents.confirm, intent.id, {"mandate_data": ONLINE})
    assert error.code == "setup_intent_unexpected_state"
    method = method_of(client)
    updated = client.v1.setup_intents.update(intent.id, {"payment_method": method.id})
    assert updated.status == "requires_confirmation"
    confirmed = client.v1.setup_intents.confirm(intent.id, {"mandate_data": ONLINE})
    assert (confirmed.status, confirmed.payment_method) == ("succeeded", method.id)
    error = refusal(client.v1.setup_intents.cancel, intent.id)
    assert error.code == "setup_intent_unexpected_state"


def test_a_confirmation_without_acceptance_is_refused_and_leaves_nothing(sandbox, client):
    error = refusal(signed, client, mandate_data=None)
    assert (error.code, error.param) == ("parameter_missing", "mandate_data")
    assert sandbox.read("tables/setup_intents") == []
    error = refusal(client.v1.setup_intents.create, {"mandate_data": ONLINE})
    assert error.param == "mandate_data"


def test_online_acceptance_needs_its_proof(client):
    bare = {"customer_acceptance": {"type": "online"}}
    assert refusal(signed, client, mandate_data=bare).code == "parameter_missing"
    half = {"customer_acceptance": {"type": "online", "online": {"ip_address": "192.0.2.1"}}}
    error = refusal(signed, client, mandate_data=half)
    assert error.param == "mandate_data[customer_acceptance][online][user_agent]"


def test_the_date_of_acceptance_is_kept_and_cannot_be_in_the_future(client):
    def accepted(moment):
        return {"customer_acceptance": {"type": "offline", "accepted_at": moment}}

    intent = signed(client, mandate_data=accepted(1700000000), expand=["mandate"])
    assert intent.mandate.customer_acceptance.accepted_at == 1700000000
    error = refusal(signed, client, mandate_data=accepted(1900000000))
    assert error.param == "mandate_data[customer_acceptance][accepted_at]"


def test_offline_acceptance_can_be_switched_off(sandbox, client):
    sandbox.control("settings", offline_acceptance=False)
    refusal(signed, client, mandate_data=OFFLINE)


def test_the_reference_starts_with_the_prefix_and_has_24_characters(client):
    options = {"sepa_debit": {"mandate_options": {"reference_prefix": "VISION-42/"}}}
    intent = signed(client, payment_method_options=options, expand=["mandate"])
    reference = intent.mandate.payment_method_details.sepa_debit.reference
    assert reference.startswith("VISION-42/")
    assert len(reference) == 24


@pytest.mark.parametrize("prefix", ["vision", "-VISION", "STRIPE1", "VISION-123456", "VÉLO"])
def test_a_prefix_in_the_wrong_format_is_refused(sandbox, client, prefix):
    options = {"sepa_debit": {"mandate_options": {"reference_prefix": prefix}}}
    error = refusal(signed, client, payment_method_options=options)
    assert error.code == "invalid_mandate_reference_prefix_format"
    other = "invalid_sepa_mandate_reference_prefix_format"
    sandbox.control("settings", reference_prefix_code=other)
    assert refusal(signed, client, payment_method_options=options).code == other


def test_a_single_use_mandate_ends_with_its_debit(sandbox, client):
    seeded = signed_payer(client, single_use={"amount": 4990, "currency": "eur"})
    mandate = client.v1.mandates.retrieve(seeded["mandate"])
    assert (mandate.type, mandate.single_use.amount) == ("single_use", 4990)
    refusal(debit, client, seeded, amount=5000)
    assert debit(client, seeded).status == "processing"
    assert client.v1.mandates.retrieve(mandate.id).status == "inactive"
    assert refusal(debit, client, seeded).code == "payment_intent_mandate_invalid"


def test_an_account_without_sepa_debits_filters_them_out_silently(sandbox, client):
    sandbox.control("settings", sepa_debit_enabled=False)
    intent = client.v1.setup_intents.create({"allowed_payment_method_types": SEPA})
    assert intent.payment_method_types == []
    refusal(signed, client)
    account = client.v1.accounts.retrieve_current()
    assert account.capabilities.sepa_debit_payments == "inactive"


def test_allowed_types_exclude_the_other_ways_to_choose(client):
    params = {
        "allowed_payment_method_types": SEPA,
        "automatic_payment_methods": {"enabled": True},
    }
    assert refusal(client.v1.setup_intents.create, params).param == "automatic_payment_methods"


def test_detaching_ends_the_mandates_for_ever(sandbox, client):
    seeded = signed_payer(client)
    client.v1.payment_methods.detach(seeded["payment_method"])
    assert client.v1.mandates.retrieve(seeded["mandate"]).status == "inactive"
    assert story(sandbox)[-2:] == ["mandate.updated", "payment_method.detached"]
    attach = client.v1.payment_methods.attach
    refusal(attach, seeded["payment_method"], {"customer": seeded["customer"]})
    refusal(client.v1.payment_methods.detach, seeded["payment_method"])
    refusal(debit, client, seeded)


def test_a_method_belongs_to_one_customer(client):
    seeded = signed_payer(client)
    other = client.v1.customers.create({"name": "Other"})
    refusal(client.v1.payment_methods.attach, seeded["payment_method"], {"customer": other.id})
    again = client.v1.payment_methods.attach(
        seeded["payment_method"], {"customer": seeded["customer"]}
    )
    assert again.customer == seeded["customer"]
    refusal(client.v1.payment_methods.attach, seeded["payment_method"])


def test_deleting_a_customer_detaches_the_methods(sandbox, client):
    seeded = payer(sandbox)
    assert client.v1.customers.delete(seeded["customer"]).deleted is True
    assert client.v1.customers.retrieve(seeded["customer"]).deleted is True
    assert client.v1.mandates.retrieve(seeded["mandate"]).status == "inactive"
    refusal(debit, client, seeded)
    refusal(client.v1.customers.update, seeded["customer"], {"name": "Ghost"})
    assert client.v1.customers.list().data == []


def test_methods_are_listed_by_customer(sandbox, client):
    seeded, _other = payer(sandbox), payer(sandbox, number=2)
    params = {"customer": seeded["customer"], "type": "sepa_debit"}
    (method,) = client.v1.payment_methods.list(params).data
    assert method.id == seeded["payment_method"]
    (method,) = client.v1.customers.payment_methods.list(seeded["customer"]).data
    assert method.id == seeded["payment_method"]


def test_a_test_token_is_a_new_account_each_time(client):
    intent = signed(client, payment_method="pm_sepaDebit_success_fr", expand=["payment_method"])
    assert intent.payment_method.sepa_debit.last4 == "2606"
    assert signed(client, payment_method="pm_sepaDebit_success_fr").payment_method != (
        intent.payment_method.id
    )


def test_a_mandate_can_only_be_read(sandbox, client):
    seeded = payer(sandbox, mandate_id="mandate_1PaulDurand", reference="RUM-42")
    mandate = client.v1.mandates.retrieve("mandate_1PaulDurand", {"expand": ["payment_method"]})
    assert mandate.payment_method_details.sepa_debit.reference == "RUM-42"
    assert mandate.payment_method.id == seeded["payment_method"]
    assert not hasattr(client.v1.mandates, "list")
