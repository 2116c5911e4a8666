"""The banks' answers: chosen by rule, by test account or by name."""

import pytest
import stripe

from sandbox.stripe.const import TEST_TOKENS
from sandbox.stripe.reasons import BANK_CODES, FAILURES

from ..common import iban
from .common import debit, payer, signed_payer, story

DEAD = {code for code, failure in FAILURES.items() if failure.kills_mandate}
ANSWERED = "2026-01-13"


def played(sandbox, client, seeded, day=ANSWERED):
    intent = debit(client, seeded)
    sandbox.advance(day)
    return client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_each_failure_code_fails_the_debit_and_perhaps_the_mandate(sandbox, client, code):
    seeded = payer(sandbox)
    sandbox.plan({"mandate": seeded["mandate"]}, f"failed:{code}")
    intent = played(sandbox, client, seeded)
    assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
    charge = intent.latest_charge
    assert (charge.status, charge.paid, charge.failure_code) == ("failed", False, code)
    assert charge.outcome.network_status == "declined_by_network"
    assert charge.balance_transaction is None
    error = intent.last_payment_error
    assert (error.charge, error.code) == (charge.id, "payment_intent_payment_attempt_failed")
    expected = "inactive" if code in DEAD else "active"
    assert client.v1.mandates.retrieve(seeded["mandate"]).status == expected
    assert story(sandbox, "payment_intent", "charge.f", "mandate")[2:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        *(["mandate.updated"] if code in DEAD else []),
    ]


@pytest.mark.parametrize("code", [*sorted(BANK_CODES), "ZZ99"])
def test_a_code_of_the_bank_is_shown_as_stripe_names_it(sandbox, client, code):
    sandbox.plan("any", f"failed:{code}")
    charge = played(sandbox, client, payer(sandbox)).latest_charge
    assert charge.failure_code == BANK_CODES.get(code, "generic_could_not_process")
    assert charge.outcome.network_decline_code is None


def test_the_code_of_the_bank_can_be_shown(sandbox, client):
    sandbox.control("settings", network_decline_code=True)
    sandbox.plan("any", "failed:AM04")
    charge = played(sandbox, client, payer(sandbox)).latest_charge
    assert charge.outcome.network_decline_code == "AM04"


def test_a_refusal_comes_before_a_success(sandbox, client):
    sandbox.plan("any", "failed:AM04")
    intent = played(sandbox, client, payer(sandbox), "2026-01-08")
    assert intent.status == "processing"
    sandbox.advance("2026-01-09")
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_a_failed_debit_can_be_confirmed_again_or_cancelled(sandbox, client):
    seeded = payer(sandbox)
    sandbox.plan({"customer": seeded["customer"]}, "failed:AM04", "paid")
    intent = played(sandbox, client, seeded)
    again = client.v1.payment_intents.confirm(
        intent.id,
        {
            "payment_method": seeded["payment_method"],
            "mandate": seeded["mandate"],
            "off_session": True,
        },
    )
    assert (again.status, again.last_payment_error) == ("processing", None)
    assert again.latest_charge != intent.latest_charge.id
    sandbox.advance("2026-01-30")
    (payment,) = sandbox.payments()
    assert (payment["status"], payment["attempt"]) == ("succeeded", 2)
    failed = debit(client, seeded)
    sandbox.act("fail", failed.id, "AM04")
    assert client.v1.payment_intents.cancel(failed.id).status == "canceled"


@pytest.mark.parametrize(
    ("token", "failure"),
    [
        ("success", None),
        ("successDelayed", None),
        ("failed", "generic_could_not_process"),
        ("failedDelayed", "generic_could_not_process"),
        ("insufficientFunds", "insufficient_funds"),
        ("exceedsWeeklyVolumeLimit", "charge_exceeds_source_limit"),
        ("exceedsWeeklyTransactionLimit", "charge_exceeds_weekly_limit"),
    ],
)
@pytest.mark.parametrize("by", ["token", "iban"])
def test_test_accounts_have_their_outcome(sandbox, client, token, failure, by):
    name = f"pm_sepaDebit_{token}_fr"
    seeded = (
        signed_payer(client, payment_method=name)
        if by == "token"
        else payer(sandbox, iban=TEST_TOKENS[name])
    )
    intent = played(sandbox, client, seeded)
    assert intent.status == ("requires_payment_method" if failure else "succeeded")
    assert intent.latest_charge.failure_code == failure


def test_the_disputed_test_account_takes_the_money_back(sandbox, client):
    intent = played(
        sandbox, client, signed_payer(client, "FR5720041010050500013M02608"), "2026-02-10"
    )
    assert (intent.status, intent.latest_charge.disputed) == ("succeeded", True)


@pytest.mark.parametrize(
    ("token", "next_day", "status"),
    [
        ("success", False, "succeeded"),
        ("failed", False, "requires_payment_method"),
        ("successDelayed", True, "succeeded"),
        ("failedDelayed", True, "requires_payment_method"),
        ("disputed", False, "succeeded"),
    ],
)
def test_test_accounts_can_answer_at_once_as_in_stripes_sandbox(
    sandbox, client, token, next_day, status
):
    sandbox.control("settings", instant=True)
    intent = debit(client, signed_payer(client, payment_method=f"pm_sepaDebit_{token}_fr"))
    assert intent.status == "processing"
    if next_day:
        assert client.v1.payment_intents.retrieve(intent.id).status == "processing"
        sandbox.advance("2026-01-06")
    assert client.v1.payment_intents.retrieve(intent.id).status == status
    disputes = client.v1.disputes.list({"payment_intent": intent.id}).data
    assert len(disputes) == (token == "disputed")


def test_a_failure_can_be_answered_at_once_as_402(sandbox, client):
    sandbox.control("settings", refused_at_once="insufficient_funds, account_closed")
    seeded = payer(sandbox)
    sandbox.plan({"customer": seeded["customer"]}, "failed:AC04", "failed:MS02")
    for _try in range(2):
        with pytest.raises(stripe.CardError) as caught:
            debit(client, seeded, key="k1")
    assert caught.value.code == "account_closed"
    intent = caught.value.json_body["error"]["payment_intent"]
    assert intent["status"] == "requires_payment_method"
    assert len(sandbox.payments()) == 1
    other = payer(sandbox, number=2)
    sandbox.plan({"customer": other["customer"]}, "failed:MS02")
    assert debit(client, other).status == "processing"


def match_by(kind, seeded):
    return {
        "mandate": {"mandate": seeded["mandate"]},
        "reference": {"mandate": seeded["reference"]},
        "iban": {"iban": "  " + iban(1).lower()},
        "customer": {"customer": seeded["customer"]},
        "customer_name": {"customer_name": "paul MARTIN"},
        "word": {"customer_name": "martin"},
        "any": "any",
    }[kind]


@pytest.mark.parametrize(
    "kind", ["mandate", "reference", "iban", "customer", "customer_name", "word", "any"]
)
def test_a_rule_finds_its_payer(sandbox, client, kind):
    seeded = payer(sandbox)
    sandbox.plan(match_by(kind, seeded), "failed:MS02")
    assert played(sandbox, client, seeded).latest_charge.failure_code == "refer_to_customer"


def test_a_rule_wins_over_a_test_account_and_that_over_a_name(sandbox, client):
    failing = payer(sandbox, "failed:AC04 Martin", iban="FR1420041010050500013M02606")
    assert played(sandbox, client, failing).status == "succeeded"
    named = payer(sandbox, "failed:AC04 Martin", number=2)
    assert played(sandbox, client, named, "2026-01-30").latest_charge.failure_code == (
        "account_closed"
    )
    sandbox.plan({"customer": failing["customer"]}, "failed:AM04")
    intent = played(sandbox, client, failing, "2026-02-20")
    assert intent.latest_charge.failure_code == "insufficient_funds"


def test_rates_are_the_same_on_every_run_with_one_seed(sandbox, client):
    def draw(seed):
        sandbox.reset()
        sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.3}, seed=seed)
        for number in range(30):
            debit(client, payer(sandbox, number=number))
        return [payment["outcome"][0] for payment in sandbox.payments()]

    first = draw(1)
    assert first == draw(1)
    assert first != draw(2)


def test_a_planned_answer_can_be_changed_at_the_last_minute(sandbox, client):
    intent = debit(client, payer(sandbox))
    sandbox.advance("2026-01-08")
    sandbox.act("plan", intent.id, "failed:MD07")
    sandbox.advance(ANSWERED)
    done = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert done.latest_charge.failure_code == "recipient_deceased"
