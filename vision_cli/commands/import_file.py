"""`./vision import FILE`: the import wizard's work, from the command line."""

import argparse
from datetime import date
from pathlib import Path

from ..odoo_script import run_in_odoo
from ..progress import Stop
from ..setup import set_up
from .common import SCRIPTS, add_database_argument, ensure_business_database

HELP = "import a file of contracts or mandates, as the web wizard does"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, how to treat it, and the database."""
    parser.add_argument("file", type=Path, help="a CSV file; its kind is read from its header")
    parser.add_argument("--dry-run", action="store_true", help="check only, write nothing")
    parser.add_argument(
        "--skip-rejected", action="store_true", help="import the valid rows although others are not"
    )
    parser.add_argument(
        "--bill-from",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="for contracts: the first due date that is billed here",
    )
    add_database_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Import one file; 1 when lines were refused.

    :raise Stop: when the file is not there.
    """
    file = arguments.file.resolve()
    if not file.is_file():
        raise Stop(f"{arguments.file} is not a file: give the path of the file to import")
    machine = set_up()
    ensure_business_database(machine, arguments.database)
    options = [f"--bill-from={arguments.bill_from}"] if arguments.bill_from else []
    options += ["--dry-run"] if arguments.dry_run else []
    options += ["--skip-rejected"] if arguments.skip_rejected else []
    script = SCRIPTS / "import_file.py"
    return run_in_odoo(machine, arguments.database, script, str(file), *options)
