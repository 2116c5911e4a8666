"""The Payments page over half a million payments: server time of each thing a person does there."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.collection import made_template
from vision_cli.database import drop
from vision_cli.odoo_script import run_in_odoo
from vision_cli.progress import Stop, say
from vision_cli.setup import Machine, set_up

NAME = "vision_bench_page"
ADDONS = "crm_contrats,payment_direct_debit_demo"
BENCH = Path(__file__).parent
# What the page promises for each of them, in milliseconds; statistics for their default period.
PROMISE = 400
UNPROMISED = "all years"


def parsed(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the options of the bench."""
    parser = argparse.ArgumentParser(prog="vision bench payment_page", description=__doc__)
    parser.add_argument("--payments", type=int, default=500_000)
    parser.add_argument("--installments", type=int, default=200_000)
    parser.add_argument(
        "--archive-after", type=int, default=12, help="months, for the second measurement"
    )
    parser.add_argument("--keep", action="store_true", help="keep the database afterwards")
    return parser.parse_args(argv)


def kept(row: dict) -> bool:
    """Whether a thing was quick enough, where that is promised."""
    return row["median"] <= PROMISE or UNPROMISED in row["name"]


def show(rows: list[dict]) -> bool:
    """Print what each thing took; whether all kept the promise."""
    print(f"\n{'':<46}{'median ms':>10}{'worst ms':>10}{'SQL':>6}")
    for row in rows:
        late = "" if kept(row) else f"  > {PROMISE}"
        print(f"{row['name']:<46}{row['median']:10.0f}{row['worst']:10.0f}{row['sql']:6d}{late}")
    return all(kept(row) for row in rows)


def measured(machine: Machine, database: str, *what: str) -> bool:
    """Measure and show; whether all kept the promise.

    :raise Stop: when it can not be measured.
    """
    # As the autovacuum leaves it: statistics, and pages that an index alone may answer for.
    machine.server.sql("VACUUM ANALYZE", database)
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        if run_in_odoo(machine, database, BENCH / "payment_page_suite.py", result.name, *what):
            raise Stop("the page could not be measured")
        return show(json.loads(Path(result.name).read_text()))


def main(argv: list[str] | None = None) -> None:
    """Fill a database, measure, and drop it, whatever happens.

    :raise Stop: when something took longer than promised.
    """
    options = parsed(argv)
    machine = set_up()
    database = f"{NAME}_empty"
    try:
        made_template(machine, NAME, ADDONS)
        say(f"filling {options.payments} payments, {options.installments} installments ...")
        sizes = (str(options.payments), str(options.installments))
        if run_in_odoo(machine, database, BENCH / "payment_page_fill.py", *sizes):
            raise Stop("the database could not be filled")
        in_time = measured(machine, database)
        say(f"archiving what is over after {options.archive_after} months ...")
        months = str(options.archive_after)
        if run_in_odoo(machine, database, BENCH / "payment_page_archive.py", months):
            raise Stop("nothing could be archived")
        in_time = measured(machine, database, "archives") and in_time
    finally:
        if not options.keep:
            drop(machine.server, database)
    if not in_time:
        raise Stop(f"something took longer than {PROMISE} ms")


if __name__ == "__main__":
    try:
        main()
    except Stop as reason:
        sys.exit(f"vision: {reason}")
