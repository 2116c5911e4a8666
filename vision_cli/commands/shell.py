"""`./vision shell`: Python with `env` at hand."""

import argparse

from ..environment import python
from ..setup import set_up
from .common import add_database_argument, ensure_business_database, replace_by

HELP = "open Odoo's Python shell on a database"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Database."""
    add_database_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make or update the database, then become Odoo's shell."""
    machine = set_up()
    ensure_business_database(machine, arguments.database)
    command = [python(), "-m", "odoo", "shell", "-d", arguments.database, "--no-http"]
    return replace_by([*command, "--log-level=warn"], machine.environment)
