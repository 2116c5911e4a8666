"""`./vision demo`: a database that tells a story, then the web client on it."""

import argparse
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..database import drop, exists
from ..environment import python
from ..odoo_script import run_in_odoo
from ..paths import LOGS, ROOT
from ..processes import child, free_port, require_port, wait_for
from ..progress import Stop, step
from ..setup import Machine, set_up
from .common import add_port_argument, announce, ensure_business_database

HELP = "make the demo database, play half a year of collection, then serve it until Ctrl-C"
DATABASE = "vision_demo"
PLAY = ROOT / "demo" / "play.py"
# Set when the play came to its end; a database without it is made anew.
PLAYED = "vision_cli.demo_played"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Port, and whether to stay."""
    parser.add_argument(
        "--no-serve", dest="serve", action="store_false", help="end after the summary"
    )
    add_port_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make, play and serve. A second time, only what is missing is done."""
    require_port(arguments.port)
    machine = set_up()
    prepare(machine)
    with sandbox(machine) as sandbox_url, web(machine, arguments.port) as (server, web_url):
        play(machine, sandbox_url, web_url)
        if not arguments.serve:
            return 0
        announce(DATABASE, arguments.port)
        return stay(server)


def prepare(machine: Machine) -> None:
    """Make the database; one whose play was interrupted is dropped first."""
    if exists(machine.server, DATABASE) and not was_played(machine):
        drop(machine.server, DATABASE)
    ensure_business_database(machine, DATABASE)


def was_played(machine: Machine) -> bool:
    """Whether the play came to its end in the database."""
    query = f"SELECT 1 FROM ir_config_parameter WHERE key = '{PLAYED}'"
    return machine.server.sql(query, DATABASE) == ["1"]


def play(machine: Machine, sandbox_url: str, web_url: str) -> None:
    """Run `demo/play.py` against the two servers; when it was played before, its summary only.

    :raise Stop: when it fails.
    """
    arguments = ["--sandbox", sandbox_url, "--web", web_url]
    played = was_played(machine)
    if played:
        arguments.append("--summary-only")
    if run_in_odoo(machine, DATABASE, PLAY, *arguments):
        raise Stop(f"the demo failed: see the error above, and the servers' logs in {LOGS}")
    if not played:
        machine.server.sql(
            "INSERT INTO ir_config_parameter (key, value, create_date, write_date) VALUES "
            f"('{PLAYED}', '1', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
            DATABASE,
        )


@contextmanager
def sandbox(machine: Machine) -> Iterator[str]:
    """The stand-in of the payment provider, on a free port; its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [python(), "-m", "sandbox", "gocardless", "--port", str(port)]
    with child("sandbox", command, machine.environment) as process:
        wait_for(process, "sandbox", url)
        yield url


@contextmanager
def web(machine: Machine, port: int) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Odoo's HTTP server on the demo database; the process and its URL.

    Without scheduled jobs: the play moves through time itself, and a job that runs by the real
    clock would act in the middle of the simulated one.
    """
    url = f"http://127.0.0.1:{port}"
    command = [python(), "-m", "odoo", "-d", DATABASE]
    command += [f"--http-port={port}", "--max-cron-threads=0"]
    with child("web", command, machine.environment) as process:
        with step("Web server"):
            wait_for(process, "web", f"{url}/web/health")
        yield process, url


def stay(server: subprocess.Popen[bytes]) -> int:
    """Serve until Ctrl-C (0), or until the server ends by itself (its exit code)."""
    try:
        while server.poll() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        return 0
    return server.returncode or 0
