"""The account of the key."""

from ..http import Call, get


def get_account(call: Call) -> dict:
    """The account itself."""
    return call.engine.account()


OPERATIONS = [get("account", "AccountRetrieveCurrentParams", get_account)]
