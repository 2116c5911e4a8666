"""Payouts and their items."""

from datetime import date, timedelta

from ..const import PAYOUT_ITEMS_DAYS
from ..errors import invalid_usage, validation_failed
from ..http import Call, find, get, listing
from ..paging import PAGING, bad_filter, select, window

ITEM_FILTERS = {*PAGING, "payout", "include_2020_tax_cutover"}


def list_payouts(call: Call):
    """Payouts, newest first."""
    filters = {
        "creditor": lambda row: row.doc["links"]["creditor"],
        "creditor_bank_account": lambda row: row.doc["links"]["creditor_bank_account"],
        "currency": lambda row: row.doc["currency"],
        "payout_type": lambda row: row.doc["payout_type"],
        "reference": lambda row: row.doc["reference"],
        "status": lambda row: row.doc["status"],
    }
    rows = select(call.engine.state.payouts, call.query, filters)
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [row.doc for row in page], {"meta": meta}


def get_payout(call: Call) -> dict:
    """A payout by its id."""
    return find(call.engine.state.payouts, call.identity).doc


def list_items(call: Call):
    """Items of one payout, for six months; amounts are texts with one decimal."""
    if unknown := set(call.query) - ITEM_FILTERS:
        raise bad_filter(f"unknown parameters: {', '.join(sorted(unknown))}")
    if not call.query.get("payout"):
        raise validation_failed([("payout", "can't be blank")], "")
    row = find(call.engine.state.payouts, call.query["payout"])
    created = date.fromisoformat(row.doc["created_at"][:10])
    if call.engine.world.clock.today - created > timedelta(days=PAYOUT_ITEMS_DAYS):
        raise invalid_usage(410, "payout_items_data_archived", "The items are archived")
    names = [f"PI{number:05d}" for number in range(len(row.items))]
    page, meta = window(row.items, names, call.query)
    return page, {"meta": meta}


OPERATIONS = [
    listing("payouts", list_payouts),
    get("payouts", get_payout),
    listing("payout_items", list_items),
]
