"""Refunds, balances, reports, statements, seeding and the control API."""

import base64
import csv
import io

import pytest

from sandbox.testing import SandboxError, running
from sandbox.tests.common import iban

from .common import Client, collect, href, order, payer


@pytest.fixture(autouse=True)
def lasting_tokens(settings):
    """These tests are not about tokens."""
    settings(token_clock="real")


def refund(client, mandate, amount="10.00", **values):
    """The body of a refund."""
    return {
        "creditor": client.creditor,
        "mandate": {"reference": mandate},
        "reference": "RFC0004",
        "amount": amount,
        "currency": "EUR",
        "scheme": "SEPA.CREDIT_TRANSFER",
        "label": "Remboursement C00042",
        "executionDate": None,
        "correlationId": "C0004202601",
        **values,
    }


def test_a_refund_is_a_transfer_of_its_own(sandbox, client):
    mandate = payer(sandbox)
    debited = collect(client, mandate)
    sandbox.advance("2026-01-14")
    made = client.post("/payments/out", refund(client, mandate))
    assert (made["direction"], made["category"]) == ("OUT", "refund")
    assert href(made, "cancel-payment") is None
    assert client.get(href(made, "get-refunded-payment"))["id"] == debited["id"]
    refunds = client.get(href(client.get(f"/payments/{debited['id']}"), "get-refunds"))
    assert [line["id"] for line in refunds["_embedded"]["payments"]] == [made["id"]]
    sandbox.advance("2026-01-15")
    found = client.search("/payments", "payments", direction="OUT")
    assert found[0]["executionStatus"] == "processed"
    assert sandbox.balance()["refunded"] == 1000
    assert sandbox.balance()["balance"] == 2990


def test_no_more_is_refunded_than_was_debited_and_is_there(sandbox, client, settings):
    mandate, other = payer(sandbox), payer(sandbox, number=2)
    collect(client, mandate)
    body = refund(client, mandate)
    assert client.refusal("POST", "/payments/out", json=body)[:2] == (400, 902)
    sandbox.advance("2026-01-08")
    assert client.refusal("POST", "/payments/out", json=refund(client, mandate, "39.91"))[1] == 902
    assert client.refusal("POST", "/payments/out", json=refund(client, other))[1] == 902
    settings(refund_wait_days=5)
    assert client.refusal("POST", "/payments/out", json=body)[1] == 902
    sandbox.advance("2026-01-14")
    client.post("/payments/out", body)
    settings(floor=0, payouts="daily")
    sandbox.advance("2026-01-15")
    assert sandbox.balance()["waiting"] == 0
    message = client.refusal("POST", "/payments/out", json=refund(client, mandate, "5.00"))[2]
    assert message == "The available funds are not sufficient"


def test_refunds_made_count_against_what_was_debited(sandbox, client):
    mandate = payer(sandbox)
    collect(client, mandate)
    collect(client, payer(sandbox, number=2))
    sandbox.advance("2026-01-08")
    client.post("/payments/out", refund(client, mandate, "39.00"))
    message = client.refusal("POST", "/payments/out", json=refund(client, mandate, "0.91"))[2]
    assert message == "The amount exceeds what was debited from this account"
    assert client.post("/payments/out", refund(client, mandate, "0.90"))["amount"] == "0.90"


@pytest.mark.parametrize("outcome", ["late:MS03", "chargeback:MD06", "failed:AM04"])
def test_what_came_back_is_not_refunded_again(sandbox, client, outcome):
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, outcome)
    collect(client, mandate)
    sandbox.advance("2026-02-20")
    collect(client, payer(sandbox, number=2))
    sandbox.advance("2026-02-25")
    assert client.refusal("POST", "/payments/out", json=refund(client, mandate))[1] == 902


def test_money_is_transferred_on_fridays_above_the_floor(sandbox, client, settings):
    settings(floor=1000)
    collect(client, payer(sandbox))
    sandbox.advance("2026-01-08")
    assert sandbox.balance()["waiting"] == 3970
    sandbox.advance("2026-01-09")
    totals = sandbox.balance()
    assert (totals["waiting"], totals["paid_out"], totals["fees"]) == (1000, 2970, 20)
    (balance,) = client.search("/balances", "balances")
    assert (balance["availableFunds"], balance["currency"]) == ("10.00", "EUR")


def test_a_report_counts_debits_and_issues(sandbox, client):
    collect(client, payer(sandbox, "Late A"))
    collect(client, payer(sandbox, "Penniless B", 2))
    sandbox.advance("2026-01-20")
    query = {"creditorReference": client.creditor["reference"]}
    report = client.get("/reports", **query)
    assert report["directDebits"] == {"totalAmount": "39.90", "totalNumber": 1}
    assert report["directDebitIssues"]["rejects"]["totalNumber"] == 1
    assert report["directDebitIssues"]["returns"]["totalAmount"] == "39.90"
    empty = client.get("/reports", **query, dateFrom="2026-02-01T00:00:00.000+0100")
    assert empty["directDebits"]["totalNumber"] == 0


def statements(client):
    """The lines of each statement."""
    found = []
    for file in client.search("/files", "files", category="ACCOUNT_STATEMENT"):
        content = base64.b64decode(client.get(href(file, "get-binary-content"))["content"])
        found.append(list(csv.reader(io.StringIO(content.decode()), delimiter=";")))
    return found


@pytest.mark.parametrize(
    ("locale", "title", "amount"), [("fr", "CodeOP", "39,90"), ("en", "OP_Code", "39.90")]
)
def test_each_day_with_movements_has_a_statement(sandbox, client, settings, locale, title, amount):
    settings(statement_locale=locale, fee_issue=100)
    collect(client, payer(sandbox, "Late A", subscriber="RP1"))
    sandbox.advance("2026-01-20")
    first, second = statements(client)
    assert first[0][5] == title
    assert len(first[0]) == 14
    lines = first[5:7]
    assert [line[5] for line in lines] == ["SDD", "FEE-SDD"]
    assert lines[0][2:5] == ["C0004202601", "RP1", "Late A"]
    assert lines[0][6] == amount
    assert len(lines[0]) == len(lines[1]) + 1
    returned, fee = second[5:7]
    assert (returned[5], fee[5]) == ("RET", "FEE-RET")
    assert returned[10] == "R-Transaction : MS03 - Reason not specified"
    assert returned[12] == "C0004202601"
    assert second[3][1] == first[9][1]


def test_payers_are_seeded_with_chosen_ids(sandbox, client):
    identity = "12345678-0000-11f0-8fd1-000000000000"
    (seeded,) = sandbox.seed(
        [
            {
                "company": "ACME",
                "iban": iban(1),
                "subscriber": "RP1",
                "mandate_id": identity,
                "reference": "RUM-1",
            }
        ]
    )
    assert (seeded["customer"], seeded["mandate"], seeded["reference"]) == (
        "RP1",
        identity,
        "RUM-1",
    )
    mandate = client.get(f"/mandates/{identity}")
    assert client.get(href(mandate, "get-signatory"))["companyName"] == "ACME"
    sandbox.plan({"customer_name": "acme"}, "failed:AM04")
    collect(client, "RUM-1")
    sandbox.advance("2026-01-10")
    assert sandbox.payments(mandate="RUM-1")[0]["status"] == "rejected"


@pytest.mark.parametrize(
    "entry",
    [
        {"name": "A B", "iban": "FR00"},
        {"iban": iban(1)},
        {"name": "A B", "iban": iban(1), "colour": "blue"},
        {"name": "A B", "iban": iban(1), "reference": "RUM-1"},
        {"name": "A B", "iban": iban(1), "mandate_id": "MD000ABC"},
        {"name": "A B", "iban": iban(1), "status": "signed"},
    ],
)
def test_a_wrong_import_changes_nothing(sandbox, entry):
    payer(sandbox, reference="RUM-1")
    with pytest.raises(SandboxError):
        sandbox.seed([{"name": "C D", "iban": iban(5)}, entry])
    assert len(sandbox.read("tables/mandates")) == 1


@pytest.mark.parametrize("kind", ["mandate", "id", "iban", "customer", "customer_name", "any"])
def test_a_rule_finds_its_payer(sandbox, client, kind):
    entry = {"name": "Successful Martin", "iban": iban(1)}
    (seeded,) = sandbox.seed([entry])
    match = {
        "mandate": {"mandate": seeded["reference"]},
        "id": {"mandate": seeded["mandate"]},
        "iban": {"iban": iban(1).lower()},
        "customer": {"customer": seeded["customer"]},
        "customer_name": {"customer_name": "martin"},
        "any": "any",
    }[kind]
    sandbox.plan(match, "failed:MS02")
    collect(client, seeded["reference"])
    sandbox.advance("2026-01-10")
    assert sandbox.payments()[0]["outcome"] == ["failed", "MS02"]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("settings", {"colour": 1}),
        ("settings", {"lead_days": "two"}),
        ("settings", {"payouts": "monthly"}),
        ("webhooks/modes", {"batch": 2}),
        ("act", {"action": "sign", "id": "none"}),
        ("act", {"action": "dance", "id": "RUM-1"}),
        ("act", {"action": "transfer", "id": "RUM-1", "code": "FR00"}),
    ],
)
def test_commands_with_a_typing_error_are_refused(sandbox, path, values):
    payer(sandbox, reference="RUM-1")
    with pytest.raises(SandboxError):
        sandbox.control(path, **values)


def test_the_history_tells_what_happened(sandbox, client):
    sandbox.act("sign", client.post("/orders", order(client))["id"])
    lines = [(line["resource_type"], line["action"]) for line in sandbox.read("tables/history")]
    assert lines == [
        ("orders", "created"),
        ("mandates", "created"),
        ("orders", "closed.completed"),
    ]
    assert [line["reference"] for line in sandbox.events()] == ["S00042-1"]


def test_both_providers_live_side_by_side(sandbox, client):
    with running("gocardless") as other:
        assert other.token
        assert "token" not in sandbox.credentials
        assert Client(sandbox).send("GET", "/").status_code == 200


def test_a_hundred_payers_and_six_months_play_in_seconds(sandbox, client):
    seeded = sandbox.seed([{"name": f"N {n}", "iban": iban(n)} for n in range(100)])
    sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.05, "late:MS03": 0.02})
    for month in range(2, 8):
        for number, line in enumerate(seeded):
            date = f"2026-{month:02d}-10T00:00:00.000+0100"
            reference = f"M{month}N{number}"
            collect(client, line["reference"], reference=reference, executionDate=date)
    report = sandbox.advance("2026-09-01")
    assert report["days"] > 200
    totals = sandbox.balance()
    assert totals["balance"] == totals["collected"] - totals["late_failed"]
    processed = sum(line["cents"] for line in sandbox.payments(status="processed"))
    assert processed == totals["balance"]
    assert totals["waiting"] == totals["balance"] - totals["fees"] - totals["paid_out"]
