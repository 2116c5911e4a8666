"""A run of 200 debits is killed again and again; each installment is debited exactly once."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from stdnum.iso7064 import mod_97_10

from sandbox.testing import running

ROOT = Path(__file__).parents[1]
DEBITS = 200
KILLS = 20
START = date(2026, 2, 2)
DUE = date(2026, 2, 5)
# An empty copy of the test database that nobody is connected to; `./vision test` makes it.
DATABASE = os.environ.get("VISION_SPARE_DATABASE")

pytestmark = pytest.mark.skipif(not DATABASE, reason="run by ./vision test, on a spare database")


class Worker:
    """The process of tests.crash.worker, spoken to line by line."""

    def __init__(self, process):
        self.process = process

    def answer(self):
        line = self.process.stdout.readline()
        assert line, "the worker is gone"
        return json.loads(line)

    def say(self, *command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def do(self, *command):
        self.say(*command)
        return self.answer()["result"]

    def collect(self, day, kill_after=None):
        """Start a collecting process, perhaps kill it; tell whether it was killed."""
        self.say("collect", str(day))
        pid = self.answer()["pid"]
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):  # it was quicker
                os.kill(pid, signal.SIGKILL)
        exit_code = self.answer()["exit"]
        assert exit_code in (0, None), "a collecting process failed by itself"
        return exit_code is None


@contextmanager
def worker():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.worker", DATABASE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        speaker = Worker(process)
        assert speaker.answer() == {"ready": True}
        yield speaker
    finally:
        process.stdin.close()
        process.wait(30)


def payers():
    """Clients with an account in France, valid by its check digits."""
    for number in range(DEBITS):
        account = f"20041010050500{number:07d}02"
        check = 98 - int(mod_97_10.checksum(f"{account}FR00"))
        yield {
            "name": f"Client Numéro {number}",
            "iban": f"FR{check:02d}{account}",
            "mandate_id": f"MD000C{number:04d}",
            "reference": f"CRASH-{number:04d}",
        }


@contextmanager
def one_kill_after_another(sandbox):
    """A bank slow enough that a kill finds requests on their way, and answers that get lost."""
    sandbox.fault("slow", method="POST", path="^/payments$", seconds=0.15, count=None)
    sandbox.fault("drop_after", method="POST", path="^/payments$", probability=0.02, seed=5)
    try:
        yield
    finally:
        sandbox.clear("faults")


def test_killed_at_random_points_debits_exactly_once():
    moments = random.Random(20260206)
    mandates = list(payers())
    with running("gocardless", START) as sandbox, worker() as odoo:
        sandbox.seed(mandates)
        made = odoo.do("prepare", sandbox.url, sandbox.token, mandates, str(DUE))
        assert made == {"installments": DEBITS}
        kills = 0
        with one_kill_after_another(sandbox):
            for _try in range(4 * KILLS):
                kills += odoo.collect(START, kill_after=moments.uniform(0.05, 1.2))
                if kills == KILLS:
                    break
        print(f"{kills} kills, {len(sandbox.payments())} of {DEBITS} debits had left by then")
        assert kills == KILLS
        odoo.collect(START)  # the last one is left alone
        check_exactly_once(sandbox, odoo)
        sandbox.advance(date(2026, 2, 20))
        odoo.do("settle", "2026-02-20")
        check_books(sandbox, odoo)


def check_exactly_once(sandbox, odoo):
    payments = sandbox.payments()
    references = Counter(payment["metadata"]["odoo_ref"] for payment in payments)
    assert set(references.values()) == {1}
    assert len(references) == DEBITS
    assert len({payment["links"]["mandate"] for payment in payments}) == DEBITS
    state = odoo.do("state")
    assert state["debits"].keys() == references.keys()
    assert state["attempts"] == [1] * DEBITS
    assert state["invoices"] == DEBITS
    assert (state["unposted"], state["stray_invoices"]) == (0, 0)


def check_books(sandbox, odoo):
    state = odoo.do("state")
    assert Counter(state["debits"].values()) == {"paid_out": DEBITS}
    assert state["installments"] == ["paid"]
    assert state["cents"] == sandbox.balance()["balance"]
    assert len(state["runs"]) == 1
