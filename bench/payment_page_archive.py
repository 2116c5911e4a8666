"""Moves what is over and old into the archives. Runs inside Odoo (`env` is given).

Argument: the months that payments stay in the daily view. It is the night's own work, over a
database in which no night has done it yet.
"""

import sys
import time
from datetime import date

TODAY = date(2026, 6, 1)


def archive(env, months):
    """Archive, and say how many payments in which time."""
    payments = env["payment.transaction"]
    env["res.company"].search([]).archive_after_months = months
    start = time.perf_counter()
    payments._cron_archive(TODAY)
    seconds = time.perf_counter() - start
    count = payments.search_count([("payment_archived_on", "!=", False)])
    sys.stdout.write(f"{count} payments archived in {seconds:.1f} s\n")


archive(env, int(sys.argv[1]))  # noqa: F821 - `env` is given
