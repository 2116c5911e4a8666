"""`./vision stop`: end the embedded PostgreSQL server."""

import argparse

from .. import embedded_postgres
from ..progress import say

HELP = "stop the embedded PostgreSQL server; the next command starts it again"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(_arguments: argparse.Namespace) -> int:
    """Stop the server if it runs."""
    say("PostgreSQL stopped" if embedded_postgres.stop() else "PostgreSQL was not running")
    return 0
