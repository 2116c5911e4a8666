"""Things that payers, banks and merchants do on their own, played at once on demand."""

from functools import partial

from sandbox.core.outcomes import Outcome, parse

from .engine import Engine
from .reasons import failure
from .simulators import bounce_payout, charged_back, confirmed, failed, paid_out

TEST_IBAN = "FR1420041010050500013M02606"


def cancel_mandate(engine: Engine, row, code: str | None) -> None:
    """Cancelled by the payer's bank with ``code`` (default MD01)."""
    code = code or "MD01"
    engine.mandates.cancel(row, "bank", failure(code).cause, code)


def cancel_by_payer(engine: Engine, row, _code) -> None:
    """Cancelled by the payer at GoCardless."""
    engine.mandates.cancel(row, "payer", "mandate_cancelled")


def charge_back(engine: Engine, row, code: str | None) -> None:
    """Charged back now, whatever was planned."""
    if row.status in ("confirmed", "paid_out"):
        row.outcome = Outcome("chargeback", code or "MD06")
        engine.payments.charge_back(row)
    else:
        charged_back(engine, row, code or "MD06")


def fail(engine: Engine, row, code: str | None) -> None:
    """Refused now: in time when it is not collected yet, else late."""
    step = (
        engine.payments.fail if row.status in ("confirmed", "paid_out") else partial(failed, engine)
    )
    step(row, code or "AM04")


def fulfil(engine: Engine, row, iban: str | None) -> None:
    """Completed by the payer without the hosted page; ``code`` may be the IBAN."""
    customer = engine.state.customers.get(row.doc["links"]["customer"])
    names = {"given_name": "Camille", "family_name": "Martin"}
    known = customer.doc["company_name"] or customer.doc["family_name"]
    engine.billing.fulfil(row, {} if known else names, iban or TEST_IBAN)


def plan(engine: Engine, row, code: str | None) -> None:
    """Set the outcome of an attempt that is at the bank; ``code`` is such as "failed:AM04"."""
    if row.status != "submitted":
        raise ValueError(f"payment {row.id} is {row.status}")
    row.outcome = parse(code or "paid")


# (table, action): what happens.
ACTIONS = {
    ("mandates", "cancel"): cancel_mandate,
    ("mandates", "cancel_by_payer"): cancel_by_payer,
    ("mandates", "fail"): lambda engine, row, code: engine.mandates.refuse(row, code or "AC01"),
    ("mandates", "expire"): lambda engine, row, _code: engine.mandates.expire(row),
    ("mandates", "block"): lambda engine, row, _code: engine.mandates.block(row),
    ("mandates", "replace"): lambda engine, row, _code: engine.mandates.replace(row),
    ("mandates", "transfer"): lambda engine, row, _code: engine.mandates.transfer(row),
    ("payments", "confirm"): lambda engine, row, _code: confirmed(engine, row),
    ("payments", "pay_out"): lambda engine, row, _code: paid_out(engine, row),
    ("payments", "fail"): fail,
    ("payments", "charge_back"): charge_back,
    ("payments", "cancel_chargeback"): (
        lambda engine, row, _code: engine.payments.cancel_chargeback(row)
    ),
    ("payments", "plan"): plan,
    ("refunds", "bounce"): lambda engine, row, _code: engine.refunds.bounce(row),
    ("payouts", "bounce"): lambda engine, row, _code: bounce_payout(engine, row),
    ("billing_requests", "fulfil"): fulfil,
}


def act(engine: Engine, action: str, identity: str, code: str | None) -> dict:
    """Play ``action`` on the resource and return its document.

    KeyError for an unknown resource, ValueError for an action that it does not have now.
    """
    for table in dict.fromkeys(table for table, _name in ACTIONS):
        row = engine.state.table(table).get(identity)
        if row is None:
            continue
        if (table, action) not in ACTIONS:
            names = sorted(name for owner, name in ACTIONS if owner == table)
            raise ValueError(f"{table} know the actions {', '.join(names)}")
        ACTIONS[table, action](engine, row, code)
        return row.doc
    raise KeyError(identity)
