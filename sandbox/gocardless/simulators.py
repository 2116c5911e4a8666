"""Shortcuts that take one resource through a scenario, outside the timetable."""

from sandbox.core.outcomes import PAID, Outcome

from .engine import Engine
from .state import Payment

SIMULATED_FAILURE = "TEST"


def submitted(engine: Engine, row: Payment) -> None:
    """To the banks, unless it is there."""
    if row.status == "pending_submission":
        engine.payments.submit(row)
    if row.status != "submitted":
        raise ValueError(f"payment {row.id} is {row.status}")


def confirmed(engine: Engine, row: Payment) -> None:
    """Collected."""
    submitted(engine, row)
    row.outcome = PAID
    engine.payments.confirm(row)


def paid_out(engine: Engine, row: Payment) -> None:
    """In a payout of today."""
    if row.status == "paid_out":
        return
    if row.status != "confirmed":
        confirmed(engine, row)
    engine.treasury.credit(row)
    settle(engine)


def settle(engine: Engine) -> None:
    """Pay out what waits, today."""
    if not engine.treasury.pay_out(engine.world.clock.today):
        raise ValueError("the balance is not positive, no payout can be made")


def failed(engine: Engine, row: Payment, code: str = SIMULATED_FAILURE) -> None:
    """Refused by the bank."""
    submitted(engine, row)
    engine.payments.fail(row, code)


def late_failure(engine: Engine, row: Payment, code: str = SIMULATED_FAILURE) -> None:
    """Refused after the payout."""
    paid_out(engine, row)
    engine.payments.fail(row, code)


def charged_back(engine: Engine, row: Payment, code: str = "MD06") -> None:
    """Charged back after the payout."""
    paid_out(engine, row)
    row.outcome = Outcome("chargeback", code)
    engine.payments.charge_back(row)


def settle_balance(engine: Engine, _row: Payment) -> None:
    """The debit is in a payout of today, if other credits make it positive."""
    settle(engine)


def bounce_payout(engine: Engine, row) -> None:
    """The creditor's bank refused the payout."""
    if row.status != "paid":
        raise ValueError(f"payout {row.id} is {row.status}")
    row.doc["status"] = "bounced"
    engine.events.emit(
        "creditors",
        engine.creditor,
        "bounced_payout",
        "bounced_payout",
        origin="bank",
        links={"payout": row.id},
    )


# Name of the simulator: (table of the resource, steps).
SIMULATORS = {
    "payment_submitted": ("payments", [submitted]),
    "payment_confirmed": ("payments", [confirmed]),
    "payment_paid_out": ("payments", [paid_out]),
    "payment_failed": ("payments", [failed]),
    "payment_late_failure": ("payments", [late_failure]),
    "payment_late_failure_settled": ("payments", [late_failure, settle_balance]),
    "payment_charged_back": ("payments", [charged_back]),
    "payment_chargeback_settled": ("payments", [charged_back, settle_balance]),
    "mandate_expired": ("mandates", [lambda engine, row: engine.mandates.expire(row)]),
    "mandate_transferred": ("mandates", [lambda engine, row: engine.mandates.transfer(row)]),
    "refund_paid": ("refunds", [lambda engine, row: engine.refunds.pay(row)]),
    "refund_bounced": ("refunds", [lambda engine, row: engine.refunds.bounce(row)]),
    "payout_bounced": ("payouts", [bounce_payout]),
}


def run(engine: Engine, name: str, identity: str) -> None:
    """Run a simulator; KeyError for an unknown id, ValueError when the state forbids it."""
    table, steps = SIMULATORS[name]
    row = engine.state.table(table).get(identity)
    if row is None:
        raise KeyError(identity)
    for step in steps:
        step(engine, row)
