"""A copy of production, neutralized by Odoo's own command, has no secret and calls nobody."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from psycopg2 import sql

from odoo.tools import config

ROOT = Path(__file__).parents[1]
# A spare database that nobody is connected to; `./vision test` makes it (see test_crash.py).
SPARE = os.environ.get("VISION_SPARE_DATABASE")
COPY = f"{SPARE}_neutralized"
CODES = {"gocardless", "slimpay", "stripe_sepa"}
OURS = (
    "payment_direct_debit.",
    "payment_collection.",
    "crm_contrats.",
    "payment_direct_debit_demo",
)

pytestmark = pytest.mark.skipif(not SPARE, reason="run by ./vision test, on a spare database")


def administer(statement, *names):
    """Execute a statement about whole databases."""
    options = {name: config[f"db_{name}"] or None for name in ("host", "port", "user", "password")}
    connection = psycopg2.connect(dbname="postgres", **options)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    connection.close()


def odoo(*arguments):
    """Run a program with Odoo in it; return the last line that it wrote."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1:]


def probe(command):
    """Fill the copy, or look into it; in a process of its own."""
    return json.loads(odoo("tests.neutralize_probe", command, COPY)[0])


@pytest.fixture(scope="module")
def before_and_after():
    """What a configured copy can do before `odoo neutralize`, and after."""
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)
    administer("CREATE DATABASE {} TEMPLATE {}", COPY, SPARE)
    try:
        before = probe("fill")
        odoo("odoo", "neutralize", "-d", COPY, "--log-level=warn")
        yield before, probe("look")
    finally:
        administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)


@pytest.fixture
def before(before_and_after):
    """The copy as production was."""
    return before_and_after[0]


@pytest.fixture
def after(before_and_after):
    """The copy after the command."""
    return before_and_after[1]


def test_before_the_providers_were_ready_to_collect(before):
    """Else the test below would find nothing because there was nothing."""
    assert before["providers"].keys() >= CODES
    for code in CODES:
        provider = before["providers"][code]
        assert provider["ready"], code
        assert not provider["refusal"], code
        assert len(provider["secrets"]) >= 2, code
    assert before["calls"]
    assert [name for name in before["crons"] if name.startswith(OURS)]


def test_no_secret_is_left(after):
    left = {code: provider["secrets"] for code, provider in after["providers"].items()}
    # The name of an app alone opens nothing.
    assert {code: set(names) - {"slimpay_app_name"} for code, names in left.items()} == {
        code: set() for code in left
    }


def test_no_provider_may_collect(after):
    for code in CODES:
        provider = after["providers"][code]
        assert provider["state"] == "disabled", code
        assert provider["paused"], code
        assert not provider["ready"], code


def test_no_client_can_be_made(after):
    for code in CODES:
        assert after["providers"][code]["refusal"], code


def test_the_jobs_reach_nobody_even_when_started_by_hand(after):
    assert after["calls"] == []


def test_the_jobs_are_off(after):
    assert [name for name in after["crons"] if name.startswith(OURS)] == []
