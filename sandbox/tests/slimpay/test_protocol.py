"""Tokens, representations and errors."""

import json

import pytest

from .common import ACCEPT, RELATION, Client, collect, debit, expand, order, payer


def test_a_token_lives_998_seconds_of_the_simulated_clock(sandbox, client):
    granted = client.authorise().json()
    assert (granted["token_type"], granted["expires_in"], granted["scope"]) == (
        "bearer",
        998,
        "api",
    )
    assert client.send("GET", "/").status_code == 200
    sandbox.control("advance", days=1)
    answer = client.send("GET", "/")
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_token"
    assert "code" not in answer.json()


def test_tokens_can_be_ended_at_once(sandbox, client):
    sandbox.act("expire", "tokens")
    assert client.send("GET", "/").json()["error"] == "invalid_token"
    assert Client(sandbox).send("GET", "/").status_code == 200


def test_tokens_may_follow_the_real_clock(sandbox, client, settings):
    settings(token_clock="real", token_seconds=0)
    assert client.send("GET", "/").status_code == 200
    sandbox.control("advance", days=1)
    assert client.send("GET", "/").status_code == 200
    assert Client(sandbox).send("GET", "/").status_code == 401


@pytest.mark.parametrize(
    ("status", "options"),
    [
        (401, {"secret": "wrong"}),
        (400, {"data": {"grant_type": "password", "scope": "api"}}),
        (400, {"data": {"grant_type": "client_credentials", "scope": "api_admin"}}),
        (400, {"data": {}, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}),
        (415, {"data": "{}", "headers": {"Content-Type": "application/json"}}),
        (406, {"headers": {"Accept": ACCEPT}}),
    ],
)
def test_a_token_is_given_only_for_a_right_request(client, status, options):
    answer = client.authorise(**options)
    assert answer.status_code == status
    assert answer.json().keys() == {"error", "error_description"}


def test_the_scope_may_be_left_out(client):
    data = {"grant_type": "client_credentials"}
    assert client.authorise(data=data).json()["scope"] == "api"


@pytest.mark.parametrize("given", ["", "Basic YTpi", "Bearer made-up"])
def test_nothing_works_without_a_token(client, given):
    answer = client.send("GET", "/", headers={"Authorization": given})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/hal+json", ACCEPT.replace("v1", "v2")]
)
def test_the_representation_must_be_asked_for_with_its_profile(client, accept):
    refusal = client.refusal("GET", "/", headers={"Accept": accept})
    assert refusal == (406, 906, "Could not find acceptable representation")


def test_the_profile_may_come_in_a_header_of_its_own_when_tolerated(client, settings):
    headers = {"Accept": "application/hal+json", "profile": "https://api.slimpay.net/alps/v1"}
    assert client.send("GET", "/", headers=headers).status_code == 406
    settings(profile_header=True)
    assert client.send("GET", "/", headers=headers).status_code == 200


def test_the_entry_point_lists_templates_on_its_own_host(sandbox, client):
    answer = client.send("GET", "/")
    links = answer.json()["_links"]
    assert answer.headers["content-type"].startswith("application/hal+json")
    assert answer.headers["etag"]
    assert len(links) == 56
    assert all(link["href"].startswith(sandbox.url + "/") for link in links.values())
    search = links[RELATION + "search-payment-issues"]
    assert search["templated"] is True
    query = {"creditorReference": client.creditor["reference"], "executionStatus": "toprocess"}
    assert client.send("GET", expand(search["href"], **query)).status_code == 200
    assert "templated" not in links[RELATION + "create-payins"]


def test_another_creditor_is_not_ours(sandbox, client):
    other = {"reference": "somebody"}
    expected = (403, 904, "Access denied : cannot access creditor somebody")
    assert client.refusal("GET", "/creditors?reference=somebody") == expected
    body = debit(client, payer(sandbox), creditor=other)
    assert client.refusal("POST", "/payments/in", json=body) == expected
    body = order(client, creditor=other)
    assert client.refusal("POST", "/orders", json=body) == expected
    own = client.get("/creditors", reference=client.creditor["reference"])
    assert own["reference"] == client.creditor["reference"]


@pytest.mark.parametrize(
    "path", ["/payments", "/payment-issues", "/orders", "/mandates", "/balances"]
)
def test_a_search_names_its_creditor(client, path):
    status, code, message = client.refusal("GET", path)
    assert (status, code) == (400, 205)
    assert "missing query parameters" in message


def test_unknown_query_parameters_are_refused_or_as_in_reality_ignored(client, settings):
    path = f"/payments?creditorReference={client.creditor['reference']}&subcriberReference=X"
    assert client.refusal("GET", path)[:2] == (400, 205)
    settings(strict=False)
    assert client.send("GET", path).status_code == 200


def test_unknown_properties_are_refused_or_dropped(sandbox, client, settings):
    body = debit(client, payer(sandbox), notifyUrl="https://example.com")
    assert client.refusal("POST", "/payments/in", json=body) == (
        400,
        901,
        "Invalid notifyUrl property: unknown property",
    )
    settings(strict=False)
    assert client.post("/payments/in", body)["state"] == "accepted"


@pytest.mark.parametrize("shape", ["code", "empty", "html"])
def test_the_body_of_a_404_is_a_setting(client, settings, shape):
    settings(not_found_body=shape)
    for path in ("/payments/none", "/nowhere", "/orders/none", "/payment-issues/none"):
        answer = client.send("GET", path)
        assert answer.status_code == 404
        if shape == "code":
            assert answer.json()["code"] == 404
        else:
            assert answer.text == {"empty": "", "html": "<h1>404</h1>"}[shape]


def test_wrong_methods_and_content_types_have_code_906(sandbox, client):
    assert client.refusal("DELETE", "/orders")[:2] == (405, 906)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = json.dumps(debit(client, payer(sandbox)))
    refusal = client.refusal("POST", "/payments/in", data=body, headers=headers)
    assert refusal[:2] == (415, 906)


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"'])
def test_a_body_is_a_json_object(client, body):
    headers = {"Content-Type": "application/json"}
    assert client.refusal("POST", "/payments/in", data=body, headers=headers)[0] == 400


def test_a_created_resource_has_a_location(sandbox, client):
    answer = client.send("POST", "/payments/in", json=debit(client, payer(sandbox)))
    assert answer.status_code == 201
    assert answer.headers["location"] == answer.json()["_links"]["self"]["href"]
    assert client.get(answer.headers["location"]) == answer.json()


@pytest.mark.parametrize(
    ("kind", "status", "executed"), [("429", 429, 0), ("500", 500, 0), ("504", 504, 1)]
)
def test_faults_answer_in_slimpays_way(sandbox, client, kind, status, executed):
    mandate = payer(sandbox)
    sandbox.fault(kind, method="POST", path="^/payments/in$")
    answer = client.send("POST", "/payments/in", json=debit(client, mandate))
    assert answer.status_code == status
    assert len(sandbox.payments()) == executed
    if kind != "504":
        assert answer.json()["code"] == 100


def test_ids_are_uuids_of_version_1_and_the_same_on_every_run(sandbox, client):
    def play():
        sandbox.reset()
        return collect(Client(sandbox), payer(sandbox))["id"]

    first = play()
    assert (len(first), first[14], first[-12:]) == (36, "1", "0" * 12)
    assert play() == first
