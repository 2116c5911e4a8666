"""Odoo in a process that can be killed: loads once, then works in forked children.

`python -m tests.crash.worker DATABASE` reads one JSON command a line and answers with one line.
A child that collects is a whole process with its own connections; the test kills it with SIGKILL.
"""

import json
import os
import sys
import threading
from datetime import date, datetime, time

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

# Small chunks: more moments at which a kill finds something half done.
RUN_CHUNK, SEND_CHUNK = 20, 10


def load(database):
    config.parse_config(
        ["-d", database, "--max-cron-threads=0", "--no-http", "--log-level=error"],
        setup_logging=True,
    )
    server.start(preload=[], stop=True)
    threading.current_thread().dbname = database
    registry = Registry(database)
    from odoo.addons.payment_collection.models.run import payment_run
    from odoo.addons.payment_direct_debit.models import payment_transaction_sending

    payment_run.CHUNK = RUN_CHUNK
    payment_transaction_sending.CHUNK = SEND_CHUNK
    return registry


def in_transaction(registry, work, *arguments):
    with registry.cursor() as cr:
        return work(api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"}), *arguments)


def prepare(env, url, token, mandates, due):
    """Make the clients, their mandates and one installment for each."""
    env.company.country_id = env.ref("base.fr")
    env["account.chart.template"].try_loading("fr", company=env.company, install_demo=False)
    env["ir.config_parameter"].set_param("payment_gocardless.api_base_url", url)
    provider = env["payment.provider"].search([("code", "=", "gocardless")], limit=1)
    provider.write(
        {"state": "test", "gocardless_access_token": token, "debit_webhook_secret": "s" * 40}
    )
    partners = env["res.partner"].create([{"name": row["name"]} for row in mandates])
    registered = env["payment.mandate"]._register_existing(
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
    env["payment.installment"].create(
        [
            {
                "partner_id": mandate.partner_id.id,
                "amount": 10 + position * 0.29,
                "due_date": due,
                "mandate_id": mandate.id,
                "label": f"Contrat {position}",
            }
            for position, mandate in enumerate(registered)
        ]
    )
    return {"installments": len(registered)}


def collect(env, day):
    """What the daily cron does."""
    env["payment.run"]._cron_run(date.fromisoformat(day))


def settle(env, day):
    """Hear what became of the debits: the poller, then what it found."""
    on = date.fromisoformat(day)
    env["payment.transaction"]._debit_resolve_unknown(on, everything=True)
    env["payment.event"]._cron_poll(datetime.combine(on, time(6)))
    while env["payment.event"]._apply_received(on, commit=env.cr.commit):
        env.cr.commit()  # as the cron does


def state(env):
    """Return what the test compares with the bank's side."""
    debits = env["payment.transaction"].search([("debit_status", "!=", False)])
    lines = env["account.move.line"].search([("debit_transaction_id", "!=", False)])
    installments = env["payment.installment"].search([])
    return {
        "debits": {d.reference: d.debit_status for d in debits},
        "attempts": sorted(len(i.transaction_ids) for i in installments),
        "installments": sorted(set(installments.mapped("state"))),
        "invoices": len(installments.invoice_id),
        "unposted": len(installments.invoice_id.filtered(lambda m: m.state != "posted")),
        "stray_invoices": env["account.move"].search_count(
            [("move_type", "=", "out_invoice"), ("installment_ids", "=", False)]
        ),
        "cents": round(-sum(lines.mapped("balance")) * 100),
        "runs": env["payment.run"].search([]).mapped("state"),
    }


COMMANDS = {"prepare": prepare, "settle": settle, "state": state}


def fork_collect(registry, day):
    """Collect in a child and tell its process id; `None` as exit code means: killed."""
    odoo.sql_db.close_all()  # a connection must not live in two processes
    child = os.fork()
    if child == 0:
        code = 1
        try:
            in_transaction(registry, collect, day)
            code = 0
        finally:
            os._exit(code)
    say({"pid": child})
    _pid, status = os.waitpid(child, 0)
    return {"exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None}


def say(answer):
    print(json.dumps(answer, default=str), flush=True)


def main(database):
    registry = load(database)
    say({"ready": True})
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        if name == "collect":
            say(fork_collect(registry, *arguments))
        else:
            say({"result": in_transaction(registry, COMMANDS[name], *arguments)})


if __name__ == "__main__":
    main(sys.argv[1])
