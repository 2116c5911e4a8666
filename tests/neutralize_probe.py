"""Works on a copy of a database in a process of its own: fills it, or tells what is in it.

`python -m tests.neutralize_probe fill|look DATABASE`; one line of JSON is the answer. The test that
asks has a registry of its own, on another database.
"""

import json
import socket
import sys
import threading
from datetime import date

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

SECRET = "s3cret-of-the-original"
# What a secret must look like for a client to take it.
FORMS = {"stripe_sepa_secret_key": f"sk_live_{SECRET.replace('-', '_')}"}


def debit_providers(env):
    """Return the payment providers that take debits, archived or not."""
    return (
        env["payment.provider"]
        .with_context(active_test=False)
        .search([])
        .filtered("is_debit_provider")
    )


def guarded(provider):
    """Return the names of the texts that only an administrator may read, and those named so."""
    return sorted(
        field.name
        for field in provider._fields.values()
        if field.store
        and field.type in ("char", "text")
        and (
            field.groups == "base.group_system"
            or any(word in field.name for word in ("secret", "token", "password", "api_key"))
        )
    )


def fill(env):
    """Configure every provider as a business that collects has it."""
    for provider in debit_providers(env):
        values = {name: FORMS.get(name, SECRET) for name in guarded(provider)}
        plain = {"slimpay_creditor_reference": "creditor"}
        known = {name: value for name, value in plain.items() if name in provider._fields}
        # The demo bank is never live, and refuses to work beside those that are.
        live = provider.code != "demo_debit"
        provider.write({**values, **known, "state": "enabled" if live else "test"})
        if live:
            provider.action_debit_resume()
    env["ir.cron"].with_context(active_test=False).search([]).write({"active": True})
    env.cr.commit()  # the copy is what the next process reads
    return look(env)


def look(env):
    """Return what a copy could still do."""
    return {
        "providers": {provider.code: state_of(provider) for provider in debit_providers(env)},
        "crons": sorted(
            data.complete_name
            for data in env["ir.model.data"].search([("model", "=", "ir.cron")])
            if env["ir.cron"].browse(data.res_id).active
        ),
        "calls": calls_of_the_crons(env),
    }


def state_of(provider):
    """Return what one provider still has, and how it refuses to work."""
    # Our addons are found only after Odoo has read its configuration.
    from odoo.addons.payment_direct_debit.exceptions import DebitError

    try:
        provider._debit_client()
        refusal = ""
    except DebitError as error:
        refusal = str(error)
    return {
        "state": provider.state,
        "paused": provider.debit_paused,
        "ready": provider._debit_ready(),
        "secrets": [name for name in guarded(provider) if provider[name]],
        "refusal": refusal,
    }


def calls_of_the_crons(env):
    """Let the jobs run all the same; return the addresses that somebody wanted to reach."""
    reached = []

    def refuse(*address, **_options):
        reached.append(str(address))
        raise OSError("this copy may not call anybody")

    there = socket.getaddrinfo
    socket.getaddrinfo = refuse
    try:
        env["payment.event"]._cron_poll()
        env["payment.transaction"]._cron_poll_debits(date.today())
        env["payment.payout"]._cron_fetch(date.today())
    finally:
        socket.getaddrinfo = there
    return reached


def main(command, database):
    """Do it, and write the answer."""
    options = ["-d", database, "--max-cron-threads=0", "--no-http", "--log-level=error"]
    config.parse_config(options, setup_logging=True)
    server.start(preload=[], stop=True)
    threading.current_thread().dbname = database
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        answer = {"fill": fill, "look": look}[command](env)
        cr.rollback()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
