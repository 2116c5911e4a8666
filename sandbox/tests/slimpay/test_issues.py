"""R-transactions, acknowledgement, replays, and the totals behind them."""

import pytest

from .common import Client, collect, href, payer, sign_item, signatory, signed

SCHEME = {"scheme": "SEPA.DIRECT_DEBIT.CORE"}


@pytest.fixture(autouse=True)
def lasting_tokens(settings):
    """These tests are not about tokens."""
    settings(token_clock="real")


def waiting(client, **query):
    """The issues that nobody acknowledged."""
    query = {"executionStatus": "toprocess", **query}
    return client.search("/payment-issues", "paymentIssues", **query)


@pytest.mark.parametrize(
    ("outcome", "day", "kind", "code", "status", "total"),
    [
        ("failed:AM04", "2026-01-07", "rejects", "AM04", "rejected", None),
        ("late:MS03", "2026-01-14", "returns", "MS03", "rejected", "late_failed"),
        ("chargeback:MD06", "2026-02-04", "refunds", "MD06", "contested", "charged_back"),
    ],
)
def test_each_outcome_raises_an_issue_on_its_day(
    sandbox, client, outcome, day, kind, code, status, total
):
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, outcome)
    payment = collect(client, mandate)
    (issue,) = until_issue(sandbox, client, day)
    assert (issue["type"], issue["returnReasonCode"]) == (kind, code)
    assert (issue["rejectAmount"], issue["currency"]) == ("39.90", "EUR")
    assert issue["executionStatus"] == "toprocess"
    debited = client.get(href(issue, "get-payment"))
    assert (debited["id"], debited["executionStatus"]) == (payment["id"], status)
    assert client.get(href(debited, "get-payment-issues"))["_embedded"]["paymentIssues"] == [issue]
    assert sandbox.balance()["balance"] == 0
    if total:
        assert sandbox.balance()[total] == 3990


def until_issue(sandbox, client, day):
    """Nothing the day before, then the issues of ``day``."""
    sandbox.control("advance", to=day_before(day))
    assert waiting(client) == []
    sandbox.advance(day)
    return waiting(client)


def day_before(day):
    """The day before, in the same month or the last of January."""
    return "2026-02-03" if day == "2026-02-04" else f"{day[:8]}{int(day[8:]) - 1:02d}"


def test_an_issue_is_acknowledged_by_a_post_on_its_link(sandbox, client):
    mandate = payer(sandbox, "Penniless Martin")
    collect(client, mandate)
    sandbox.advance("2026-01-08")
    (issue,) = waiting(client, **SCHEME)
    url = href(issue, "ack-payment-issue")
    assert client.send("GET", url).status_code == 405
    assert waiting(client) == [issue]
    done = client.send("POST", url)
    assert done.json()["executionStatus"] == "processed"
    assert href(done.json(), "ack-payment-issue") is None
    assert waiting(client) == []
    assert client.refusal("POST", url)[:2] == (400, 902)
    every = client.search(
        "/payment-issues", "paymentIssues", dateCreatedAfter="2026-01-07T00:00:00.000+0100"
    )
    assert [line["id"] for line in every] == [issue["id"]]


def test_who_acknowledges_while_paging_skips_issues(sandbox, client):
    for number in range(4):
        collect(client, payer(sandbox, "Penniless M", number))
    sandbox.advance("2026-01-08")
    first = waiting(client, size=2, page=0)
    for issue in first:
        client.post(href(issue, "ack-payment-issue"))
    assert waiting(client, size=2, page=1) == []
    assert len(waiting(client)) == 2


@pytest.mark.parametrize("code", ["AM04", "AC04", "MD07"])
def test_the_documented_test_name_rejects_with_its_code(sandbox, client, code):
    person = signatory(familyName=f"ISSUE-SEPA-REJ-{code}")
    closed = signed(sandbox, client, sign_item(person))
    mandate = client.get(href(closed, "get-mandate"))["reference"]
    collect(client, mandate)
    sandbox.advance("2026-01-08")
    (issue,) = waiting(client)
    assert issue["returnReasonCode"] == code


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Successful Martin", "processed"),
        ("Penniless Martin", "rejected"),
        ("Late Martin", "rejected"),
        ("Fickle Martin", "contested"),
        ("failed:MD07 Martin", "rejected"),
    ],
)
def test_the_given_name_chooses_the_outcome_as_at_the_other_providers(
    sandbox, client, name, status
):
    collect(client, payer(sandbox, name))
    sandbox.advance("2026-03-01")
    assert sandbox.payments()[0]["status"] == status


def test_the_bank_may_add_a_fee_and_the_status_after_a_return_is_a_setting(
    sandbox, client, settings
):
    settings(bank_fee=850, returned_status="processed")
    payment = collect(client, payer(sandbox, "Late Martin"))
    sandbox.advance("2026-01-15")
    (issue,) = waiting(client)
    assert issue["rejectAmount"] == "48.40"
    assert client.get(f"/payments/{payment['id']}")["executionStatus"] == "processed"
    assert sandbox.balance()["late_failed"] == 3990


def test_a_cancelled_debit_leaves_an_issue_that_is_only_acknowledged(sandbox, client, settings):
    mandate = payer(sandbox)
    date = {"executionDate": "2026-01-20T00:00:00.000+0100"}
    client.post(href(collect(client, mandate, **date), "cancel-payment"))
    (issue,) = waiting(client)
    assert issue["returnReasonCode"] == "FOCR"
    assert issue["rejectReason"] == "sepaReturnReasonCode.focr.reason"
    settings(focr_issues=False)
    client.post(href(collect(client, mandate, **date), "cancel-payment"))
    assert waiting(client) == [issue]


def test_a_revoked_mandate_rejects_what_was_waiting(sandbox, client):
    mandate = payer(sandbox)
    payment = collect(client, mandate, executionDate="2026-01-20T00:00:00.000+0100")
    sandbox.act("revoke", mandate)
    sandbox.advance("2026-01-21")
    assert client.get(f"/payments/{payment['id']}")["executionStatus"] == "rejected"
    assert waiting(client)[0]["returnReasonCode"] == "MD01"


def test_a_mandate_survives_its_issues_unless_a_code_revokes_it(sandbox, client, settings):
    mandate = payer(sandbox)
    sandbox.plan("any", "failed:MD01")
    for days, state in ((5, "active"), (10, "revoked")):
        collect(client, mandate)
        sandbox.control("advance", days=days)
        assert sandbox.read("tables/mandates")[0]["state"] == state
        settings(revoking_codes="MD01,MD07")


def test_automatic_retries_replay_the_same_payment(sandbox, client, settings):
    settings(auto_retry=True)
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, "failed:AM04", "paid")
    payment = collect(client, mandate)
    sandbox.advance("2026-01-07")
    shown = client.get(f"/payments/{payment['id']}")
    assert (shown["executionStatus"], shown["replayCount"]) == ("toreplay", 0)
    assert len(waiting(client)) == 1
    sandbox.advance("2026-01-20")
    shown = client.get(f"/payments/{payment['id']}")
    assert (shown["executionStatus"], shown["replayCount"]) == ("processed", 1)
    assert sandbox.balance()["collected"] == 3990


def test_automatic_retries_end_and_leave_hard_refusals_alone(sandbox, client, settings):
    settings(auto_retry=True, auto_retry_max=1)
    soft, hard = payer(sandbox, "Penniless A"), payer(sandbox, "Invalid B", 2)
    collect(client, soft)
    collect(client, hard)
    sandbox.advance("2026-02-20")
    assert [line["status"] for line in sandbox.payments()] == ["rejected", "rejected"]
    assert [line["attempt"] for line in sandbox.payments()] == [2, 1]
    assert len(waiting(client)) == 3


def test_rates_are_the_same_on_every_run(sandbox, client):
    def draw():
        sandbox.reset()
        sandbox.control("settings", token_clock="real")
        merchant = Client(sandbox)
        sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.3}, seed=3)
        for number in range(30):
            collect(merchant, payer(sandbox, number=number))
        sandbox.advance("2026-01-10")
        return [line["status"] for line in sandbox.payments()]

    first = draw()
    assert first == draw()
    assert 3 <= first.count("rejected") <= 16


def test_the_bank_acts_at_once_on_demand(sandbox, client):
    mandate = payer(sandbox)
    paid, failed = collect(client, mandate), collect(client, mandate)
    sandbox.act("process", paid["id"])
    sandbox.act("fail", failed["id"], "AC04")
    assert [line["status"] for line in sandbox.payments()] == ["processed", "rejected"]
    sandbox.act("charge_back", paid["id"])
    codes = [issue["returnReasonCode"] for issue in waiting(client)]
    assert codes == ["AC04", "MD06"]
    identity = waiting(client)[0]["id"]
    sandbox.act("acknowledge", identity)
    assert len(waiting(client)) == 1
    sandbox.advance("2026-02-20")
    assert sandbox.balance()["balance"] == 0
