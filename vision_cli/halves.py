"""Our test suite on two databases at once: one process leaves half of a small machine idle."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .addons import own_addons
from .database import copy, drop
from .paths import LOGS, ODOO_CONF, ROOT, STATE
from .processes import free_port
from .progress import say, step
from .setup import Machine
from .suites import Outcome, run_pytest

# What takes about half of the time; everything else is the other half.
FIRST = frozenset({"addons/crm_contrats", "addons/payment_collection"})
OTHERS = ("sandbox", "vision_cli", "bench", "tests")
LOG = "tests-other-half"


def halves() -> tuple[list[str], list[str]]:
    """Where the tests of each half are: every addon and folder of tests is in one of them."""
    places = [f"addons/{addon.name}" for addon in own_addons()] + list(OTHERS)
    places = [place for place in places if any((ROOT / place).rglob("test_*.py"))]
    return (
        [place for place in places if place in FIRST],
        [place for place in places if place not in FIRST],
    )


def run_in_halves(machine: Machine, database: str) -> Outcome:
    """Run all tests of ours: one half in the terminal, the other beside it, shown afterwards.

    :param database: the test database, for the half in the terminal; the other gets a copy.
    """
    other_database = f"{database}_2"
    copy(machine.server, database, other_database)
    first, other = halves()
    environment = {"ODOO_RC": str(own_configuration())}
    with ThreadPoolExecutor(1) as beside:
        result = beside.submit(
            run_pytest, machine, other_database, other, log=LOG, environment=environment
        )
        outcome = run_pytest(machine, database, first)
        with step("The other half of the tests"):
            outcome += result.result()
    say((LOGS / f"{LOG}.log").read_text(encoding="utf-8"))
    drop(machine.server, other_database)
    return outcome


def own_configuration() -> Path:
    """Write a configuration like `odoo.conf` with ports of its own; its path."""
    content = ODOO_CONF.read_text(encoding="utf-8")
    for name in ("http_port", "gevent_port"):
        content = re.sub(rf"(?m)^{name} *=.*$", f"{name} = {free_port()}", content)
    path = STATE / "odoo-other-half.conf"
    path.write_text(content, encoding="utf-8")
    return path
