"""`./vision translate`: the catalogues of translations, brought up to date with the addons."""

import argparse

from ..addons import own_addons
from ..database import ensure_test_database
from ..odoo_script import run_in_odoo
from ..setup import set_up
from .common import SCRIPTS
from .test import DATABASE

HELP = "bring i18n/ of our addons up to date; tells what still lacks its French"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which addons."""
    parser.add_argument("addons", nargs="*", metavar="ADDON", help="all of ours by default")


def run(arguments: argparse.Namespace) -> int:
    """Export the terms from the test database and merge them; 1 when a translation is missing."""
    machine = set_up()
    ensure_test_database(machine.server, machine.odoo, DATABASE)
    names = arguments.addons or [addon.name for addon in own_addons()]
    return run_in_odoo(machine, DATABASE, SCRIPTS / "translate.py", *names)
