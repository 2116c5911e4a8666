"""`./vision update`: bring a database up to date with the files."""

import argparse

from ..database import exists, update
from ..progress import Stop, say
from ..setup import set_up
from .common import add_database_argument

HELP = "update the addons whose files changed, and install new ones"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Database."""
    add_database_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Update one database.

    :raise Stop: when it does not exist.
    """
    machine = set_up()
    if not exists(machine.server, arguments.database):
        raise Stop(f"there is no database {arguments.database}: make it with ./vision serve")
    names = update(machine.server, arguments.database)
    say(f"{arguments.database}: {', '.join(names) or 'nothing changed'}")
    return 0
