"""Things that payers, banks and SlimPay do on their own, played at once on demand."""

from sandbox.core.outcomes import Outcome, parse

from .const import ABORTED_BY_CLIENT, ABORTED_BY_SERVER, EXECUTION_STATUSES
from .engine import Engine
from .schema import iban as check_iban

TEST_IBAN = "FR1420041010050500013M02606"


def valid_iban(code: str | None) -> str:
    """The IBAN of an action (default: the test one); ValueError when it is none."""
    if check_iban(code or TEST_IBAN):
        raise ValueError(f"{code!r} is no IBAN")
    return code or TEST_IBAN


def need_open(row) -> None:
    """ValueError unless the order is running."""
    if row.doc["state"] != "open.running":
        raise ValueError(f"order {row.id} is {row.doc['state']}")


def sign(engine: Engine, row, code: str | None) -> None:
    """The payer signs without the hosted page; ``code`` may be the IBAN."""
    need_open(row)
    engine.orders.complete(row, valid_iban(code), {})


def abort(engine: Engine, row, _code) -> None:
    """The payer gives up."""
    need_open(row)
    engine.orders.close(row, ABORTED_BY_CLIENT)


def abort_by_server(engine: Engine, row, _code) -> None:
    """SlimPay refuses the checkout."""
    need_open(row)
    engine.orders.close(row, ABORTED_BY_SERVER, {"code": 100, "message": "Internal error"})


def transfer(engine: Engine, row, code: str | None) -> None:
    """The payer moved to another bank; SlimPay follows without a word."""
    if row.status != "active":
        raise ValueError(f"mandate {row.id} is {row.status}")
    engine.mandates.amend(row, engine.bank_account(valid_iban(code)))


def start(engine: Engine, row, outcome: Outcome) -> None:
    """Send a debit now, if it is not, with this outcome."""
    if row.status == "toprocess" and row.doc["direction"] == "IN":
        engine.payments.send(row)
    if row.status != "processing":
        raise ValueError(f"payment {row.id} is {row.status}")
    row.outcome = outcome
    row.attempt += 1


def process(engine: Engine, row, _code) -> None:
    """Executed now."""
    start(engine, row, Outcome("paid", None))
    engine.payments.execute(row)


def fail(engine: Engine, row, code: str | None) -> None:
    """Refused now: rejected when it is not executed yet, else returned."""
    if row.status == "processed":
        engine.payments.give_back(row, "returns", code or "MS03")
        return
    start(engine, row, Outcome("failed", code or "AM04"))
    engine.payments.execute(row)


def charge_back(engine: Engine, row, code: str | None) -> None:
    """The payer asks the bank for the money."""
    if row.status != "processed" or row.doc["direction"] != "IN":
        raise ValueError(f"payment {row.id} is {row.status}")
    engine.payments.give_back(row, "refunds", code or "MD06")


def plan(_engine: Engine, row, code: str | None) -> None:
    """Set the outcome of a debit that is at the bank; ``code`` is such as "failed:AM04"."""
    if row.status != "processing":
        raise ValueError(f"payment {row.id} is {row.status}")
    row.outcome = parse(code or "paid")


def set_status(engine: Engine, row, code: str | None) -> None:
    """Show a status that has no public definition; the plans of the payment are void."""
    if code not in EXECUTION_STATUSES:
        raise ValueError(f"a status is one of {', '.join(EXECUTION_STATUSES)}")
    row.doc["executionStatus"] = code
    engine.note("payments", row, code)


def acknowledge(engine: Engine, row, _code) -> None:
    """Somebody acknowledges the issue in the dashboard."""
    engine.issues.acknowledge(row)


# (table, action): what happens.
ACTIONS = {
    ("orders", "sign"): sign,
    ("orders", "abort"): abort,
    ("orders", "abort_by_server"): abort_by_server,
    ("mandates", "revoke"): lambda engine, row, _code: engine.mandates.end(row, "revoked"),
    ("mandates", "cancel"): lambda engine, row, _code: engine.mandates.end(row, "revoked"),
    ("mandates", "expire"): lambda engine, row, _code: engine.mandates.end(row, "expired"),
    ("mandates", "fail"): lambda engine, row, _code: engine.mandates.end(row, "rejected"),
    ("mandates", "transfer"): transfer,
    ("payments", "process"): process,
    ("payments", "confirm"): process,
    ("payments", "fail"): fail,
    ("payments", "charge_back"): charge_back,
    ("payments", "plan"): plan,
    ("payments", "set_status"): set_status,
    ("payment_issues", "acknowledge"): acknowledge,
}


def act(engine: Engine, action: str, identity: str, code: str | None) -> dict:
    """Play ``action`` on the resource with this id (a mandate also by its RUM).

    Returns the document. KeyError for an unknown resource, ValueError for an action that it does
    not have now.
    """
    for table in dict.fromkeys(table for table, _name in ACTIONS):
        row = engine.state.table(table).get(identity)
        if row is None and table == "mandates":
            row = engine.mandates.find(identity)
        if row is None:
            continue
        if (table, action) not in ACTIONS:
            names = sorted(name for owner, name in ACTIONS if owner == table)
            raise ValueError(f"{table} know the actions {', '.join(names)}")
        ACTIONS[table, action](engine, row, code)
        return row.doc
    raise KeyError(identity)
