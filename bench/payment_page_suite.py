"""Measures the Payments page. Runs inside Odoo (`env` is given).

Arguments: the file for the result, and `archives` to measure that screen too. Each thing is asked
for as the web client asks for it, by a finance user or a sales rep, with cold records and warm
registry.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from lxml import etree

from odoo import Command, fields

from bench.payment_page_statistics import things_of_statistics

TIMES = 7
PAGE = [("payment_status", "!=", False), ("payment_archived_on", "=", False)]
ARCHIVES = [("payment_status", "!=", False), ("payment_archived_on", "!=", False)]
COUNT_LIMIT = 10001


def specification(env, xmlid):
    """Return what the web client reads of a list view: {field: specification}."""
    view = env.ref(xmlid).sudo()
    model = env[view.model]
    arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
    names = {node.get("name") for node in arch.findall("./field")}
    return {
        name: {"fields": {"display_name": {}}} if model._fields[name].type == "many2one" else {}
        for name in names
    }


def finance_user(env):
    """Return a user who works on the page."""
    users = env["res.users"]
    return users.search([("login", "=", "bench_finance")]) or users.create(
        {
            "name": "Finance",
            "login": "bench_finance",
            "group_ids": [Command.link(env.ref("payment_direct_debit.group_payment_user").id)],
        }
    )


def things_of_finance(page, rep):
    """Return {what a finance person does on the page: function that does it}.

    :param page: payment.transaction as that person sees it.
    :param rep: a sales rep with payments.
    """
    shown = specification(page.env, "payment_collection.payment_page_view_list")
    month = [("payment_day", ">=", "2026-05-01"), ("payment_day", "<", "2026-06-01")]
    failed = [("payment_status", "=", "failed")]

    def listed(domain, offset=0):
        return lambda: page.web_search_read(
            PAGE + domain, shown, offset=offset, limit=80, order="id desc", count_limit=COUNT_LIMIT
        )

    def grouped(group_by, domain=(), limit=80):
        return lambda: page.web_read_group(
            [*PAGE, *domain], [group_by], ["amount:sum", "__count"], limit=limit
        )

    def figures(domain):
        return lambda: page.get_payment_figures(PAGE + domain)

    return {
        "open": listed([]),
        "open page 100": listed([], 8000),
        "filter: failed": listed(failed),
        "filter: outcome unknown (none)": listed([("payment_status", "=", "unknown")]),
        "filter: one month": listed(month),
        "filter: one month, failed": listed(month + failed),
        "filter: client by name": listed([("partner_id", "ilike", "Client 1234")]),
        "filter: one rep": listed([("rep_id", "=", rep.id)]),
        "group by status": grouped("payment_status"),
        "group by provider": grouped("provider_id"),
        "group by reason": grouped("debit_reason_id"),
        "group by rep": grouped("rep_id"),
        "group by due day": grouped("payment_due_day"),
        "group by month": grouped("payment_day:month"),
        "group by client": grouped("partner_id"),
        "group by client, failed": grouped("partner_id", failed),
        "figures: all": figures([]),
        "figures: one month": figures(month),
        "figures: failed": figures(failed),
        "figures: one rep": figures([("rep_id", "=", rep.id)]),
    }


def things_beside(page, facts):
    """Return the same for the search panel, the cycle, and the facts of a sales rep.

    :param facts: payment.status.report as the rep sees it.
    """
    facts_shown = specification(facts.env, "payment_collection.payment_status_report_view_list")

    def panel(name, counters):
        return lambda: page.search_panel_select_multi_range(
            name, search_domain=PAGE, enable_counters=counters, expand=False, limit=200
        )

    return {
        "panel: status": panel("payment_status", True),
        "panel: provider": panel("provider_id", True),
        "panel: reason": panel("debit_reason_id", True),
        "panel: rep": panel("rep_id", False),
        "panel: due day": panel("payment_due_day", False),
        "calendar of debits: a month that is over": lambda: page.env[
            "payment.debit.calendar"
        ].get_calendar("2026-05-01"),
        "calendar of debits: this month": lambda: page.env["payment.debit.calendar"].get_calendar(
            str(fields.Date.today())
        ),
        "cycle of a payment": lambda: page.env["payment.cycle"].get_cycle(
            "payment.transaction", 10_000_004
        ),
        "cycle of a client": lambda: page.env["payment.cycle"].get_cycle("res.partner", 10_000_004),
        "rep: open": lambda: facts.web_search_read(
            [], facts_shown, limit=80, count_limit=COUNT_LIMIT
        ),
        "rep: group by status": lambda: facts.web_read_group(
            [], ["payment_status"], ["amount:sum", "__count"]
        ),
    }


def things_of_archives(page):
    """Return the same for the Archives screen, and for what the page asks the archives."""
    shown = specification(page.env, "payment_collection.payment_archive_view_list")
    year = [("payment_archive_year", "=", "2024")]
    client = [("partner_id", "ilike", "Client 1234")]

    def listed(domain):
        return lambda: page.web_search_read(
            ARCHIVES + domain, shown, limit=80, order="id desc", count_limit=COUNT_LIMIT
        )

    def grouped(group_by, domain=()):
        return lambda: page.web_read_group(
            [*ARCHIVES, *domain], [group_by], ["amount:sum", "__count"], limit=80
        )

    return {
        "page: how many more in the archives, failed": lambda: page.search_count(
            [*ARCHIVES, ("payment_status", "=", "failed")], limit=1001
        ),
        "page: how many more in the archives, client": lambda: page.search_count(
            ARCHIVES + client, limit=1001
        ),
        "archives: open": listed([]),
        "archives: one year": listed(year),
        "archives: client by name": listed(client),
        "archives: group by year": grouped("payment_archive_year"),
        "archives: group by status": grouped("payment_status"),
        "archives: group by client": grouped("partner_id"),
        "archives: group by rep, one year": grouped("rep_id", year),
        "archives: figures": lambda: page.get_payment_figures(ARCHIVES),
        "archives: figures, one year": lambda: page.get_payment_figures(ARCHIVES + year),
        "archives: panel of years": lambda: page.search_panel_select_range(
            "payment_archive_year", search_domain=ARCHIVES, enable_counters=True, limit=200
        ),
        "archives: panel of statuses, one year": lambda: page.search_panel_select_multi_range(
            "payment_status",
            search_domain=ARCHIVES,
            category_domain=year,
            enable_counters=True,
            expand=False,
            limit=200,
        ),
    }


def things(env, archives):
    """Return {what a person does: function that does it}.

    :param bool archives: whether there is something in the archives.
    """
    page = env["payment.transaction"].with_user(finance_user(env))
    rep = env["res.users"].search([("login", "=", "rep3")])
    facts = env["payment.status.report"].with_user(rep)
    beside = things_of_archives(page) if archives else {}
    beside |= things_of_statistics(page.env["payment.collection.report"])
    return {**things_of_finance(page, rep), **things_beside(page, facts), **beside}


def measure(env, name, thing):
    """Do a thing several times with cold records: median and worst milliseconds, statements."""
    taken, sql = [], 0
    for attempt in range(TIMES + 1):
        env.invalidate_all()
        statements, start = env.cr.sql_log_count, time.perf_counter()
        thing()
        if attempt:  # the first one fills the caches of the registry and of PostgreSQL
            taken.append(1000 * (time.perf_counter() - start))
            sql = env.cr.sql_log_count - statements
    return {"name": name, "median": statistics.median(taken), "worst": max(taken), "sql": sql}


def main(env, result, *what):
    done = things(env, "archives" in what)
    rows = [measure(env, name, thing) for name, thing in done.items()]
    Path(result).write_text(json.dumps(rows))


main(env, *sys.argv[1:])  # noqa: F821 - `env` is given
