"""Debits: what is refused, how they live, how they are found."""

import pytest

from sandbox.testing import SandboxError

from .common import collect, debit, href, payer, sign_item, signed

PATCH = {"Content-Type": "application/merge-patch+json"}


def status(client, payment):
    """The status shown now."""
    return client.get(payment["_links"]["self"]["href"])["executionStatus"]


@pytest.fixture(autouse=True)
def lasting_tokens(settings):
    """These tests are not about tokens."""
    settings(token_clock="real")


def test_a_debit_is_answered_in_the_documented_shape(sandbox, client):
    payment = collect(client, payer(sandbox))
    assert payment["amount"] == "39.90"
    assert (payment["state"], payment["executionStatus"]) == ("accepted", "toprocess")
    assert (payment["direction"], payment["sequenceType"]) == ("IN", "RCUR")
    assert (payment["replayCount"], payment["confirmed"]) == (0, False)
    assert payment["executionDate"] == "2026-01-06T23:00:00.000+0000"
    assert payment["dateCreated"].startswith("2026-01-05T09:00:00.")
    for relation in ("get-creditor", "get-subscriber", "get-mandate", "patch-payment"):
        assert href(payment, relation)
    for side in ("debtor", "origin"):
        assert client.get(href(payment, f"get-{side}-bank-account"))["iban"].startswith("FR")
    assert "iban" not in client.get(href(payment, "get-destination-bank-account"))


@pytest.mark.parametrize(
    ("asked", "executed"),
    [
        (None, "2026-01-06T23:00:00.000+0000"),
        ("2026-01-20T00:00:00.000+0100", "2026-01-19T23:00:00.000+0000"),
        ("2026-01-19T23:00:00.000+0000", "2026-01-19T23:00:00.000+0000"),
        ("2026-07-15T00:00:00.000+0200", "2026-07-14T22:00:00.000+0000"),
        ("2026-01-17T00:00:00.000+0100", "2026-01-18T23:00:00.000+0000"),
        ("2026-04-03T00:00:00.000+0200", "2026-04-06T22:00:00.000+0000"),
        ("2026-01-05T00:00:00.000+0100", "2026-01-06T23:00:00.000+0000"),
    ],
)
def test_the_execution_date_is_a_midnight_of_paris_on_a_working_day(
    sandbox, client, asked, executed
):
    payment = collect(client, payer(sandbox), executionDate=asked)
    assert payment["executionDate"] == executed


def test_two_posts_make_two_payments_unless_the_account_says_otherwise(sandbox, client, settings):
    mandate = payer(sandbox)
    first, second = collect(client, mandate), collect(client, mandate)
    assert first["id"] != second["id"]
    found = client.search("/payments", "payments", reference="C0004202601")
    assert [line["id"] for line in found] == [first["id"], second["id"]]
    settings(unique_payment_references=True)
    refusal = client.refusal("POST", "/payments/in", json=debit(client, mandate))
    assert refusal[:2] == (400, 901)


def test_a_reference_left_open_is_made_of_the_date(sandbox, client):
    payment = collect(client, payer(sandbox), reference=None)
    assert payment["reference"].startswith("SDD-EXE-20260107-")


@pytest.mark.parametrize("amount", ["149.20000000000002", 149.20000000000002, "1.005"])
def test_an_amount_that_is_not_rounded_is_a_server_error(sandbox, client, amount):
    body = debit(client, payer(sandbox), amount=amount)
    expected = (500, 100, "Internal error : Rounding necessary")
    assert client.refusal("POST", "/payments/in", json=body) == expected


@pytest.mark.parametrize(
    ("amount", "shown"), [(10, "10.00"), (39.9, "39.90"), ("7.5", "7.50"), ("10.000", "10.00")]
)
def test_an_amount_is_text_or_a_number_and_comes_back_as_text(sandbox, client, amount, shown):
    assert collect(client, payer(sandbox), amount=amount)["amount"] == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": "-5.00"},
        {"amount": "5,00"},
        {"amount": True},
        {"amount": None},
        {"amount": "1" * 20},
        {"currency": "USD"},
        {"currency": ...},
        {"scheme": "SEPA.DIRECT_DEBIT.B2B"},
        {"scheme": "CARD"},
        {"scheme": ...},
        {"direction": "OUT"},
        {"reference": "INV/2026/0001"},
        {"reference": "R" * 36},
        {"reference": False},
        {"label": "L" * 141},
        {"label": "Échéance"},
        {"label": ""},
        {"executionDate": "2026-01-20"},
        {"executionDate": "2026-01-20T00:00:00.000+01:00"},
        {"executionDate": "2026-01-20T00:00:00+0100"},
        {"executionDate": "2026-01-04T00:00:00.000+0100"},
        {"creditor": ...},
        {"mandate": ...},
        {"mandate": {"reference": "unknown"}},
        {"mandate": {"id": "00001003-5a1d-11f0-8fd1-000000000000"}},
        {"subscriber": {"reference": "somebody-else"}},
    ],
)
def test_a_wrong_debit_is_refused(sandbox, client, wrong):
    body = debit(client, payer(sandbox)) | wrong
    body = {name: value for name, value in body.items() if value is not ...}
    assert client.refusal("POST", "/payments/in", json=body)[0] == 400
    assert sandbox.payments() == []


def test_what_the_documents_leave_open_can_be_loosened(sandbox, client, settings):
    settings(latin_labels=False, reference_pattern="[A-Za-z0-9/-]+", lead_days=1)
    payment = collect(client, payer(sandbox), label="Échéance", reference="INV/2026/0001")
    assert payment["executionDate"] == "2026-01-05T23:00:00.000+0000"
    settings(early_dates="refuse")
    early = debit(client, payer(sandbox), executionDate="2026-01-05T00:00:00.000+0100")
    assert client.refusal("POST", "/payments/in", json=early)[0] == 400


def test_a_subscriber_alone_is_debited_on_the_latest_active_mandate(sandbox, client):
    payer(sandbox, subscriber="RP1")
    latest = payer(sandbox, number=2, subscriber="RP1")
    payer(sandbox, number=3, subscriber="RP1", status="revoked")
    body = debit(client, None, subscriber={"reference": "RP1"})
    del body["mandate"]
    client.post("/payments/in", body)
    assert sandbox.payments()[0]["mandate"] == latest


@pytest.mark.parametrize("state", ["created", "waitingForValidation", "revoked", "expired"])
def test_only_an_active_mandate_is_debited(sandbox, client, settings, state):
    mandate = payer(sandbox, status=state)
    body = debit(client, mandate)
    assert client.refusal("POST", "/payments/in", json=body)[:2] == (400, 902)
    settings(refused_payment_state="refused")
    payment = client.post("/payments/in", body)
    assert (payment["state"], payment["executionStatus"]) == ("refused", "notprocessed")


def test_a_debit_goes_through_its_states_day_by_day(sandbox, client):
    payment = collect(client, payer(sandbox), executionDate="2026-01-15T00:00:00.000+0100")
    seen = {}
    for day in ("2026-01-13", "2026-01-14", "2026-01-15"):
        sandbox.advance(day)
        seen[day] = status(client, payment)
    assert list(seen.values()) == ["toprocess", "processing", "processed"]
    booked = client.get(f"/payments/{payment['id']}")
    assert booked["dateBooked"] == "2026-01-14T23:00:00.000+0000"
    assert booked["dateValued"] == "2026-01-15T23:00:00.000+0000"
    assert href(booked, "patch-payment") is None
    assert sandbox.balance()["collected"] == 3990


def test_the_link_to_cancel_is_the_permission(sandbox, client):
    mandate = payer(sandbox)
    soon = collect(client, mandate)
    assert href(soon, "cancel-payment") is None
    path = f"/payments/{soon['id']}/cancellation"
    assert client.refusal("POST", path)[:2] == (400, 902)
    later = collect(client, mandate, executionDate="2026-01-09T00:00:00.000+0100")
    cancelled = client.post(href(later, "cancel-payment"), {"returnReasonCode": "CUST"})
    assert cancelled["executionStatus"] == "notprocessed"
    sandbox.advance("2026-01-12")
    assert (status(client, soon), status(client, later)) == ("processed", "notprocessed")


def test_the_link_to_cancel_goes_away_three_working_days_before(sandbox, client):
    payment = collect(client, payer(sandbox), executionDate="2026-01-14T00:00:00.000+0100")
    sandbox.advance("2026-01-09")
    assert href(client.get(f"/payments/{payment['id']}"), "cancel-payment")
    sandbox.advance("2026-01-12")
    assert not href(client.get(f"/payments/{payment['id']}"), "cancel-payment")


def test_a_waiting_debit_can_be_amended(sandbox, client):
    payment = collect(client, payer(sandbox), executionDate="2026-01-14T00:00:00.000+0100")
    values = {"amount": "12.00", "executionDate": "2026-01-21T00:00:00.000+0100", "label": "Autre"}
    url = href(payment, "patch-payment")
    answer = client.send("PATCH", url, json=values | {"reference": "NEW1"}, headers=PATCH)
    assert answer.status_code == 200
    sandbox.advance("2026-01-14")
    assert status(client, payment) == "toprocess"
    (found,) = client.search("/payments", "payments", reference="NEW1")
    assert (found["amount"], found["label"]) == ("12.00", "Autre")
    assert client.search("/payments", "payments", reference="C0004202601") == []
    sandbox.advance("2026-01-21")
    assert sandbox.balance()["collected"] == 1200
    refusal = client.refusal("PATCH", url, json={"amount": "1.00"}, headers=PATCH)
    assert refusal[:2] == (400, 902)


@pytest.mark.parametrize(
    "values", [{}, {"amount": "1.005"}, {"mandate": "x"}, {"reference": "a/b"}]
)
def test_an_amendment_is_checked_like_a_creation(sandbox, client, values):
    url = href(collect(client, payer(sandbox)), "patch-payment")
    assert client.send("PATCH", url, json=values, headers=PATCH).status_code >= 400


def test_payments_are_searched_by_what_the_template_names(sandbox, client):
    first, second = payer(sandbox, subscriber="RP1"), payer(sandbox, number=2, subscriber="RP2")
    one = collect(client, first, reference="A1")
    two = collect(client, second, reference="A2", executionDate="2026-02-02T00:00:00.000+0100")
    sandbox.advance("2026-01-08")
    for query, expected in [
        ({"mandateReference": first}, [one]),
        ({"mandateReference": "none"}, []),
        ({"subscriberReference": "RP2"}, [two]),
        ({"executionStatus": "processed"}, [one]),
        ({"executionStatus": "toprocess", "direction": "IN"}, [two]),
        ({"executionDateAfter": "2026-02-01T23:00:00.000+0000"}, [two]),
        ({"executionDateBefore": "2026-02-01T00:00:00.000+0100"}, [one]),
        ({"currency": "EUR"}, [one, two]),
        ({"entityReference": "branch"}, []),
    ]:
        found = client.search("/payments", "payments", **query)
        assert [line["id"] for line in found] == [line["id"] for line in expected], query
    path = f"/payments?creditorReference={client.creditor['reference']}"
    for wrong in (
        "executionStatus=to_process",
        "executionDateAfter=2026-02-01",
        "size=0",
        "page=x",
    ):
        assert client.refusal("GET", f"{path}&{wrong}")[:2] == (400, 205)


def test_bounds_of_dates_are_included_unless_set_otherwise(sandbox, client, settings):
    payment = collect(client, payer(sandbox))
    query = {"executionDateAfter": payment["executionDate"]}
    assert len(client.search("/payments", "payments", **query)) == 1
    settings(inclusive_dates=False)
    assert client.search("/payments", "payments", **query) == []


def test_pages_are_linked_and_counted(sandbox, client, settings):
    mandate = payer(sandbox)
    made = [collect(client, mandate, reference=f"P{number}")["id"] for number in range(5)]
    creditor = client.creditor["reference"]
    page, seen = client.get("/payments", creditorReference=creditor, size=2), []
    assert page["page"] == {"size": 2, "totalElements": 5, "totalPages": 3, "number": 0}
    assert page["_links"]["search"]["templated"]
    while page:
        seen += [line["id"] for line in page["_embedded"]["payments"]]
        following = page["_links"].get("next")
        page = following and client.get(following["href"])
    assert seen == made
    beyond = client.get("/payments", creditorReference=creditor, page=9)
    assert "_embedded" not in beyond
    assert "page" not in client.get(
        "/payments", creditorReference=creditor, withPageMetadata="false"
    )
    settings(max_page_size=3)
    assert len(client.search("/payments", "payments", size=100)) == 3


def test_oddities_of_collections_can_be_switched_on(sandbox, client, settings):
    collect(client, payer(sandbox))
    settings(single_object=True, partial_embedded=True)
    page = client.get("/payments", creditorReference=client.creditor["reference"])
    alone = page["_embedded"]["payments"]
    assert set(alone) == {"_links", "id", "reference", "state", "executionStatus"}
    collect(client, payer(sandbox))
    settings(next_is_self=True)
    page = client.get("/payments", creditorReference=client.creditor["reference"], size=1)
    assert page["_links"]["next"] == page["_links"]["self"]


def test_a_one_off_mandate_is_debited_once(sandbox, client, settings):
    closed = signed(sandbox, client, sign_item(createSequenceType="OOFF"))
    mandate = client.get(href(closed, "get-mandate"))["reference"]
    assert collect(client, mandate)["sequenceType"] == "OOFF"
    assert client.refusal("POST", "/payments/in", json=debit(client, mandate))[1] == 902


def test_a_status_without_definition_can_be_shown(sandbox, client):
    payment = collect(client, payer(sandbox))
    sandbox.act("set_status", payment["id"], "transformed")
    sandbox.advance("2026-01-20")
    assert status(client, payment) == "transformed"
    with pytest.raises(SandboxError):
        sandbox.act("set_status", payment["id"], "done")
