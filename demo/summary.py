"""The summary at the end: what the half year brought."""

from odoo.tools import float_round

from demo.checks import NOT_COUNTED


def show(env, results, bank_sides):
    """Print the summary and the checks.

    :param env: Odoo's environment.
    :param list results: checks.Result.
    :param dict bank_sides: see checks.run.
    """
    out = []
    contracts(env, out)
    amounts(env, out)
    debits(env, out)
    requests(bank_sides, out)
    out.append("")
    for result in results:
        verdict = "OK" if result.ok else "NOT OK"
        out.append(f"  {verdict:<7} {result.name} ({result.detail})")
        out += [f"          {problem}" for problem in result.problems[:20]]
    print("\n".join(out), flush=True)


def euros(amount):
    """Return an amount the French way."""
    text = f"{float_round(amount, precision_digits=2):,.2f}"
    return text.replace(",", " ").replace(".", ",") + " €"


def contracts(env, out):
    """Contracts by state."""
    states = dict(env["crm.contract"]._fields["state"]._description_selection(env))
    groups = env["crm.contract"]._read_group([], ["state"], ["__count"])
    out += ["", f"Contracts: {sum(count for _state, count in groups)}"]
    out += [f"  {count:>6}  {states[state]}" for state, count in groups]


def amounts(env, out):
    """What was billed, collected, and is open."""
    invoices = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")]
    )
    billed = sum(invoices.mapped("amount_total"))
    residual = sum(invoices.mapped("amount_residual"))
    out += ["", f"Billed: {euros(billed)} in {len(invoices)} invoices"]
    out.append(f"Collected: {euros(billed - residual)}")
    out.append(f"Open: {euros(residual)}")
    held = env["payment.installment"].search_count([("state", "=", "held")])
    out.append(f"Held installments: {held}")


def debits(env, out):
    """Debits by status and reason."""
    statuses = dict(env["payment.transaction"]._fields["debit_status"]._description_selection(env))
    groups = env["payment.transaction"]._read_group(
        [("debit_status", "!=", False)],
        ["debit_status", "debit_reason_id"],
        ["__count", "amount:sum"],
    )
    out += ["", f"Debits: {sum(group[2] for group in groups)}"]
    for status, reason, count, amount in groups:
        why = reason.display_name if reason and status in ("failed", "returned") else ""
        out.append(f"  {count:>6}  {statuses[status]:<18} {euros(amount):>16}  {why}")
    again = env["payment.transaction"].search_count([("debit_tries", ">", 1)])
    out.append(f"  {again:>6}  of them sent again with the same key after an unknown outcome")


def requests(bank_sides, out):
    """What was asked of the providers, held against what they publish."""
    out.append("")
    for code, side in sorted(bank_sides.items()):
        verdict = side.get("shapes", NOT_COUNTED)
        out.append(
            f"Requests validated against the published shapes: {verdict['validated']:,}, "
            f"violations: {verdict['violations']:,} ({code})"
        )
