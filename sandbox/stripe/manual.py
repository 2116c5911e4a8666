"""Things that payers, banks and merchants do on their own, played at once on demand."""

from sandbox.core.outcomes import PAID, Outcome, parse

from . import checks
from .const import TEST_IBAN
from .engine import Engine
from .state import Row

CLIENT = {"ip_address": "127.0.0.1", "user_agent": "sandbox"}


def succeed(engine: Engine, row: Row, _code) -> None:
    """Collected now, whatever was planned."""
    row.outcome = PAID
    engine.payments.succeed(row)


def fail(engine: Engine, row: Row, code: str | None) -> None:
    """Refused now: by the bank while it is processing, as a dispute when it has succeeded."""
    code = code or "AM04"
    if row.status == "succeeded":
        engine.disputes.create(engine.payments.charge(row), code, late=True)
    else:
        engine.payments.fail(row, code)


def charge_back(engine: Engine, row: Row, code: str | None) -> None:
    """Taken back by the payer now, collected before when it is processing."""
    if row.status == "processing":
        succeed(engine, row, None)
    engine.disputes.create(engine.payments.charge(row), code or "MD06")


def pay_out(engine: Engine, row: Row, _code) -> None:
    """In a payout of today, with all that waits."""
    if row.status == "processing":
        succeed(engine, row, None)
    today = engine.world.clock.today
    for entry in engine.treasury.waiting:
        entry.available = min(entry.available, today)
        entry.doc["status"] = "available"
    if not engine.treasury.pay_out(today):
        raise ValueError("the balance is not positive, no payout can be made")


def plan(_engine: Engine, row: Row, code: str | None) -> None:
    """Set the bank's answer of a debit that is processing; ``code`` is such as "failed:AM04"."""
    if row.status != "processing":
        raise ValueError(f"payment intent {row.id} is {row.status}")
    row.outcome = Outcome(*parse(code or "paid"))


def fulfil_session(engine: Engine, row: Row, iban: str | None) -> None:
    """Completed by the payer without the hosted page; ``code`` may be the IBAN."""
    engine.sessions.complete(row, billing(engine, row), checks.iban(iban or TEST_IBAN), CLIENT)


def fulfil_setup(engine: Engine, row: Row, iban: str | None) -> None:
    """Confirmed in the payer's browser; ``code`` may be the IBAN."""
    method = engine.methods.add(checks.iban(iban or TEST_IBAN), billing(engine, row), {})
    acceptance = {"accepted_at": engine.now(), "online": CLIENT, "type": "online"}
    engine.setups.accept(row, method, acceptance)


def billing(engine: Engine, row: Row) -> dict:
    """Name and address of mail of the customer, or of somebody."""
    customer = engine.state.customers.get(row.doc["customer"] or "")
    known = customer.doc if customer else {}
    return {
        "name": known.get("name") or "Camille Martin",
        "email": known.get("email") or row.doc.get("customer_email") or "camille@example.com",
    }


# (table, action): what happens.
ACTIONS = {
    ("mandates", "cancel"): lambda engine, row, _code: engine.mandates.end(row),
    ("payment_intents", "confirm"): succeed,
    ("payment_intents", "fail"): fail,
    ("payment_intents", "charge_back"): charge_back,
    ("payment_intents", "pay_out"): pay_out,
    ("payment_intents", "plan"): plan,
    ("disputes", "win"): lambda engine, row, _code: engine.disputes.win(row),
    ("disputes", "lose"): lambda engine, row, _code: engine.disputes.lose(row),
    ("refunds", "bounce"): lambda engine, row, _code: engine.refunds.bounce(row),
    ("payouts", "bounce"): lambda engine, row, _code: engine.treasury.fail(row),
    ("sessions", "fulfil"): fulfil_session,
    ("sessions", "expire"): lambda engine, row, _code: engine.sessions.expire(row),
    ("setup_intents", "fulfil"): fulfil_setup,
}


def act(engine: Engine, action: str, identity: str, code: str | None) -> dict:
    """Play ``action`` on the resource and return its document.

    KeyError for an unknown resource, ValueError for an action that it does not have now.
    """
    row = engine.lookup(identity)
    if row is None:
        raise KeyError(identity)
    table = next(name for name, owner in vars(engine.state).items() if owner.get(identity) is row)
    if (table, action) not in ACTIONS:
        names = sorted(name for owner, name in ACTIONS if owner == table)
        raise ValueError(f"{table} know the actions {', '.join(names)}")
    ACTIONS[table, action](engine, row, code)
    engine.settle()
    return row.doc
