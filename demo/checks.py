"""The three checks that must say OK, each against the bank's own books."""

from collections import Counter
from dataclasses import dataclass, field

from odoo.addons.payment_direct_debit.debit_states import LIVE
from odoo.addons.payment_direct_debit.pure import money, target_calendar

# At the provider: attempts that have the money or may still bring it.
BANK_LIVE = {
    "pending_customer_approval",
    "pending_submission",
    "submitted",
    "confirmed",
    "paid_out",
}


@dataclass
class Result:
    """One check: its name, and what speaks against it."""

    name: str
    problems: list[str] = field(default_factory=list)
    detail: str = ""

    @property
    def ok(self):
        return not self.problems


def run(env, bank_side, day):
    """Return the results of the three checks.

    :param env: Odoo's environment, superuser.
    :param dict bank_side: {"payments": [...], "balance": {...}} of the stand-in, in cents.
    :param date day: the last day that was played.
    """
    return [
        debited_once(env, bank_side["payments"]),
        ledger_agrees(env, bank_side["balance"]),
        nothing_unexplained(env, day),
    ]


def debited_once(env, payments):
    """One payment for one attempt at the bank, and one live attempt for one installment."""
    result = Result("no installment debited twice")
    references = [payment["metadata"].get("odoo_ref") for payment in payments]
    for reference, count in Counter(references).items():
        if count > 1 or not reference:
            result.problems.append(f"{count} payments at the bank for attempt {reference}")
    ours = env["payment.transaction"].search([("debit_status", "!=", False)])
    installment_of = {debit.reference: debit.installment_id.name for debit in ours}
    live = Counter(
        installment_of.get(payment["metadata"].get("odoo_ref"))
        for payment in payments
        if payment["status"] in BANK_LIVE
    )
    result.problems += [
        f"{count} live payments for {name}"
        for name, count in live.items()
        if (count > 1 or name is None)
    ]
    ours_live = Counter(d.installment_id.name for d in ours if d.debit_status in LIVE)
    result.problems += [
        f"{count} live debits of {name}" for name, count in ours_live.items() if (count > 1)
    ]
    result.detail = f"{len(payments)} payments at the bank, {len(ours)} debits here"
    return result


def ledger_agrees(env, balance):
    """The outstanding account of the provider's journal holds what the provider holds for us."""
    result = Result("ledger equals the stand-in's balance to the cent")
    lines = env["account.move.line"].search(
        [("debit_transaction_id", "!=", False), ("parent_state", "=", "posted")]
    )
    # The other side of each entry is the provider's: what clients paid, less what went back.
    ours = sum(money.to_cents(-line.balance) for line in lines)
    account = sum(
        money.to_cents(line.balance)
        for line in lines.move_id.line_ids
        if not line.debit_transaction_id
    )
    theirs = balance["balance"]
    if ours != theirs:
        result.problems.append(f"{ours} cents here, {theirs} cents at the bank")
    if account != ours:
        result.problems.append(f"{account} cents on the outstanding account, {ours} on the clients")
    paid = env["payment.installment"].search([("state", "=", "paid"), ("attempt_count", ">", 0)])
    unpaid = paid.filtered(lambda i: i.invoice_id.amount_residual)
    result.problems += [f"{i.name} is paid, its invoice is not" for i in unpaid]
    result.detail = f"{ours / 100:,.2f} €".replace(",", " ").replace(".", ",")
    return result


def nothing_unexplained(env, day):
    """Every debit is at its end, or on its way with a date still to come."""
    result = Result("no transaction without a final or explained state")
    debits = env["payment.transaction"].search([("debit_status", "!=", False)])
    # Confirmed one working day after the charge; two more for the news to travel.
    patience = target_calendar.add_target_days(day, -3)
    for debit in debits:
        if debit.debit_status in ("draft", "submitting", "unknown"):
            result.problems.append(f"{debit.reference} is {debit.debit_status}")
        elif debit.debit_status == "submitted" and debit.debit_expected_date < patience:
            result.problems.append(f"{debit.reference} has been silent since its date")
        elif debit.debit_status in ("failed", "returned") and not debit.debit_reason_id:
            result.problems.append(f"{debit.reference} came back without a reason")
    waiting = env["payment.event"].search_count([("state", "in", ("received", "failed"))])
    if waiting:
        result.problems.append(f"{waiting} events not applied")
    on_the_way = len(debits.filtered(lambda d: d.debit_status == "submitted"))
    result.detail = f"{on_the_way} on the way to their date"
    return result
