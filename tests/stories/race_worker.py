"""Odoo in a process whose children work at the same moment: `python -m tests.stories.race_worker`.

Speaks the language of `tests.crash.worker`; a child is a process with connections of its own.
"""

import json
import os
import sys
import time
from datetime import date

from dateutil.relativedelta import relativedelta

import odoo
from odoo.fields import Command

from tests.crash.worker import collect, in_transaction, load, say, settle, state


def prepare(env, url, token, mandates, due):
    """Make clients with a mandate and an active contract each, the first period due on a day."""
    env.company.country_id = env.ref("base.fr")
    env["account.chart.template"].try_loading("fr", company=env.company, install_demo=False)
    env["ir.config_parameter"].set_param("payment_gocardless.api_base_url", url)
    provider = env["payment.provider"].search([("code", "=", "gocardless")], limit=1)
    provider.write(
        {"state": "test", "gocardless_access_token": token, "debit_webhook_secret": "s" * 40}
    )
    partners = env["res.partner"].create([{"name": row["name"]} for row in mandates])
    held = env["payment.mandate"]._register_existing(
        [
            {
                "name": row["reference"],
                "partner_id": partner.id,
                "iban": row["iban"],
                "scheme": "core",
                "signed_on": date(2025, 11, 3),
                "provider_id": provider.id,
                "provider_ref": row["mandate_id"],
                "company_id": env.company.id,
            }
            for row, partner in zip(mandates, partners, strict=True)
        ]
    )
    product = env["product.product"].create({"name": "Maintenance", "type": "service"})
    contracts = env["crm.contract"].create(
        [
            contract_values(mandate, product, 10 + number, date.fromisoformat(due))
            for number, mandate in enumerate(held)
        ]
    )
    contracts._activate(date.fromisoformat(due))
    return {"installments": len(contracts.installment_ids)}


def contract_values(mandate, product, price, day):
    """Return a contract of one month that begins on a day."""
    line = {"product_id": product.id, "price_unit": price, "tax_ids": [Command.clear()]}
    return {
        "partner_id": mandate.partner_id.id,
        "mandate_id": mandate.id,
        "date_start": day,
        "date_end": day + relativedelta(months=1, days=-1),
        "billing_day": day.day,
        "line_ids": [Command.create(line)],
    }


def send(env, _day):
    """What the scheduler does every few minutes beside the runs."""
    env["payment.transaction"]._cron_send_debits()


def resolve(env, day):
    """The same for unknown outcomes, without waiting."""
    env["payment.transaction"]._debit_resolve_unknown(date.fromisoformat(day), everything=True)


WORK = {"collect": collect, "send": send, "resolve": resolve}


def race(registry, day, names):
    """Let processes work at the same moment; return their exit codes, in order."""
    odoo.sql_db.close_all()  # a connection must not live in two processes
    start = time.time() + 0.3
    children = [fork(registry, WORK[name], day, start) for name in names]
    return [os.WEXITSTATUS(os.waitpid(child, 0)[1]) for child in children]


def fork(registry, work, day, start):
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        time.sleep(max(0, start - time.time()))
        in_transaction(registry, work, day)
        code = 0
    finally:
        os._exit(code)


COMMANDS = {"prepare": prepare, "settle": settle, "state": state}


def main(database):
    registry = load(database)
    say({"ready": True})
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "race":
            say({"result": race(registry, *arguments)})
        else:
            say({"result": in_transaction(registry, COMMANDS[name], *arguments)})


if __name__ == "__main__":
    main(sys.argv[1])
