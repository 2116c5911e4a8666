"""`./vision import FILE`: the import wizard's work, from the command line."""

import argparse
from pathlib import Path

from ..odoo_script import run_in_odoo
from ..progress import Stop
from ..setup import set_up
from .common import SCRIPTS, add_database_argument, ensure_business_database

HELP = "import a file of clients, contracts or mandates, as the web wizard does"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and the database."""
    parser.add_argument("file", type=Path, help="a CSV or XLSX file")
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
    return run_in_odoo(machine, arguments.database, SCRIPTS / "import_file.py", str(file))
