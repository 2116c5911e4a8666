"""`./vision setup`: the environment alone, for linters and editors."""

import argparse

from ..setup import set_up

HELP = "make the environment (.venv, Odoo, PostgreSQL) and nothing else"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_arguments: argparse.Namespace) -> int:
    """Set up."""
    set_up()
    return 0
