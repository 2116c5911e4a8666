"""Keys, versions, forms and parameters: what is refused before anything happens."""

import base64

import pytest
import stripe

from sandbox.stripe import forms
from sandbox.stripe.const import API_VERSION
from sandbox.stripe.errors import ApiError
from sandbox.stripe.params import named

from .common import call, client_of, debit_of, error_of, payer

DEBIT = "amount=4990&currency=eur"
INVALID = "invalid_request_error"


def test_the_version_is_the_one_of_the_installed_library():
    assert stripe.api_version == API_VERSION


def test_nested_keys_are_read_as_the_library_writes_them():
    text = "a[b][c]=1&list[0][x]=1&list[1][x]=2&short[]=p&short[]=q&accent=%C3%A9"
    assert forms.parse(text) == {
        "a": {"b": {"c": "1"}},
        "list": {"0": {"x": "1"}, "1": {"x": "2"}},
        "short": {"0": "p", "1": "q"},
        "accent": "é",
    }


@pytest.mark.parametrize("text", ["a=1&a[b]=2", "a[b]=2&a=1", "a=1&a=2", "[a]=1", "no form"])
def test_forms_that_contradict_themselves_are_refused(text):
    with pytest.raises(ApiError):
        forms.parse(text)


def test_texts_become_the_types_that_the_library_publishes():
    text = f"{DEBIT}&confirm=true&off_session=recurring&metadata[1]=x&expand[]=latest_charge"
    assert named("PaymentIntentCreateParams").read(forms.parse(text)) == {
        "amount": 4990,
        "currency": "eur",
        "confirm": True,
        "off_session": "recurring",
        "metadata": {"1": "x"},
        "expand": ["latest_charge"],
    }


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("currency=eur", "parameter_missing", "amount"),
        (f"{DEBIT}&colour=blue", "parameter_unknown", "colour"),
        (
            f"{DEBIT}&payment_method_options[sepa_debit][colour]=blue",
            "parameter_unknown",
            "payment_method_options[sepa_debit][colour]",
        ),
        ("amount=49.90&currency=eur", "parameter_invalid_integer", "amount"),
        ("amount=&currency=eur", "parameter_invalid_empty", "amount"),
        (f"{DEBIT}&capture_method=later", None, "capture_method"),
        (f"{DEBIT}&confirm=yes", None, "confirm"),
        (f"{DEBIT}&metadata=x", None, "metadata"),
        (f"{DEBIT}&customer[id]=x", None, "customer"),
        (f"{DEBIT}&allowed_payment_method_types[0]=cash", None, "allowed_payment_method_types[0]"),
        (
            f"{DEBIT}&payment_method_types[0]=sepa_debit",
            "payment_method_types_no_longer_supported",
            "payment_method_types",
        ),
        (f"{DEBIT}&application_fee_amount=5", "sandbox_not_offered", "application_fee_amount"),
        ("amount=49&currency=eur", "amount_too_small", "amount"),
        ("amount=100000000&currency=eur", "amount_too_large", "amount"),
        ("amount=4990&currency=usd", None, "currency"),
        (f"{DEBIT}&capture_method=manual", None, "capture_method"),
        (f"{DEBIT}&mandate=mandate_1", None, "mandate"),
        (f"{DEBIT}&customer=cus_1", "resource_missing", "customer"),
        (f"{DEBIT}&statement_descriptor=1234", None, "statement_descriptor"),
        (f"{DEBIT}&statement_descriptor=Dupont*fils", None, "statement_descriptor"),
        (f"{DEBIT}&statement_descriptor=123456", None, "statement_descriptor"),
    ],
)
def test_a_wrong_parameter_is_named_and_nothing_is_created(sandbox, body, code, param):
    answer = call(sandbox, "POST", "/v1/payment_intents", body)
    assert error_of(answer) == (400, INVALID, code, param)
    assert sandbox.payments() == []
    assert sandbox.events() == []


@pytest.mark.parametrize("path", ["/v1/setup_intents", "/v1/checkout/sessions"])
def test_payment_method_types_are_gone_everywhere(sandbox, path):
    answer = call(sandbox, "POST", path, "payment_method_types[]=sepa_debit")
    assert error_of(answer)[2] == "payment_method_types_no_longer_supported"


def test_the_envelope_tells_where_to_look(sandbox):
    answer = call(sandbox, "POST", "/v1/payment_intents", "currency=eur")
    error = answer.json()["error"]
    assert error["message"] == "Missing required param: amount."
    assert error["doc_url"].endswith("/error-codes/parameter-missing")
    assert error["request_log_url"].endswith(answer.headers["Request-Id"])


@pytest.mark.parametrize(
    "header", ["Bearer sk_test_other", "Basic c2tfdGVzdF94Og==", "Basic é", ""]
)
def test_an_unknown_key_is_refused(sandbox, header):
    answer = call(sandbox, "GET", "/v1/account", headers={"Authorization": header.encode()})
    assert error_of(answer)[:2] == (401, INVALID)


def test_a_key_may_come_as_the_user_of_basic_authentication(sandbox):
    header = "Basic " + base64.b64encode(f"{sandbox.token}:".encode()).decode()
    assert call(sandbox, "GET", "/v1/account", headers={"Authorization": header}).ok


def test_a_restricted_key_may_only_read(sandbox):
    client = client_of(sandbox, "rk_test_sandbox_readonly")
    assert client.v1.customers.list().data == []
    with pytest.raises(stripe.PermissionError):
        client.v1.customers.create({"name": "Paul"})


@pytest.mark.parametrize("version", ["", "2019-05-16", "2026-09-30.endive"])
def test_another_version_is_refused(sandbox, version):
    answer = call(sandbox, "GET", "/v1/account", headers={"Stripe-Version": version})
    assert error_of(answer)[:2] == (400, INVALID)


def test_json_bodies_are_refused(sandbox):
    headers = {"Content-Type": "application/json"}
    answer = call(sandbox, "POST", "/v1/customers", '{"name": "Paul"}', headers)
    assert error_of(answer)[:2] == (400, INVALID)
    assert sandbox.read("tables/customers") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/nothing"), ("GET", "/v1/payment_intents/search"), ("POST", "/v1/mandates")],
)
def test_unknown_paths_and_ids_are_404(sandbox, method, path):
    assert error_of(call(sandbox, method, path))[:2] == (404, INVALID)


def test_an_unknown_id_in_the_path_is_404_and_one_in_the_parameters_400(sandbox, client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.mandates.retrieve("mandate_1")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    seeded = payer(sandbox)
    params = debit_of(seeded, payment_method="pm_1")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.payment_intents.create(params)
    assert (caught.value.http_status, caught.value.param) == (400, "payment_method")
    assert caught.value.request_id.startswith("req_")


def test_requests_above_the_rate_are_429(sandbox, client):
    sandbox.control("settings", rate_limit=0)
    with pytest.raises(stripe.RateLimitError):
        client.v1.customers.list()


@pytest.mark.parametrize(
    ("metadata", "param"),
    [
        ({f"k{number}": "v" for number in range(51)}, "metadata"),
        ({"k" * 41: "v"}, f"metadata[{'k' * 41}]"),
        ({"k": "v" * 501}, "metadata[k]"),
        ({"k": {"nested": "v"}}, "metadata[k]"),
    ],
)
def test_metadata_are_limited(client, metadata, param):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.customers.create({"metadata": metadata})
    assert caught.value.param == param


def test_metadata_are_merged_key_by_key_and_emptied_by_an_empty_text(client):
    customer = client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})
    changed = client.v1.customers.update(customer.id, {"metadata": {"b": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"a": "1", "c": "3"}
    emptied = client.v1.customers.update(customer.id, {"metadata": ""})
    assert emptied.metadata.to_dict() == {}
