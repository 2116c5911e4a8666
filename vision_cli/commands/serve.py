"""`./vision serve`: the web client on the development database."""

import argparse

from ..environment import python
from ..processes import require_port
from ..setup import set_up
from .common import (
    add_database_argument,
    add_port_argument,
    announce,
    ensure_business_database,
    replace_by,
)

HELP = "serve the web client until Ctrl-C; more arguments go to Odoo"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Database, port, and Odoo's own options."""
    add_database_argument(parser)
    add_port_argument(parser)
    parser.set_defaults(pass_through=True)


def run(arguments: argparse.Namespace) -> int:
    """Make or update the database, then become Odoo."""
    require_port(arguments.port)
    machine = set_up()
    ensure_business_database(machine, arguments.database)
    announce(arguments.database, arguments.port)
    command = [python(), "-m", "odoo", "-d", arguments.database]
    command += [f"--http-port={arguments.port}", *arguments.rest]
    return replace_by(command, machine.environment)
