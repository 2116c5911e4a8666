"""The four checks that must say OK, each against the bank's own books."""

from collections import Counter
from dataclasses import dataclass, field

from odoo.addons.payment_direct_debit.debit_states import LIVE
from odoo.addons.payment_direct_debit.pure import money, target_calendar

# Of a database that was played before requests were validated.
NOT_COUNTED = {"validated": 0, "violations": 0, "first": []}


@dataclass
class Result:
    """One check: its name, and what speaks against it."""

    name: str
    problems: list[str] = field(default_factory=list)
    detail: str = ""

    @property
    def ok(self):
        return not self.problems


def run(env, bank_sides, day):
    """Return the results of the four checks.

    :param env: Odoo's environment, superuser.
    :param dict bank_sides: {provider's code: {"attempts": [...], "balance": {...},
        "shapes": {...}}} of the stand-ins, amounts in cents.
    :param date day: the last day that was played.
    """
    return [
        debited_once(env, bank_sides),
        ledger_agrees(env, bank_sides),
        nothing_unexplained(env, day),
        as_published(bank_sides),
    ]


def debited_once(env, bank_sides):
    """One payment for one attempt at the banks, and one live attempt for one installment."""
    result = Result("no installment debited twice")
    attempts = [pair for side in bank_sides.values() for pair in side["attempts"]]
    ours = env["payment.transaction"].search([("debit_status", "!=", False)])
    installment_of = {debit.provider_reference: debit.installment_id.name for debit in ours}
    result.problems += [
        f"payment {ref} at the bank is known to no debit here"
        for ref, _live in attempts
        if ref not in installment_of
    ]
    live = Counter(installment_of.get(ref) for ref, is_live in attempts if is_live)
    live_here = Counter(d.installment_id.name for d in ours if d.debit_status in LIVE)
    for where, counts in (("at the bank", live), ("here", live_here)):
        for name, count in counts.items():
            if count > 1:
                result.problems.append(f"{count} live attempts for {name} {where}")
    result.detail = f"{len(attempts)} payments at the bank, {len(ours)} debits here"
    return result


def ledger_agrees(env, bank_sides):
    """What clients paid, less what went back, is what each provider has for us."""
    result = Result("ledger equals the stand-in's balance to the cent")
    total = 0
    for code, side in bank_sides.items():
        lines = env["account.move.line"].search(
            [
                ("debit_transaction_id.provider_code", "=", code),
                ("parent_state", "=", "posted"),
            ]
        )
        ours = sum(money.to_cents(-line.balance) for line in lines)
        theirs = side["balance"]["balance"]
        if ours != theirs:
            result.problems.append(f"{code}: {ours} cents here, {theirs} cents at the bank")
        total += ours
    paid = env["payment.installment"].search([("state", "=", "paid"), ("attempt_count", ">", 0)])
    unpaid = paid.filtered(lambda i: i.invoice_id.amount_residual)
    result.problems += [f"{i.name} is paid, its invoice is not" for i in unpaid]
    result.detail = f"{total / 100:,.2f} €".replace(",", " ").replace(".", ",")
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


def as_published(bank_sides):
    """No request of the play is against the shapes that its provider publishes."""
    result = Result("every request as its provider publishes it")
    verdicts = {code: side.get("shapes", NOT_COUNTED) for code, side in bank_sides.items()}
    for code, verdict in verdicts.items():
        if not verdict["validated"]:
            result.problems.append(f"{code}: no request was validated")
        if verdict["violations"]:
            result.problems.append(f"{code}: {verdict['violations']} against the published shapes")
        for entry in verdict["first"]:
            what = "; ".join(entry["violations"])
            result.problems.append(f"{code}: {entry['method']} {entry['path']}: {what}")
    validated = sum(verdict["validated"] for verdict in verdicts.values())
    violations = sum(verdict["violations"] for verdict in verdicts.values())
    result.detail = f"{validated} requests validated, violations: {violations}"
    return result
