"""Creditors: the merchant itself."""

from ..http import Call, find, get, listing
from ..paging import select, window


def list_creditors(call: Call):
    """The single creditor of the account."""
    rows = select(call.engine.state.creditors, call.query, {})
    page, meta = window(rows, [row.id for row in rows], call.query)
    return [call.engine.present_creditor(row) for row in page], {"meta": meta}


def get_creditor(call: Call) -> dict:
    """The creditor by its id."""
    return call.engine.present_creditor(find(call.engine.state.creditors, call.identity))


OPERATIONS = [listing("creditors", list_creditors), get("creditors", get_creditor)]
