"""Cash forecast: how far it is off on generated payers; time of the night and of the page."""

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
from vision_cli.setup import set_up

NAME = "vision_bench_forecast"
ADDONS = "payment_collection,payment_direct_debit_demo"
BENCH = Path(__file__).parent
PROMISE = 400  # milliseconds, for the page


def parsed(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the options of the bench."""
    parser = argparse.ArgumentParser(prog="vision bench forecast", description=__doc__)
    parser.add_argument("--clients", type=int, default=10_000, help="some 20 installments each")
    parser.add_argument("--payments", type=int, default=500_000, help="filled up to so many")
    parser.add_argument("--seed", type=int, default=20260102)
    parser.add_argument("--keep", action="store_true", help="keep the database afterwards")
    return parser.parse_args(argv)


def show(figures: dict) -> None:
    """Print how far the forecasts were off, and what took how long."""
    print("\n| days | forecasts | off by | bias | within the range |\n|---|---|---|---|---|")
    for days, error in figures["errors"].items():
        if not error:
            print(f"| {days} | too few | | | |")
            continue
        print(
            f"| {days} | {error['count']} | {error['off']:.1%} | {error['bias']:+.1%} |"
            f" {error['covered']:.0%} |"
        )
    print()
    for name, value in figures["times"].items():
        print(f"{name:<46}{value:10.2f}")


def main(argv: list[str] | None = None) -> None:
    """Fill a database, forecast, and drop it, whatever happens.

    :raise Stop: when the page took longer than promised.
    """
    options = parsed(argv)
    machine = set_up()
    database = f"{NAME}_empty"
    try:
        made_template(machine, NAME, ADDONS)
        say(f"filling {options.clients} clients, {options.payments} payments ...")
        sizes = (str(options.clients), str(options.payments), str(options.seed))
        if run_in_odoo(machine, database, BENCH / "forecast_fill.py", *sizes):
            raise Stop("the database could not be filled")
        machine.server.sql("VACUUM ANALYZE", database)
        with tempfile.NamedTemporaryFile(suffix=".json") as result:
            if run_in_odoo(machine, database, BENCH / "forecast_suite.py", result.name):
                raise Stop("the forecast could not be measured")
            figures = json.loads(Path(result.name).read_text())
    finally:
        if not options.keep:
            drop(machine.server, database)
    show(figures)
    if figures["times"]["the page, ms"] > PROMISE:
        raise Stop(f"the page took longer than {PROMISE} ms")


if __name__ == "__main__":
    try:
        main()
    except Stop as reason:
        sys.exit(f"vision: {reason}")
