"""Orders: the checkout, its ends, and what is refused."""

import base64

import pytest

from sandbox.testing import SandboxError

from .common import (
    BACK,
    CORE,
    IBAN,
    debit,
    href,
    order,
    payer,
    sign_item,
    signatory,
    signed,
)


def page(client, url):
    """The hosted page as a browser without a token sees it."""
    return client.send("GET", url, headers={"Accept": "text/html"}, allow_redirects=False)


def payin(client, **values):
    """An order's item that debits."""
    body = debit(client, None, creditor=..., direction="IN", **values)
    del body["mandate"]
    return {"type": "payment", "action": "create", "payin": body}


def test_a_new_order_is_open_and_leads_to_the_checkout(client):
    answer = client.send("POST", "/orders", json=order(client))
    created = answer.json()
    assert answer.status_code == 201
    assert "JSESSIONID" in answer.headers["set-cookie"]
    assert created["state"] == "open.running"
    assert (created["reference"], created["started"]) == ("S00042-1", True)
    for relation in ("user-approval", "cancel-order", "get-subscriber", "get-order-items"):
        assert href(created, relation)
    assert created["_links"]["https://api.slimpay.net/alps#extended-user-approval"]["templated"]
    assert href(created, "get-mandate") is None
    assert client.get(href(created, "get-subscriber"))["reference"] == "RP000123"
    items = client.get(href(created, "get-order-items"))["_embedded"]["orderItems"]
    assert [item["type"] for item in items] == ["signMandate"]


def test_the_payer_signs_in_french_and_is_sent_back(sandbox, client):
    created = client.post("/orders", order(client))
    url = href(created, "user-approval")
    shown = page(client, url)
    assert "Mandat de prélèvement SEPA" in shown.text
    assert 'value="Martin"' in shown.text
    assert sandbox.sign(url, iban=IBAN) == BACK["successUrl"]
    closed = client.get(f"/orders/{created['id']}")
    assert (closed["state"], closed["mandateReused"]) == ("closed.completed", False)
    assert closed["dateClosed"]
    for relation in ("user-approval", "extended-user-approval", "cancel-order"):
        assert href(closed, relation) is None
    mandate = client.get(href(closed, "get-mandate"))
    assert (mandate["state"], mandate["paymentScheme"]) == ("active", CORE)
    assert client.get(href(mandate, "get-bank-account"))["iban"] == IBAN
    assert page(client, url).status_code == 410


def test_the_payer_may_correct_the_name_but_not_sign_without_an_iban(sandbox, client):
    created = client.post("/orders", order(client))
    url = href(created, "user-approval")
    for form in ({"iban": "FR00"}, {}, {"iban": IBAN, "family_name": "M4rtin"}):
        with pytest.raises(SandboxError, match="422"):
            sandbox.sign(url, **form)
    sandbox.sign(url, iban=IBAN, family_name="Durand")
    mandate = client.get(href(client.get(f"/orders/{created['id']}"), "get-mandate"))
    assert client.get(href(mandate, "get-signatory"))["familyName"] == "Durand"


def test_the_payer_gives_up(client):
    created = client.post("/orders", order(client))
    url = href(created, "user-approval").replace("/userApproval", "/userApproval/abort")
    left = page(client, url)
    assert (left.status_code, left.headers["location"]) == (303, BACK["cancelUrl"])
    closed = client.get(f"/orders/{created['id']}")
    assert closed["state"] == "closed.aborted.aborted_byclient"
    assert href(closed, "user-approval") is None


def test_the_merchant_cancels(client):
    created = client.post("/orders", order(client))
    cancelled = client.post(href(created, "cancel-order"))
    assert cancelled["state"] == "closed.aborted.aborted_byclient"
    assert client.refusal("POST", href(created, "cancel-order"))[:2] == (400, 902)


def test_an_order_that_nobody_completes_ends_after_60_days(sandbox, client, settings):
    settings(order_error_property="error", token_clock="real")
    created = client.post("/orders", order(client))
    sandbox.control("advance", days=59)
    assert client.get(f"/orders/{created['id']}")["state"] == "open.running"
    sandbox.control("advance", days=1)
    closed = client.get(f"/orders/{created['id']}")
    assert closed["state"] == "closed.aborted.aborted_byserver"
    assert closed["error"]["code"] == 120


def test_the_checkout_link_is_short_lived_and_renewed_by_reading_the_order(
    sandbox, client, settings
):
    settings(token_clock="real")
    created = client.post("/orders", order(client))
    old = href(created, "user-approval")
    assert href(client.get(f"/orders/{created['id']}"), "user-approval") == old
    sandbox.control("advance", days=1)
    assert page(client, old).status_code == 410
    new = href(client.get(f"/orders/{created['id']}"), "user-approval")
    assert new != old
    assert page(client, old).status_code == 404
    assert page(client, new).status_code == 200


def test_an_order_that_is_not_started_cannot_be_signed(client):
    created = client.post("/orders", order(client, started=False))
    assert created["state"] == "open.not_running.not_started"
    assert page(client, href(created, "user-approval")).status_code == 409


def test_the_app_has_a_return_url_and_perhaps_a_reference_in_it(sandbox, client, settings):
    settings(return_url="http://merchant.example/back", order_reference_in_return=True)
    none = dict.fromkeys(BACK)
    created = client.post("/orders", order(client, **none))
    back = sandbox.sign(href(created, "user-approval"), iban=IBAN)
    assert back == "http://merchant.example/back?order_reference=S00042-1"


def test_a_used_reference_is_a_duplicate_order_even_after_a_failure(client, settings):
    created = client.post("/orders", order(client))
    client.post(href(created, "cancel-order"))
    status, code, message = client.refusal("POST", "/orders", json=order(client))
    assert (status, code) == (400, 901)
    assert message.startswith("Duplicate order")
    settings(duplicate_order_status=409, duplicate_order_code=301)
    assert client.refusal("POST", "/orders", json=order(client))[:2] == (409, 301)


def test_orders_are_read_by_reference_alone_or_searched(client):
    creditor = client.creditor["reference"]
    first = client.post("/orders", order(client))
    client.post("/orders", order(client, reference="S00042-2"))
    one = client.get("/orders", creditorReference=creditor, reference="S00042-1")
    assert one["id"] == first["id"]
    path = f"/orders?creditorReference={creditor}&reference=none"
    assert client.send("GET", path).status_code == 404
    found = client.search("/orders", "orders", state="open.running", page="0")
    assert [line["reference"] for line in found] == ["S00042-1", "S00042-2"]
    assert client.search("/orders", "orders", state="closed.completed") == []
    assert client.refusal("GET", f"/orders?creditorReference={creditor}&state=done")[1] == 205


def test_a_first_debit_is_made_when_the_payer_signs(sandbox, client):
    item = payin(client, executionDate="2026-01-20T00:00:00.000+0100")
    closed = signed(sandbox, client, sign_item(), item)
    payment = client.get(href(closed, "get-payment"))
    assert (payment["amount"], payment["executionStatus"]) == ("39.90", "toprocess")
    assert payment["executionDate"] == "2026-01-19T23:00:00.000+0000"
    assert client.get(href(payment, "get-mandate"))["id"] in href(closed, "get-mandate")


def test_a_mandate_may_bear_the_merchants_reference_or_wait_for_it(sandbox, client):
    closed = signed(sandbox, client, sign_item(reference="CONTRAT-42"))
    assert client.get(href(closed, "get-mandate"))["rum"] == "CONTRAT-42"
    taken = order(client, sign_item(reference="CONTRAT-42"), reference="S2")
    assert client.refusal("POST", "/orders", json=taken)[1] == 901
    item = sign_item() | {"autoGenReference": False}
    closed = signed(sandbox, client, item, reference="S3")
    waiting = client.get(href(closed, "get-mandate"))
    assert (waiting["state"], "reference" in waiting) == ("waitingForReference", False)
    headers = {"Content-Type": "application/merge-patch+json"}
    answer = client.send(
        "PATCH", href(waiting, "patch-mandate"), data='{"reference": "OWN-1"}', headers=headers
    )
    assert (answer.json()["state"], answer.json()["reference"]) == ("active", "OWN-1")


def test_an_amendment_keeps_the_mandate_and_changes_the_account(sandbox, client):
    mandate = payer(sandbox, subscriber="RP000123")
    item = {
        "type": "signMandate",
        "action": "amendBankAccount",
        "mandate": {"reference": mandate},
    }
    closed = signed(sandbox, client, item)
    assert closed["mandateReused"] is True
    amended = client.get(href(closed, "get-mandate"))
    assert amended["reference"] == mandate
    assert client.get(href(amended, "get-bank-account"))["iban"] == IBAN
    other = order(client, item, reference="S2", subscriber={"reference": "RP999"})
    assert client.refusal("POST", "/orders", json=other)[:2] == (400, 902)


def test_the_checkout_may_be_embedded(client):
    created = client.post("/orders", order(client))
    url = href(created, "extended-user-approval").replace("{?mode}", "?mode=iframepopin")
    frame = base64.b64decode(client.get(url)["content"]).decode()
    assert frame.startswith("<iframe")
    assert href(created, "user-approval") in frame


ADDRESS = signatory()["billingAddress"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"givenName": ""}, 123),
        ({"givenName": None}, 123),
        ({"givenName": "A" * 33}, 123),
        ({"familyName": "Martin2"}, 124),
        ({"familyName": "Martin/Durand"}, 124),
        ({"familyName": "ISSUE-SEPA-REJ-AM"}, None),
        ({"familyName": "ISSUE-SEPA-REJ-AM04"}, None),
        ({"honorificPrefix": "Dr"}, 122),
        ({"email": "nobody"}, 125),
        ({"telephone": "0600000000"}, 127),
        ({"telephone": "+336000000001234567"}, 127),
        ({"companyName": False}, 901),
        ({"companyName": "ACME", "givenName": "-", "familyName": "-"}, None),
        ({"billingAddress": ADDRESS | {"postalCode": "7500"}}, 128),
        ({"billingAddress": ADDRESS | {"city": None}}, 129),
        ({"billingAddress": ADDRESS | {"country": "France"}}, 901),
        ({"bankAccount": {"iban": "FR00"}}, 901),
        ({"bankAccount": {"iban": IBAN, "bic": "CMCIFR2AXXX"}}, 901),
        ({"bankAccount": {"iban": IBAN}}, None),
    ],
)
def test_the_signatory_is_checked_with_a_code_for_each_property(client, wrong, code):
    body = order(client, sign_item(signatory(**wrong)))
    answer = client.send("POST", "/orders", json=body)
    if code is None:
        assert answer.status_code == 201, answer.text
    else:
        assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "R" * 41},
        {"reference": ""},
        {"locale": "fr_FR"},
        {"started": "yes"},
        {"paymentScheme": "SEPA"},
        {"paymentScheme": "CARD"},
        {"subscriber": None},
        {"subscriber": {"reference": "R" * 36}},
        {"items": []},
        {"items": [{"type": "cardAlias"}]},
        {"items": [{"type": "signMandate"}]},
        {"items": [sign_item(), sign_item()]},
        {"items": [sign_item(action="sign")]},
        {"items": [sign_item(createSequenceType="OFF")]},
        {"successUrl": "merchant.example"},
        {"notifyUrl": "https://merchant.example"},
    ],
)
def test_a_wrong_order_is_refused_and_burns_no_reference(client, wrong):
    assert client.refusal("POST", "/orders", json=order(client) | wrong)[0] == 400
    assert client.post("/orders", order(client))["state"] == "open.running"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"amount": "1.005"}, (500, 100)),
        ({"amount": 0}, (400, 901)),
        ({"reference": "a/b"}, (400, 901)),
        ({"notifyUrl": "https://merchant.example"}, (400, 901)),
        ({"scheme": "SEPA.DIRECT_DEBIT.B2B"}, (400, 901)),
    ],
)
def test_a_first_debit_is_checked_with_the_order(client, wrong, expected):
    body = order(client, sign_item(), payin(client, **wrong))
    assert client.refusal("POST", "/orders", json=body)[:2] == expected


def test_a_debit_alone_needs_a_mandate_of_the_subscriber(sandbox, client):
    body = order(client, payin(client))
    assert client.refusal("POST", "/orders", json=body)[:2] == (400, 902)
    payer(sandbox, subscriber="RP000123")
    closed = signed(sandbox, client, payin(client))
    assert closed["mandateReused"] is True
    assert href(closed, "get-payment")


def test_the_control_api_signs_and_aborts(sandbox, client):
    for number, (action, state) in enumerate(
        [
            ("sign", "closed.completed"),
            ("abort", "closed.aborted.aborted_byclient"),
            ("abort_by_server", "closed.aborted.aborted_byserver"),
        ]
    ):
        created = client.post("/orders", order(client, reference=f"S{number}"))
        sandbox.act(action, created["id"])
        assert client.get(f"/orders/{created['id']}")["state"] == state
        with pytest.raises(SandboxError):
            sandbox.act(action, created["id"])
