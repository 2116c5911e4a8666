"""Lists, faults, and the control API with Stripe behind it."""

import time

import pytest
import stripe

from sandbox.testing import SandboxError

from ..common import iban
from .common import call, client_of, debit, debit_of, payer


def test_lists_come_newest_first_in_pages_of_ten(sandbox, client):
    created = [client.v1.customers.create({"name": str(number)}).id for number in range(25)]
    page = client.v1.customers.list()
    assert [row.id for row in page.data] == created[:14:-1]
    assert page.has_more is True
    assert page.url == "/v1/customers"
    everything = client.v1.customers.list({"limit": 7}).auto_paging_iter()
    assert [row.id for row in everything] == created[::-1]
    before = client.v1.customers.list({"ending_before": created[20], "limit": 2})
    assert [row.id for row in before.data] == [created[22], created[21]]
    assert before.has_more is True


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"starting_after": "cus_1"},
        {"colour": "blue"},
        {"starting_after": "cus_1", "ending_before": "cus_2"},
    ],
)
def test_a_list_that_makes_no_sense_is_refused(client, params):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.customers.list(params)


def test_lists_are_narrowed_by_time(sandbox, client):
    first = client.v1.customers.create({"name": "A"})
    sandbox.advance("2026-01-06")
    second = client.v1.customers.create({"name": "B"})
    for created, wanted in (
        ({"gt": first.created}, [second.id]),
        ({"lte": first.created}, [first.id]),
        ({"gte": first.created, "lt": second.created}, [first.id]),
        (second.created, [second.id]),
    ):
        found = client.v1.customers.list({"created": created}).data
        assert [row.id for row in found] == wanted


def test_seeding_keeps_the_chosen_ids(sandbox, client):
    (seeded,) = sandbox.seed(
        [
            {
                "company": "Boulangerie Durand",
                "iban": iban(1),
                "email": "d@example.com",
                "customer_id": "cus_Durand",
                "payment_method_id": "pm_Durand",
                "mandate_id": "mandate_Durand",
                "reference": "RUM-1",
                "metadata": {"partner": "7"},
            }
        ]
    )
    assert seeded == {
        "customer": "cus_Durand",
        "payment_method": "pm_Durand",
        "mandate": "mandate_Durand",
        "reference": "RUM-1",
    }
    assert client.v1.customers.retrieve("cus_Durand").metadata["partner"] == "7"
    assert sandbox.events() == []
    assert debit(client, seeded).status == "processing"


@pytest.mark.parametrize(
    "change",
    [
        {"iban": "FR00"},
        {"name": ""},
        {"colour": "blue"},
        {"mandate_id": "MD123"},
        {"mandate_id": "mandate_Taken"},
        {"status": "asleep"},
        {"metadata": {"k" * 41: "v"}},
        {"email": "nowhere"},
        {"name": 7},
    ],
)
def test_a_wrong_entry_seeds_nothing(sandbox, change):
    payer(sandbox, mandate_id="mandate_Taken")
    good = {"name": "Paul", "iban": iban(2)}
    with pytest.raises(SandboxError):
        sandbox.seed([good, good | change])
    assert len(sandbox.read("tables/customers")) == 1


def test_payments_are_dumped_with_metadata_amount_and_outcome(sandbox, client):
    debit(client, payer(sandbox), metadata={"odoo_ref": "P1"})
    (payment,) = sandbox.payments(status="processing")
    assert (payment["metadata"], payment["amount"]) == ({"odoo_ref": "P1"}, 4990)
    assert (payment["attempt"], payment["outcome"]) == (1, ["paid", None])
    with pytest.raises(SandboxError):
        sandbox.read("tables/secrets")


def test_the_balance_has_the_keys_of_all_providers(sandbox):
    assert set(sandbox.balance()) == set(
        [
            "balance",
            "waiting",
            "collected",
            "late_failed",
            "charged_back",
            "refunded",
            "fees",
            "paid_out",
        ]
    )


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("settings", {"colour": 1}),
        ("settings", {"max_amount": "much"}),
        ("settings", {"dispute_status": "won"}),
        ("act", {"action": "confirm", "id": "pi_1"}),
        ("act", {"action": "confirm", "id": "nothing"}),
        ("act", {"action": "dance", "id": "mandate_1"}),
    ],
)
def test_commands_with_a_typing_error_are_refused(sandbox, path, values):
    payer(sandbox, mandate_id="mandate_1")
    with pytest.raises(SandboxError):
        sandbox.control(path, **values)


def test_a_debit_can_be_answered_on_demand(sandbox, client):
    first, second = debit(client, payer(sandbox)), debit(client, payer(sandbox, number=2))
    sandbox.act("confirm", first.id)
    sandbox.act("fail", second.id, "AC04")
    assert [row["status"] for row in sandbox.payments()] == [
        "succeeded",
        "requires_payment_method",
    ]
    with pytest.raises(SandboxError):
        sandbox.act("confirm", first.id)
    sandbox.act("fail", first.id, "AM04")
    assert sandbox.balance()["late_failed"] == 4990
    sandbox.advance("2026-02-01")
    assert sandbox.payments()[0]["status"] == "succeeded"


def test_a_browser_can_confirm_a_setup_intent(sandbox, client):
    customer = client.v1.customers.create({"name": "Paul"})
    intent = client.v1.setup_intents.create(
        {"customer": customer.id, "allowed_payment_method_types": ["sepa_debit"]}
    )
    sandbox.act("fulfil", intent.id)
    assert client.v1.setup_intents.retrieve(intent.id).status == "succeeded"
    with pytest.raises(SandboxError):
        sandbox.act("fulfil", intent.id)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("429", stripe.RateLimitError),
        ("500", stripe.APIError),
        ("502", stripe.APIError),
        ("html_200", stripe.APIError),
        ("drop_before", stripe.APIConnectionError),
        ("drop_after", stripe.APIConnectionError),
    ],
)
def test_faults_reach_the_client_as_what_they_are(sandbox, client, kind, error):
    seeded = payer(sandbox)
    sandbox.fault(kind, method="POST", path="^/v1/payment_intents$")
    with pytest.raises(error):
        debit(client, seeded, key="k1")
    executed = kind in ("html_200", "drop_after")
    assert len(sandbox.payments()) == executed
    found = debit(client, seeded, key="k1")
    replayed = found.last_response.headers.get("Idempotent-Replayed") == "true"
    assert (replayed, len(sandbox.payments())) == (executed, 1)


def test_a_server_that_failed_after_the_work_is_survived_by_a_retry(sandbox):
    client = client_of(sandbox, max_network_retries=2)
    sandbox.fault("500", method="POST", path="^/v1/payment_intents$", execute=True)
    assert debit(client, payer(sandbox)).status == "processing"
    assert len(sandbox.payments()) == 1


def test_a_reset_forgets_keys_settings_and_events(sandbox, client):
    sandbox.control("settings", fee_fixed=100)
    debit(client, payer(sandbox), key="k1")
    sandbox.reset()
    assert sandbox.control("settings")["fee_fixed"] == 35
    assert sandbox.events() == []
    assert debit(client, payer(sandbox), key="k1").status == "processing"


def test_time_alone_decides_the_same_on_every_run(sandbox, client):
    def play():
        sandbox.reset()
        sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.4}, seed=7)
        for number in range(8):
            debit(client, payer(sandbox, number=number), key=f"k{number}")
        sandbox.advance("2026-01-20")
        return sandbox.events()

    assert play() == play()


def test_half_a_year_of_600_debits_plays_in_seconds(sandbox):
    seeded = sandbox.seed([{"name": f"N {n}", "iban": iban(n)} for n in range(100)])
    sandbox.control("outcomes", match="any", rates={"failed:AM04": 0.05, "late:MS03": 0.02})
    started = time.monotonic()
    for _month in range(6):
        for line in seeded:
            body = "&".join(
                f"{name}={str(value).lower() if isinstance(value, bool) else value}"
                for name, value in debit_of(line).items()
                if not isinstance(value, list)
            )
            assert call(sandbox, "POST", "/v1/payment_intents", body).ok
        sandbox.control("advance", days=30)
    assert time.monotonic() - started < 20
    totals = sandbox.balance()
    fees = sum(row["fee"] for row in sandbox.read("tables/balance_transactions"))
    assert totals["paid_out"] + totals["waiting"] == totals["balance"] - fees
    assert 500 < len([row for row in sandbox.payments() if row["status"] == "succeeded"]) < 600
