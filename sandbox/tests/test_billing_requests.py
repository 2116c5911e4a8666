"""Signing a mandate on the hosted page."""

import gocardless_pro.errors as gc
import pytest

from sandbox.testing import SandboxError

from .common import call, iban, story

RETURN = "https://merchant.example/return?ref=1"
EXIT = "https://merchant.example/exit?ref=1"


@pytest.fixture
def request_and_flow(client):
    """An open billing request and its page."""
    request = client.billing_requests.create(
        params={
            "mandate_request": {
                "currency": "EUR",
                "scheme": "sepa_core",
                "verify": "recommended",
                "metadata": {"odoo_mandate": "SM1"},
            },
            "metadata": {"odoo_ref": "CTR/1"},
        }
    )
    flow = client.billing_request_flows.create(
        params={
            "redirect_uri": RETURN,
            "exit_uri": EXIT,
            "language": "fr",
            "lock_currency": True,
            "prefilled_customer": {"given_name": "Zoé", "family_name": "<Martin>"},
            "links": {"billing_request": request.id},
        }
    )
    return request, flow


def page(sandbox, flow):
    return call(sandbox, "GET", flow.authorisation_url.removeprefix(sandbox.url))


def sign(sandbox, flow, **form):
    values = {"given_name": "Zoé", "family_name": "Martin", "iban": iban(1), **form}
    return sandbox.sign(flow.authorisation_url, **values)


def test_the_page_is_french_prefilled_and_escaped(sandbox, request_and_flow):
    answer = page(sandbox, request_and_flow[1])
    assert answer.status_code == 200
    assert "Mandat de prélèvement SEPA" in answer.text
    assert 'value="Zoé"' in answer.text
    assert "<Martin>" not in answer.text
    assert "FR72ZZZ123456" in answer.text


def test_signing_creates_the_mandate_and_sends_the_payer_back(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    page(sandbox, flow)
    assert sign(sandbox, flow, email="zoe@example.com") == RETURN
    done = client.billing_requests.get(request.id)
    assert done.status == "fulfilled"
    assert done.links.customer == request.links.customer
    mandate = client.mandates.get(done.links.mandate_request_mandate)
    assert mandate.status == "pending_submission"
    assert mandate.metadata == {"odoo_mandate": "SM1"}
    account = client.customer_bank_accounts.get(mandate.links.customer_bank_account)
    assert account.account_holder_name == "ZOE MARTIN"
    assert client.customers.get(mandate.links.customer).email == "zoe@example.com"
    assert story(sandbox) == [
        "billing_requests created",
        "billing_requests flow_created",
        "billing_requests flow_visited",
        "billing_requests collect_customer_details",
        "billing_requests collect_bank_account",
        "billing_requests payer_details_confirmed",
        "mandates created",
        "billing_requests fulfilled",
    ]
    (event,) = sandbox.events(action="fulfilled")
    assert event["links"]["mandate_request_mandate"] == mandate.id
    assert event["resource_metadata"] == {"odoo_ref": "CTR/1"}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"iban": "FR7612345"}, "IBAN invalide"),
        ({"given_name": "", "company_name": ""}, "Champ obligatoire"),
        ({"email": "nowhere"}, "Adresse e-mail invalide"),
    ],
)
def test_wrong_details_are_shown_and_nothing_is_created(
    sandbox, client, request_and_flow, form, text
):
    request, flow = request_and_flow
    with pytest.raises(SandboxError, match=text):
        sign(sandbox, flow, **form)
    assert client.billing_requests.get(request.id).status == "pending"
    assert client.mandates.list().records == []


def test_leaving_goes_to_the_exit_and_the_request_stays_open(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    path = flow.authorisation_url.removeprefix(sandbox.url).replace("flow?", "flow/exit?")
    answer = call(sandbox, "GET", path, allow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, EXIT)
    assert client.billing_requests.get(request.id).status == "pending"


def test_a_page_serves_once_and_for_seven_days(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    sandbox.advance("2026-01-13")
    assert page(sandbox, flow).status_code == 410
    fresh = client.billing_request_flows.create(params={"links": {"billing_request": request.id}})
    with pytest.raises(SandboxError, match="enregistré"):
        sign(sandbox, fresh)
    with pytest.raises(SandboxError, match="déjà signé"):
        sign(sandbox, fresh)
    assert len(client.mandates.list().records) == 1


def test_completion_may_show_as_fulfilling_for_a_while(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    sandbox.control("settings", fulfilling_reads=2)
    sign(sandbox, flow)
    reads = [client.billing_requests.get(request.id) for _read in range(3)]
    assert [read.status for read in reads] == ["fulfilling", "fulfilling", "fulfilled"]
    assert "mandate_request_mandate" not in reads[0].attributes["links"]
    assert reads[2].links.mandate_request_mandate


def test_a_cancelled_request_is_dead(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    assert client.billing_requests.cancel(request.id).status == "cancelled"
    assert page(sandbox, flow).status_code == 410
    for refused in (
        lambda: client.billing_requests.cancel(request.id),
        lambda: client.billing_request_flows.create(
            params={"links": {"billing_request": request.id}}
        ),
    ):
        with pytest.raises(gc.InvalidStateError):
            refused()


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"mandate_request": {"currency": "GBP"}},
        {"mandate_request": {"currency": "EUR", "scheme": "bacs"}},
        {"mandate_request": {"currency": "EUR"}, "reference": "x"},
    ],
)
def test_a_wrong_request_is_refused(client, params):
    with pytest.raises(gc.ValidationFailedError):
        client.billing_requests.create(params=params)


def test_instant_payments_are_not_enabled(client):
    with pytest.raises(gc.PermissionsError):
        client.billing_requests.create(params={"payment_request": {"amount": 1}})


def test_a_known_customer_signs_again_without_a_second_account(sandbox, client, request_and_flow):
    request, flow = request_and_flow
    sign(sandbox, flow)
    again = client.billing_requests.create(
        params={
            "mandate_request": {"currency": "EUR"},
            "links": {"customer": request.links.customer},
        }
    )
    sandbox.act("fulfil", again.id, iban(1))
    assert len(client.customer_bank_accounts.list().records) == 1
    assert len(client.mandates.list(params={"customer": request.links.customer}).records) == 2


def test_the_reference_of_the_request_becomes_that_of_the_mandate(sandbox, client):
    request = client.billing_requests.create(
        params={"mandate_request": {"currency": "EUR", "reference": "RUM-77"}}
    )
    sandbox.act("fulfil", request.id)
    assert client.mandates.list().records[0].reference == "RUM-77"


def test_an_unknown_page_is_404(sandbox):
    assert call(sandbox, "GET", "/billing/static/flow?id=BRF1").status_code == 404
