"""Two processes collect the same day at the same moment, and others send beside them."""

import os
import subprocess
import sys
from collections import Counter
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from psycopg2 import sql

from odoo.sql_db import db_connect

from sandbox.testing import running
from tests.test_crash import Worker, payers

ROOT = Path(__file__).parents[2]
SPARE = os.environ.get("VISION_SPARE_DATABASE")
COPY = f"{SPARE}_race"
CONTRACTS = 24
START = date(2026, 2, 2)
DUE = date(2026, 2, 5)
AT_ONCE = ["collect", "collect", "send", "resolve", "collect"]
POST = {"method": "POST", "path": "^/payments$"}

pytestmark = pytest.mark.skipif(not SPARE, reason="run by ./vision test, on a spare database")


def administer(statement, *names):
    with closing(db_connect("postgres").cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def copied_database():
    """A copy of its own: what the processes commit is nobody else's."""
    administer("DROP DATABASE IF EXISTS {}", COPY)
    administer("CREATE DATABASE {} TEMPLATE {}", COPY, SPARE)
    try:
        yield COPY
    finally:
        administer("DROP DATABASE {} WITH (FORCE)", COPY)


@contextmanager
def worker(database):
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.race_worker", database],
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


class TestTwoRunsAtOnce:
    def test_each_installment_is_invoiced_and_debited_once(self):
        mandates = list(payers())[:CONTRACTS]
        with (
            running("gocardless", START) as sandbox,
            copied_database() as copy,
            worker(copy) as odoo,
        ):
            sandbox.seed(mandates)
            made = odoo.do("prepare", sandbox.url, sandbox.token, mandates, str(DUE))
            assert made == {"installments": CONTRACTS}
            sandbox.fault("slow", seconds=0.1, count=None, **POST)
            sandbox.fault("drop_after", probability=0.1, seed=5, **POST)
            codes = odoo.do("race", str(START), AT_ONCE)
            # The sender and the resolver may give way to a quicker one (exit code 1).
            collected = [codes[at] for at, name in enumerate(AT_ONCE) if name == "collect"]
            assert collected == [0, 0, 0]
            sandbox.clear("faults")
            again = odoo.do("race", str(START), AT_ONCE)
            assert again == [0] * len(AT_ONCE), "nothing is left to fight for"
            self.check(sandbox, odoo)

    def check(self, sandbox, odoo):
        sandbox.advance(date(2026, 2, 20))
        odoo.do("settle", "2026-02-20")
        state = odoo.do("state")
        references = Counter(row["metadata"]["odoo_ref"] for row in sandbox.payments())
        assert references == Counter(state["debits"].keys())
        assert len(references) == CONTRACTS
        assert Counter(state["debits"].values()) == {"paid_out": CONTRACTS}
        assert (state["attempts"], state["installments"]) == ([1] * CONTRACTS, ["paid"])
        assert (state["invoices"], state["unposted"]) == (CONTRACTS, 0)
        assert state["stray_invoices"] == 0
        assert state["cents"] == sandbox.balance()["balance"]
        assert len(state["runs"]) == 1
