"""The balance and its transactions."""

from ..const import CURRENCY
from ..http import Call, get
from ..paging import page


def get_balance(call: Call) -> dict:
    """What is available and what is pending, in cents."""
    available, pending = call.engine.treasury.sums()

    def part(amount: int) -> list[dict]:
        return [{"amount": amount, "currency": CURRENCY, "source_types": {"bank_account": amount}}]

    return {
        "object": "balance",
        "available": part(available),
        "livemode": False,
        "pending": part(pending),
    }


def get_transaction(call: Call) -> dict:
    """A balance transaction by its id."""
    return call.engine.find(call.engine.state.balance_transactions, call.identity).doc


def list_transactions(call: Call) -> dict:
    """Balance transactions, newest first; ``payout`` gives those that a payout carries."""
    if payout := call.data.get("payout"):
        call.engine.find(call.engine.state.payouts, payout, "payout")
    filters = {"payout": lambda row, value: row.payout == value}
    return page(call.url, call.engine.state.balance_transactions, call.data, filters)


OPERATIONS = [
    get("balance", "BalanceRetrieveParams", get_balance),
    get(
        "balance_transactions",
        "BalanceTransactionListParams",
        list_transactions,
        "payout source type currency",
    ),
    get("balance_transactions/{identity}", "BalanceTransactionRetrieveParams", get_transaction),
]
