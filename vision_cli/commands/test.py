"""`./vision test`: our whole test suite, then Odoo's own on top of our addons."""

import argparse
import os
import shutil

from ..addons import own_addons
from ..database import copy, drop, ensure_test_database
from ..environment import site_packages
from ..halves import run_in_halves
from ..progress import say
from ..setup import Machine, set_up
from ..suites import Outcome, run_odoo_tests, run_pytest

HELP = "run all tests; more arguments go to pytest, which then runs alone"
DATABASE = "vision_test"
ODOO_SUITES_DATABASE = "vision_test_odoo"
# An empty copy for tests that bring processes of their own (tests/test_crash.py).
SPARE_DATABASE = "vision_test_spare"
CORE_SUITES = "/payment,/account_payment"
# Draws a QR code, for which Python 3.13 has no package (see requirements.in).
QR_CODE_TEST = "/account_payment:TestAccountPayment.test_generate_and_send_invoice_with_qr_code"
# Those of Odoo's lints that judge an addon from outside of Odoo's own repository.
LINTS = (
    "ManifestLinter",
    "RoutesLinter",
    "TestDocstring",
    "TestDunderinit",
    "TestIndex",
    "TestLintOverrideSignatures",
    "TestNaming",
    "TestTestHoles",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All arguments are pytest's."""
    parser.set_defaults(pass_through=True)


def run(arguments: argparse.Namespace) -> int:
    """Run the tests; 1 when one failed. The last line says how many passed and failed."""
    machine = set_up()
    ensure_test_database(machine.server, machine.odoo, DATABASE)
    if not shutil.which("chromium"):
        say("chromium is missing: the tests that need a browser are skipped")
    copy(machine.server, DATABASE, SPARE_DATABASE)
    os.environ["VISION_SPARE_DATABASE"] = SPARE_DATABASE
    if arguments.rest:
        outcome = run_pytest(machine, DATABASE, arguments.rest)
    else:
        outcome = run_in_halves(machine, DATABASE) + run_odoo_suites(machine)
    drop(machine.server, SPARE_DATABASE)
    if outcome.skipped:
        say(f"{outcome.skipped} skipped")
    print(f"{outcome.passed} passed, {outcome.failed} failed", flush=True)
    return 1 if outcome.failed else 0


def core_suites() -> str:
    """Odoo's tags of the core suites, without what this Python can't run."""
    if any(site_packages().glob("_rl_renderPM*")):
        return CORE_SUITES
    say("QR codes can't be drawn with this Python: one test of Odoo's is left out")
    return f"{CORE_SUITES},-{QR_CODE_TEST}"


def run_odoo_suites(machine: Machine) -> Outcome:
    """Core's payment suites and lints, on a copy: our addons must break neither."""
    database = ODOO_SUITES_DATABASE
    copy(machine.server, DATABASE, database)
    outcome = run_odoo_tests(machine, database, "Payment suites of Odoo", core_suites())
    if own_addons():
        tags = ",".join(f"/test_lint:{name}" for name in LINTS)
        outcome += run_odoo_tests(machine, database, "Lints of Odoo", tags, ["-i", "test_lint"])
    drop(machine.server, database)
    return outcome
