"""`./vision reset`: start again from nothing."""

import argparse
import shutil

from .. import embedded_postgres
from ..database import drop, template_databases
from ..environment import python
from ..paths import STATE, VENV
from ..postgres import ensure_server
from ..progress import say
from .demo import DATABASE as DEMO
from .test import DATABASE as TEST
from .test import ODOO_SUITES_DATABASE

HELP = "drop the demo, test and template databases; the next command makes them again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How far to go."""
    parser.add_argument(
        "--all",
        action="store_true",
        help="also delete .odoo/ and .venv/: the embedded server with ALL its databases, Odoo and "
        "the Python packages (a server of your own keeps its other databases)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Drop what the other verbs can make again."""
    if python().exists() and (STATE / "lock").exists():
        server = ensure_server()
        for database in (DEMO, TEST, ODOO_SUITES_DATABASE, *template_databases(server)):
            if drop(server, database):
                say(f"{database} dropped")
    if arguments.all:
        if python().exists():
            embedded_postgres.remove()
        for directory in (STATE, VENV):
            shutil.rmtree(directory, ignore_errors=True)
            say(f"{directory} deleted")
    return 0
