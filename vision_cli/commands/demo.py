"""`./vision demo`: a database that tells a story, then the web client on it."""

import argparse
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

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
# Codes of the providers, and the names of their stand-ins.
STAND_INS = {"gocardless": "gocardless", "slimpay": "slimpay", "stripe_sepa": "stripe"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Port, and whether to stay."""
    parser.add_argument(
        "--no-serve", dest="serve", action="store_false", help="end after the summary"
    )
    parser.add_argument(
        "--provider",
        choices=[*STAND_INS, "all"],
        default="gocardless",
        help="who collects (%(default)s); all spreads the clients",
    )
    add_port_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Make, play and serve. A second time, only what is missing is done."""
    require_port(arguments.port)
    machine = set_up()
    codes = list(STAND_INS) if arguments.provider == "all" else [arguments.provider]
    prepare(machine, arguments.provider)
    with ExitStack() as stack:
        urls = {code: stack.enter_context(sandbox(machine, code)) for code in codes}
        server, web_url = stack.enter_context(web(machine, arguments.port))
        play(machine, urls, web_url, arguments.provider)
        if not arguments.serve:
            return 0
        announce(DATABASE, arguments.port)
        return stay(server)


def prepare(machine: Machine, provider: str) -> None:
    """Make the database; one that did not play this provider to the end is dropped first."""
    if exists(machine.server, DATABASE) and not was_played(machine, provider):
        drop(machine.server, DATABASE)
    ensure_business_database(machine, DATABASE)


def was_played(machine: Machine, provider: str) -> bool:
    """Whether the play of this provider came to its end in the database."""
    query = f"SELECT value FROM ir_config_parameter WHERE key = '{PLAYED}'"
    return machine.server.sql(query, DATABASE) == [provider]


def play(machine: Machine, sandboxes: dict[str, str], web_url: str, provider: str) -> None:
    """Run `demo/play.py` against the servers; when it was played before, its summary only.

    :raise Stop: when it fails.
    """
    arguments = ["--web", web_url]
    for code, url in sandboxes.items():
        arguments += ["--sandbox", f"{code}={url}"]
    played = was_played(machine, provider)
    if played:
        arguments.append("--summary-only")
    if run_in_odoo(machine, DATABASE, PLAY, *arguments):
        raise Stop(f"the demo failed: see the error above, and the servers' logs in {LOGS}")
    if not played:
        machine.server.sql(
            "INSERT INTO ir_config_parameter (key, value, create_date, write_date) VALUES "
            f"('{PLAYED}', '{provider}', now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')",
            DATABASE,
        )


@contextmanager
def sandbox(machine: Machine, code: str) -> Iterator[str]:
    """The stand-in of a payment provider, on a free port; its URL."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [python(), "-m", "sandbox", STAND_INS[code], "--port", str(port)]
    name = f"sandbox_{code}"
    with child(name, command, machine.environment) as process:
        # Not the root: what a client may ask is judged, and it asks for nothing yet.
        wait_for(process, name, f"{url}/_sandbox/clock")
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
