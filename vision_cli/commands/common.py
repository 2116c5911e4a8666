"""What several verbs share."""

import argparse
import os
from collections.abc import Sequence
from configparser import ConfigParser
from pathlib import Path

from ..database import drop, ensure_database, exists, rename, update
from ..odoo_script import run_in_odoo
from ..paths import ODOO_CONF, ROOT
from ..progress import Stop, say, step
from ..setup import Machine

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
DEFAULT_PORT = 8069
LOGIN = "login admin, password admin"


def add_database_argument(parser: argparse.ArgumentParser) -> None:
    """`-d NAME`, by default the database of odoo.conf."""
    parser.add_argument(
        "-d",
        "--database",
        default=default_database(),
        help="database (%(default)s); the demo's is vision_demo",
    )


def add_port_argument(parser: argparse.ArgumentParser) -> None:
    """`--port N`, by default Odoo's usual one."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="HTTP port (%(default)s)")


def default_database() -> str:
    """The database that odoo.conf names."""
    parser = ConfigParser(interpolation=None)
    parser.read_string(ODOO_CONF.read_text())
    return parser.get("options", "db_name", fallback="vision")


def ensure_business_database(machine: Machine, database: str) -> None:
    """A database for people: our addons up to date, and a new one has a French company.

    :raise Stop: when the company can't be set up.
    """
    if exists(machine.server, database):
        update(machine.server, database)
        return
    building = f"{database}_new"
    drop(machine.server, building)
    ensure_database(machine.server, machine.odoo, building)
    with step("French company"):
        if run_in_odoo(machine, building, SCRIPTS / "french_company.py"):
            raise Stop(f"the company of {database} could not be set up: see the error above")
    # Renamed last: an interrupted set-up leaves nothing that looks complete.
    rename(machine.server, building, database)


def replace_by(command: Sequence[str | Path], environment: dict[str, str]) -> int:
    """Become another program: its terminal, signals and exit code are then its own."""
    os.chdir(ROOT)
    parts = [str(part) for part in command]
    os.execve(parts[0], parts, environment)


def announce(database: str, port: int) -> None:
    """Where the web client is and how to get in."""
    say(f"Vision CRM ({database}) on http://127.0.0.1:{port} ({LOGIN}). Ctrl-C ends it.")
