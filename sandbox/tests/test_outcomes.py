"""The banks' answers are chosen by name, by rule, or drawn with a seed."""

import pytest

from sandbox.core.outcomes import parse
from sandbox.gocardless.reasons import FAILURES
from sandbox.testing import SandboxError

from .common import collect, iban, payer

LETHAL = {"AC01", "BE06", "AC04", "AC06", "AG01", "MD01", "MD07"}


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_each_reason_code_fails_the_payment_and_perhaps_the_mandate(sandbox, client, code):
    mandate = payer(sandbox)
    sandbox.plan({"mandate": mandate}, f"failed:{code}")
    payment = collect(client, mandate)
    sandbox.advance("2026-01-10")
    assert client.payments.get(payment.id).status == "failed"
    (event,) = sandbox.events(resource_type="payments", action="failed")
    details = event["details"]
    assert (details["origin"], details["reason_code"]) == ("bank", code)
    assert (details["scheme"], details["will_attempt_retry"]) == ("sepa_core", False)
    assert details["cause"] == FAILURES[code].cause
    expected = "cancelled" if code in LETHAL else "active"
    assert client.mandates.get(mandate).status == expected


def test_an_unknown_code_is_possible_and_has_the_cause_other(sandbox, client):
    mandate = payer(sandbox)
    sandbox.plan("any", "failed:ZZ99")
    collect(client, mandate)
    sandbox.advance("2026-01-10")
    (event,) = sandbox.events(action="failed")
    assert event["details"]["cause"] == "other"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Successful Martin", "paid_out"),
        ("Penniless Martin", "failed"),
        ("Late Martin", "failed"),
        ("Fickle Martin", "charged_back"),
        ("Invalid Martin", "failed"),
        ("failed:MD07 Martin", "failed"),
        ("Anyone Else", "paid_out"),
    ],
)
def test_the_given_name_chooses_the_outcome(sandbox, client, name, status):
    payment = collect(client, payer(sandbox, name))
    sandbox.advance("2026-03-01")
    assert client.payments.get(payment.id).status == status


def match_by(kind, sandbox, seeded):
    return {
        "mandate": {"mandate": seeded["mandate"]},
        "reference": {"mandate": seeded["reference"]},
        "iban": {"iban": "  " + iban(1).lower()},
        "customer": {"customer": seeded["customer"]},
        "customer_name": {"customer_name": "SUCCESSFUL martin"},
        "any": "any",
    }[kind]


@pytest.mark.parametrize(
    "kind", ["mandate", "reference", "iban", "customer", "customer_name", "any"]
)
def test_a_rule_finds_its_payer_and_wins_over_the_name(sandbox, client, kind):
    (seeded,) = sandbox.seed([{"name": "Successful Martin", "iban": iban(1)}])
    sandbox.plan(match_by(kind, sandbox, seeded), "failed:MS02")
    payment = collect(client, seeded["mandate"])
    sandbox.advance("2026-01-10")
    assert client.payments.get(payment.id).status == "failed"


def test_a_plan_gives_successive_payments_their_outcomes_and_the_last_repeats(sandbox, client):
    mandate, other = payer(sandbox), payer(sandbox, number=2)
    sandbox.plan({"mandate": mandate}, "paid", "failed:AM04", "paid")
    ids = [collect(client, mandate, charge_date=f"2026-0{month}-15").id for month in (2, 3, 4, 5)]
    collect(client, other)
    sandbox.advance("2026-05-25")
    found = {payment["id"]: payment["outcome"][0] for payment in sandbox.payments()}
    assert [found[identity] for identity in ids] == ["paid", "failed", "paid", "paid"]


def test_rates_are_the_same_on_every_run_with_one_seed(sandbox, client):
    def draw(seed):
        sandbox.reset()
        sandbox.seed([{"name": f"N {number}", "iban": iban(number)} for number in range(40)])
        sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.3}, seed=seed)
        for mandate in client.mandates.all(params={"limit": 500}):
            collect(client, mandate.id)
        sandbox.advance("2026-01-20")
        return [payment["outcome"][0] for payment in sandbox.payments()]

    first = draw(1)
    assert first == draw(1)
    assert first != draw(2)
    assert 4 <= first.count("failed") <= 20


@pytest.mark.parametrize("token", ["failed:", "paid:AM04", "lost", "failed:am04", ""])
def test_a_token_that_is_no_outcome_is_refused(sandbox, token):
    with pytest.raises(ValueError):
        parse(token)
    with pytest.raises(SandboxError):
        sandbox.plan("any", token)


@pytest.mark.parametrize(
    "rule",
    [
        {"match": {"colour": "blue"}, "plan": ["paid"]},
        {"match": "any"},
        {"match": "any", "plan": ["paid"], "rates": {"paid": 1}},
        {"match": "any", "rates": {"failed:AM04": 0.7, "late:MS03": 0.7}},
        {"match": "any", "plan": ["paid"], "colour": "blue"},
    ],
)
def test_a_rule_that_says_nothing_sensible_is_refused(sandbox, rule):
    with pytest.raises(SandboxError):
        sandbox.control("outcomes", **rule)
