"""`./vision psql`: SQL on a database."""

import argparse

from ..embedded_postgres import binary
from ..setup import set_up
from .common import add_database_argument, replace_by

HELP = "open psql on a database; more arguments go to psql"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Database, and psql's own options."""
    add_database_argument(parser)
    parser.set_defaults(pass_through=True)


def run(arguments: argparse.Namespace) -> int:
    """Become psql."""
    machine = set_up()
    command = [binary("psql"), "-d", arguments.database, *arguments.rest]
    return replace_by(command, machine.environment)
