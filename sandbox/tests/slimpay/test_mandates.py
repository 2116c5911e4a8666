"""Mandates: import, search, document, bank account, end."""

import base64

import pytest

from sandbox.tests.common import iban

from .common import CORE, IBAN, collect, href, payer, signatory


def imported(client, **values):
    """The body of an import."""
    body = {
        "creditor": client.creditor,
        "subscriber": {"reference": "RP000123"},
        "reference": "OLDRUM-0007",
        "paymentScheme": CORE,
        "dateSigned": "2024-03-01T00:00:00.000+0100",
        "createSequenceType": "FRST",
        "signatory": signatory(bankAccount={"iban": IBAN}),
    }
    return body | values


def test_an_import_needs_an_account_that_may(client, settings):
    assert client.refusal("POST", "/mandates", json=imported(client))[:2] == (403, 902)
    settings(mandate_import=True)
    answer = client.send("POST", "/mandates", json=imported(client))
    assert answer.status_code == 201
    mandate = answer.json()
    assert (mandate["state"], mandate["reference"], mandate["rum"]) == (
        "active",
        "OLDRUM-0007",
        "OLDRUM-0007",
    )
    assert mandate["dateSigned"] == "2024-03-01T00:00:00.000+0100"
    assert client.get(href(mandate, "get-subscriber"))["reference"] == "RP000123"
    assert "bankAccount" not in client.get(href(mandate, "get-signatory"))
    assert collect(client, "OLDRUM-0007")["state"] == "accepted"
    assert client.refusal("POST", "/mandates", json=imported(client))[:2] == (400, 901)


SWISS = {"iban": "CH9300762011623852957"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": None},
        {"reference": "R" * 36},
        {"rum": "OLDRUM-0007"},
        {"dateSigned": None},
        {"dateSigned": "2026-01-06T00:00:00.000+0100"},
        {"dateSigned": "2024-03-01"},
        {"createSequenceType": "OTHER"},
        {"paymentScheme": "CARD"},
        {"subscriber": None},
        {"signatory": signatory()},
        {"signatory": signatory(bankAccount={"iban": "FR7612345"})},
        {"signatory": signatory(bankAccount=SWISS, billingAddress=None)},
    ],
)
def test_a_wrong_import_is_refused(sandbox, client, settings, wrong):
    settings(mandate_import=True)
    assert client.refusal("POST", "/mandates", json=imported(client, **wrong))[0] == 400
    assert sandbox.read("tables/mandates") == []


def test_one_mandate_is_read_by_id_or_reference(sandbox, client):
    reference = payer(sandbox)
    creditor = client.creditor["reference"]
    one = client.get("/mandates", creditorReference=creditor, reference=reference)
    assert one == client.get("/mandates", creditorReference=creditor, rum=reference)
    assert one == client.get("/mandates", id=one["id"])
    assert one == client.get(f"/mandates/{one['id']}")
    missing = client.send("GET", f"/mandates?creditorReference={creditor}&reference=none")
    assert missing.status_code == 404
    assert client.refusal("GET", f"/mandates?reference={reference}")[:2] == (400, 205)


def test_mandates_are_searched(sandbox, client):
    first = payer(sandbox, "Alice Martin", 1, subscriber="RP1", email="a@example.org")
    second = payer(sandbox, "Bob Durand", 2, subscriber="RP2", status="revoked")
    for query, expected in [
        ({}, [first, second]),
        ({"subscriberReference": "RP1"}, [first]),
        ({"mandateReference": second}, [second]),
        ({"state": "revoked"}, [second]),
        ({"iban": iban(1)}, [first]),
        ({"signatoryLastName": "Durand"}, [second]),
        ({"signatoryEmail": "a@example.org"}, [first]),
        ({"dateSignedAfter": "2026-01-06T00:00:00.000+0100"}, []),
        ({"paymentScheme": "SEPA.DIRECT_DEBIT.B2B"}, []),
    ]:
        found = client.search("/mandates", "mandates", **query)
        assert [line["reference"] for line in found] == expected, query
    subscribers = client.search("/subscribers", "subscribers", reference="RP2")
    assert [line["familyName"] for line in subscribers] == ["Durand"]


def test_a_mandate_is_revoked_once(sandbox, client):
    mandate = client.search("/mandates", "mandates", mandateReference=payer(sandbox))[0]
    revoked = client.post(href(mandate, "revoke-mandate"))
    assert revoked["state"] == "revoked"
    assert revoked["dateRevoked"]
    assert href(revoked, "revoke-mandate") is None
    assert href(revoked, "update-bank-account") is None
    assert client.refusal("POST", href(mandate, "revoke-mandate"))[:2] == (400, 902)


def test_the_bank_account_is_amended_and_its_history_kept(sandbox, client):
    mandate = client.search("/mandates", "mandates", mandateReference=payer(sandbox))[0]
    for body in ({"iban": "FR00"}, {}, {"iban": IBAN, "bic": "nonsense"}):
        assert (
            client.send("POST", href(mandate, "update-bank-account"), json=body).status_code == 400
        )
    changed = client.post(href(mandate, "update-bank-account"), {"iban": IBAN})
    assert (changed["bic"], changed["institutionName"]) == ("PSSTFRPPXXX", "LA BANQUE POSTALE")
    assert client.get(href(mandate, "get-bank-account"))["iban"] == IBAN
    url = href(mandate, "show-bank-accounts-history").replace("{?page,size}", "?size=10")
    accounts = client.get(url)["_embedded"]["bankAccounts"]
    assert [account["iban"] for account in accounts] == [iban(1), IBAN]
    assert client.get("/bank-accounts", id=accounts[0]["id"])["iban"] == iban(1)


def test_a_payer_who_moves_to_another_bank_is_followed_in_silence(sandbox, client):
    reference = payer(sandbox)
    sandbox.act("transfer", reference, IBAN)
    mandate = client.search("/mandates", "mandates", mandateReference=reference)[0]
    assert mandate["state"] == "active"
    assert client.get(href(mandate, "get-bank-account"))["iban"] == IBAN
    assert sandbox.events() == []


def test_the_document_is_a_pdf_inside_json(sandbox, client):
    mandate = client.search("/mandates", "mandates", mandateReference=payer(sandbox))[0]
    assert href(mandate, "get-document") == href(mandate, "get-binary-content")
    document = client.get(href(mandate, "get-document"))
    assert document["contentType"] == "application/pdf"
    content = base64.b64decode(document["content"])
    assert content.startswith(b"%PDF-1.4")
    assert mandate["reference"].encode() in content
    start = int(content.split(b"startxref\n")[1].split()[0])
    assert content[start:].startswith(b"xref")


@pytest.mark.parametrize(
    ("action", "state"),
    [("revoke", "revoked"), ("cancel", "revoked"), ("expire", "expired"), ("fail", "rejected")],
)
def test_mandates_end_without_the_merchant(sandbox, client, action, state):
    reference = payer(sandbox)
    sandbox.act(action, reference)
    found = client.search("/mandates", "mandates", state=state)
    assert [line["reference"] for line in found] == [reference]
