"""Fills a database for the bench of the Payments page. Runs inside Odoo (`env` is given).

Arguments: how many payments, how many installments. One of each is made as the suite makes them;
the others are copies of its row, by one statement a table.
"""

import sys
from datetime import date

from odoo import Command
from odoo.tools import SQL

FIRST = 10_000_000  # ids of the copies
CLIENTS = 20_000
REPS = 20
TODAY = date(2026, 6, 1)


# 85 in 100 paid, 5 failed and 3 returned (half of both recovered since), the rest on its way.
DRAW = SQL("abs(hashint4(n)) %% 100")
DAY = SQL("DATE '2026-06-01' - (n %% 900)")
CAME_BACK = SQL("%s < 8", DRAW)
STILL_OWED = SQL("%s AND n %% 2 = 0", CAME_BACK)
CLIENT = SQL("%s + 1 + n %% %s", FIRST, CLIENTS)


def one_of_each(env):
    """Return (rep, partner, contract, mandate, installment, debit, dunning), made by the suite."""
    company = env.company
    company.prenotification_required = False
    provider = env["payment.provider"].search(
        [("code", "=", "demo_debit"), ("company_id", "=", company.id)], limit=1
    )
    provider.state = "test"
    rep = env["res.users"].create(
        {
            "name": "Rep 0",
            "login": "rep0",
            "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)],
        }
    )
    partner = env["res.partner"].create({"name": "Client", "user_id": rep.id})
    mandate = provider._demo_open_mandates([{"partner_id": partner.id, "signed_on": TODAY}])
    product = env["product.product"].create({"name": "Service", "list_price": 30})
    contract = env["crm.contract"].create(
        {
            "partner_id": partner.id,
            "user_id": rep.id,
            "date_start": TODAY,
            "mandate_id": mandate.id,
            "collection_mode": "automatic",
            "line_ids": [Command.create({"product_id": product.id})],
        }
    )
    contract._activate(TODAY)
    installment = contract.installment_ids[:1]
    debit = env["payment.transaction"]._debit_create(
        [
            {
                "installment_id": installment.id,
                "mandate_id": mandate.id,
                "partner_id": partner.id,
                "amount": 36,
                "currency_id": company.currency_id.id,
                "reference": "BENCH-0",
                "debit_requested_date": TODAY,
                "debit_description": "Bench",
            }
        ]
    )
    installment._invoice(TODAY)
    installment._set_state("in_collection")
    debit._debit_fail("bench", TODAY, "AM04")
    return rep, partner, contract, mandate, installment, debit, installment.dunning_ids


def copies(record, count, **changes):
    """Copy a row `count` times.

    :param record: the one to copy.
    :param changes: {column: SQL over the number `n` of the copy, from 1 on}.
    """
    pairs = [SQL("'id', %s + n", FIRST)]
    pairs += [SQL("%s::text, %s", column, value) for column, value in changes.items()]
    record.env.flush_all()
    record.env.cr.execute(
        SQL(
            """INSERT INTO %(table)s SELECT made.* FROM %(table)s one
                CROSS JOIN generate_series(1, %(count)s) n
                CROSS JOIN LATERAL jsonb_populate_record(one, jsonb_build_object(%(pairs)s)) made
                WHERE one.id = %(id)s""",
            table=SQL.identifier(record._table),
            count=count,
            pairs=SQL(", ").join(pairs),
            id=record.id,
        )
    )


def copy_clients(env, partner, mandate, contract):
    """Copy the client, his mandate and his contract."""
    copies(partner, CLIENTS, complete_name=SQL("'Client ' || n"), name=SQL("'Client ' || n"))
    env.cr.execute("UPDATE res_partner SET commercial_partner_id = id WHERE id > %s", [FIRST])
    copies(
        mandate,
        CLIENTS,
        name=SQL("'RUM' || n"),
        bank_name=SQL("'Bank ' || n %% 40"),
        partner_id=SQL("%s + n", FIRST),
        provider_mandate_ref=SQL("'MD' || n"),
    )
    copies(
        contract,
        CLIENTS,
        name=SQL("'CT/' || n"),
        partner_id=SQL("%s + n", FIRST),
        mandate_id=SQL("%s + n", FIRST),
    )


def copy_installments(installment, dunning, count):
    """Copy the installment, and the dunning of what is unpaid."""
    copies(
        installment,
        count,
        name=SQL("'EC' || n"),
        partner_id=CLIENT,
        mandate_id=CLIENT,
        contract_id=CLIENT,
        invoice_id=SQL("NULL"),
        due_date=DAY,
        period_start=SQL("DATE '1990-01-01' + n / %s", CLIENTS),
        state=SQL("CASE WHEN %s THEN 'unpaid' ELSE 'paid' END", STILL_OWED),
        paid_on=SQL("CASE WHEN NOT (%s) THEN %s + n %% 40 END", STILL_OWED, DAY),
    )
    copies(
        dunning,
        count,
        installment_id=SQL("%s + n", FIRST),
        partner_id=CLIENT,
        state=SQL("CASE WHEN %s THEN 'running' ELSE 'recovered' END", STILL_OWED),
        is_open=STILL_OWED,
    )


def copy_payments(debit, reps, count, installments):
    """Copy the debit; the first ones belong to the installments."""
    his_rep = SQL("(%s::int[])[1 + n %% %s %% %s]", reps.ids, CLIENTS, REPS)
    reasons = debit.env["payment.reason.code"].search([], limit=12).ids
    names = [{"name": f"Product {number}"} for number in range(12)]
    products = debit.env["product.product"].create(names).ids
    status = SQL(
        """CASE WHEN %(draw)s < 5 THEN 'failed' WHEN %(draw)s < 8 THEN 'returned'
                WHEN %(draw)s < 93 THEN 'paid_out' WHEN %(draw)s < 95 THEN 'collected'
                WHEN %(draw)s < 98 THEN 'submitted' ELSE 'draft' END""",
        draw=DRAW,
    )
    copies(
        debit,
        count,
        reference=SQL("'BENCH-' || n"),
        debit_key=SQL("'KEY' || n"),
        provider_reference=SQL("'PM' || n"),
        partner_id=CLIENT,
        mandate_id=CLIENT,
        contract_id=SQL("CASE WHEN n <= %s THEN %s END", installments, CLIENT),
        installment_id=SQL("CASE WHEN n <= %s THEN %s + n END", installments, FIRST),
        amount=SQL("10 + n %% 90"),
        debit_status=status,
        payment_status=status,
        payment_follow_up=SQL("CASE WHEN %s AND n %% 2 = 1 THEN 'recovered' END", CAME_BACK),
        payment_day=DAY,
        payment_due_day=SQL("to_char(%s, 'DD')", DAY),
        debit_requested_date=DAY,
        debit_expected_date=DAY,
        debit_reason_id=SQL("CASE WHEN %s THEN (%s::int[])[1 + n %% 12] END", CAME_BACK, reasons),
        rep_id=his_rep,
        attempt_number=SQL("CASE WHEN n <= %s THEN 1 + n %% 10 / 8 ELSE 0 END", installments),
        main_product_id=SQL("(%s::int[])[1 + n %% 12]", products),
        provider_fee=SQL("CASE WHEN %s THEN 0.5 ELSE 0.2 END", CAME_BACK),
    )


def fill(env, payments, installments):
    """Fill the tables.

    :param int payments: rows of payment.transaction; more than installments.
    :param int installments: rows of payment.installment; each has one payment.
    """
    rep, partner, contract, mandate, installment, debit, dunning = one_of_each(env)
    reps = rep + rep.union(*(rep.copy({"login": f"rep{n}"}) for n in range(1, REPS)))
    copy_clients(env, partner, mandate, contract)
    copy_installments(installment, dunning, installments)
    copy_payments(debit, reps, payments, installments)


fill(env, int(sys.argv[1]), int(sys.argv[2]))  # noqa: F821 - `env` is given
