"""What the real API refuses is refused, with its status, type and reason."""

import json

import gocardless_pro.errors as gc
import pytest

from .common import call, client_of, collect, iban, payer, signed_mandate


def error_of(answer):
    return answer.json()["error"]


def post_payment(sandbox, **values):
    return call(sandbox, "POST", "/payments", data=json.dumps({"payments": values}))


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic sandbox_dummy"])
def test_a_missing_or_unknown_token_is_401(sandbox, header):
    answer = call(sandbox, "GET", "/payments", headers={"Authorization": header})
    assert answer.status_code == 401
    assert error_of(answer)["type"] == "invalid_api_usage"
    with pytest.raises(gc.AuthenticationError):
        client_of(sandbox, "wrong").payments.list()


def test_a_read_only_token_cannot_write(sandbox):
    reader = client_of(sandbox, "sandbox_readonly")
    assert reader.customers.list().records == []
    with pytest.raises(gc.PermissionsError):
        reader.customers.create(params={"company_name": "ACME"})


@pytest.mark.parametrize("version", ["", "2014-01-01"])
def test_the_version_header_is_required(sandbox, version):
    answer = call(sandbox, "GET", "/payments", headers={"GoCardless-Version": version})
    assert answer.status_code == 400


@pytest.mark.parametrize("body", ["{", "[]", '{"mandates": {}}', '{"payments": []}'])
def test_a_body_without_its_envelope_is_400(sandbox, body):
    answer = call(sandbox, "POST", "/payments", data=body)
    assert answer.status_code == 400
    assert error_of(answer)["type"] == "invalid_api_usage"


def test_a_form_body_is_415(sandbox):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert call(sandbox, "POST", "/payments", headers=form, data="a=b").status_code == 415


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "4990"),
        ("amount", 49.9),
        ("amount", True),
        ("amount", 99),
        ("amount", 500_001),
        ("amount", None),
        ("currency", "GBP"),
        ("currency", "eur"),
        ("charge_date", "15/01/2026"),
        ("charge_date", "2026-01-07"),
        ("description", "x" * 101),
        ("reference", "my reference"),
        ("retry_if_possible", "yes"),
        ("metadata", {"a": "1", "b": "2", "c": "3", "d": "4"}),
        ("metadata", {"a": 1}),
        ("metadata", {"k" * 51: "1"}),
        ("metadata", {"a": "v" * 501}),
        ("links", {}),
        ("links", {"mandate": "MD1", "payer": "CU1"}),
        ("colour", "blue"),
    ],
)
def test_a_wrong_payment_is_422_and_creates_nothing(sandbox, field, value):
    mandate = payer(sandbox)
    values = {"amount": 4990, "currency": "EUR", "links": {"mandate": mandate}, field: value}
    answer = post_payment(sandbox, **values)
    assert answer.status_code == 422, answer.text
    error = error_of(answer)
    assert error["type"] == "validation_failed"
    assert error["errors"][0]["request_pointer"].startswith(f"/payments/{field}")
    assert sandbox.payments() == []


def test_the_errors_of_validation_can_be_shown_by_the_client(sandbox, client):
    with pytest.raises(gc.ValidationFailedError) as caught:
        collect(client, payer(sandbox), amount=1)
    assert "amount must be at least 100" in str(caught.value)


def test_an_unknown_resource_or_path_is_404(sandbox, client):
    for lookup in (client.payments, client.mandates, client.payouts, client.events):
        with pytest.raises(gc.InvalidApiUsageError) as caught:
            lookup.get("XX123")
        assert caught.value.code == 404
    assert call(sandbox, "GET", "/nothing").status_code == 404
    assert error_of(call(sandbox, "DELETE", "/payments"))["type"] == "invalid_api_usage"


def test_a_payment_on_an_unknown_mandate_is_404(client):
    with pytest.raises(gc.InvalidApiUsageError) as caught:
        collect(client, "MD000NONE")
    assert caught.value.errors[0]["reason"] == "link_not_found"


@pytest.mark.parametrize(
    "query", ["?colour=blue", "?created_at[gte]=yesterday", "?after=PM1", "?created_at=2026"]
)
def test_an_unknown_filter_is_400(sandbox, query):
    assert call(sandbox, "GET", "/payments" + query).status_code == 400


@pytest.mark.parametrize("limit", ["0", "501", "many"])
def test_a_limit_out_of_range_is_422(sandbox, limit):
    assert call(sandbox, "GET", f"/payments?limit={limit}").status_code == 422


def test_custom_pages_switched_off_forbid_accounts_and_mandates(sandbox, client):
    account = client.mandates.get(signed_mandate(client)).attributes["links"]
    sandbox.control("settings", custom_pages=False)
    with pytest.raises(gc.PermissionsError):
        client.mandates.create(
            params={"links": {"customer_bank_account": account["customer_bank_account"]}}
        )
    with pytest.raises(gc.PermissionsError):
        client.customer_bank_accounts.create(
            params={
                "iban": iban(9),
                "account_holder_name": "A",
                "links": {"customer": account["customer"]},
            }
        )


@pytest.mark.parametrize("value", ["FR7630006000011234567890188", "US123", 12, ""])
def test_an_invalid_iban_is_refused(client, value):
    customer = client.customers.create(params={"company_name": "ACME"})
    with pytest.raises(gc.ValidationFailedError) as caught:
        client.customer_bank_accounts.create(
            params={
                "iban": value,
                "account_holder_name": "ACME",
                "links": {"customer": customer.id},
            }
        )
    assert caught.value.errors[0]["field"] == "iban"


def test_the_same_account_twice_names_the_first(client):
    mandate = client.mandates.get(signed_mandate(client))
    with pytest.raises(gc.InvalidStateError) as caught:
        client.customer_bank_accounts.create(
            params={
                "iban": "FR14 2004 1010 0505 0001 3M02 606",
                "account_holder_name": "Martin",
                "links": {"customer": mandate.links.customer},
            }
        )
    assert caught.value.code == 409
    (error,) = caught.value.errors
    assert error["reason"] == "bank_account_exists"
    assert error["links"] == {"customer_bank_account": mandate.links.customer_bank_account}


@pytest.mark.parametrize(
    "values",
    [
        {"given_name": "Ada"},
        {"company_name": "ACME", "email": "no address"},
        {"company_name": "ACME", "language": "xx"},
        {"company_name": "ACME", "country_code": "France"},
        {"company_name": "ACME", "iban": "FR14"},
    ],
)
def test_a_wrong_customer_is_refused(client, values):
    with pytest.raises(gc.ValidationFailedError):
        client.customers.create(params=values)


def test_more_requests_than_the_limit_are_429(sandbox, client):
    sandbox.control("settings", rate_limit=3)
    with pytest.raises(gc.RateLimitError):
        for _request in range(12):
            client.customers.list()
    sandbox.control("settings", rate_limit=None)
    headers = call(sandbox, "GET", "/customers").headers
    assert int(headers["ratelimit-limit"]) == 1000
    assert headers["ratelimit-reset"].endswith("GMT")
