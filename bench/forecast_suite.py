"""Measures the cash forecast. Runs inside Odoo (`env` is given).

Argument: the file for the result. First the night that looks back on a year, then an ordinary
night, then the page as a finance user opens it.
"""

import json
import statistics
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from odoo import Command

TODAY = date(2025, 9, 28)
TIMES = 7


def timed(env, thing):
    """Do a thing with cold records; the seconds that it took."""
    env.invalidate_all()
    start = time.perf_counter()
    thing()
    env.flush_all()
    return time.perf_counter() - start


def main(env, result):
    forecasts = env["payment.cash.forecast"]
    finance = env["res.users"].create(
        {
            "name": "Finance",
            "login": "bench_finance",
            "group_ids": [Command.link(env.ref("payment_direct_debit.group_payment_user").id)],
        }
    )
    tomorrow = TODAY + timedelta(days=1)
    times = {
        "first night, a year looked back at, s": timed(
            env, lambda: forecasts._forecast_company(env.company, TODAY)
        ),
        "every night, s": timed(env, lambda: forecasts._forecast_company(env.company, tomorrow)),
    }
    page = forecasts.with_user(finance)
    opened = [timed(env, lambda: page.get_cash_forecast(tomorrow)) for _ in range(TIMES)]
    times["the page, ms"] = 1000 * statistics.median(opened)
    errors = forecasts._told_errors(env.company, tomorrow)
    Path(result).write_text(json.dumps({"errors": errors, "times": times}))


main(env, sys.argv[1])  # noqa: F821 - `env` is given
