"""Lists: order, cursors and filters."""

import pytest

from .common import collect, iban, payer


@pytest.fixture
def seven(sandbox, client):
    """Seven payments, a day apart, oldest first."""
    mandate = payer(sandbox)
    found = []
    for number in range(7):
        found.append(collect(client, mandate, amount=1000 + number * (-1) ** number).id)
        sandbox.control("advance", days=1)
    return found


def ids(page):
    return [record.id for record in page.records]


def test_pages_go_from_new_to_old_and_back(client, seven):
    newest = seven[::-1]
    first = client.payments.list(params={"limit": 3})
    assert ids(first) == newest[:3]
    assert first.before is None
    second = client.payments.list(params={"limit": 3, "after": first.after})
    assert ids(second) == newest[3:6]
    last = client.payments.list(params={"limit": 3, "after": second.after})
    assert (ids(last), last.after) == (newest[6:], None)
    back = client.payments.list(params={"limit": 3, "before": second.before})
    assert ids(back) == newest[:3]


def test_all_walks_over_every_page(client, seven):
    assert [record.id for record in client.payments.all(params={"limit": 2})] == seven[::-1]


def test_new_rows_do_not_disturb_a_walk(sandbox, client, seven):
    first = client.payments.list(params={"limit": 3})
    collect(client, payer(sandbox, number=2))
    second = client.payments.list(params={"limit": 3, "after": first.after})
    assert ids(second) == seven[::-1][3:6]


@pytest.mark.parametrize(
    ("params", "positions"),
    [
        ({"created_at[gte]": "2026-01-10T00:00:00.000Z"}, [6, 5]),
        ({"created_at[lt]": "2026-01-06T00:00:00Z"}, [0]),
        ({"created_at[gt]": "2026-01-06", "created_at[lte]": "2026-01-08T00:00:00+01:00"}, [2, 1]),
        ({"charge_date[gte]": "2026-01-14", "charge_date[lte]": "2026-01-14"}, [6, 5, 4]),
        ({"status": "submitted"}, [6, 5, 4, 3, 2]),
        ({"sort_field": "amount", "sort_direction": "asc", "limit": 2}, [5, 3]),
        ({"currency": "EUR", "limit": 1}, [6]),
        ({"customer": "CU0"}, []),
        ({"subscription": "SB1"}, []),
    ],
)
def test_filters_and_order_of_payments(client, seven, params, positions):
    assert ids(client.payments.list(params=params)) == [seven[position] for position in positions]


def test_payments_are_found_by_mandate_and_customer(sandbox, client, seven):
    (other,) = sandbox.seed([{"company": "ACME", "iban": iban(3)}])
    payment = collect(client, other["mandate"])
    assert ids(client.payments.list(params={"mandate": other["mandate"]})) == [payment.id]
    assert ids(client.payments.list(params={"customer": other["customer"]})) == [payment.id]


def test_events_are_filtered_by_type_action_and_resource(sandbox, client, seven):
    of_payment = client.events.list(params={"payment": seven[0]})
    assert [event.action for event in of_payment.records] == ["confirmed", "submitted", "created"]
    created = client.events.list(params={"resource_type": "payments", "action": "created"})
    assert len(created.records) == 7
    since = client.events.list(params={"created_at[gte]": "2026-01-11T00:00:00.000Z", "limit": 500})
    assert {event.created_at[:10] for event in since.records} == {"2026-01-11", "2026-01-12"}
    event = client.events.get(of_payment.records[0].id)
    assert event.links.payment == seven[0]


def test_events_bring_their_resources_along(client, seven):
    page = client.events.list(
        params={"resource_type": "payments", "include": "payment", "action": "created"}
    )
    linked = page.api_response.body["linked"]["payments"]
    assert sorted(payment["id"] for payment in linked) == sorted(seven)


def test_customers_can_be_read_and_changed(client):
    customer = client.customers.create(params={"company_name": "ACME", "country_code": "FR"})
    assert customer.language == "fr"
    changed = client.customers.update(customer.id, params={"email": "a@example.com"})
    assert (changed.company_name, changed.email) == ("ACME", "a@example.com")
    assert ids(client.customers.list()) == [customer.id]
