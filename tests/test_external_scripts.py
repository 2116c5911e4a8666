"""The scripts for the providers' own sandboxes work: here the stand-ins play the providers."""

import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from sandbox.testing import running

ROOT = Path(__file__).parents[1]
# Provider's code: the stand-in, the variable of its address, those of its keys by our names of
# them, and how many tests it can not play.
SCRIPTS = {
    "gocardless": ("gocardless", "GOCARDLESS_URL", {"GOCARDLESS_ACCESS_TOKEN": "token"}, 0),
    "slimpay": (
        "slimpay",
        "SLIMPAY_URL",
        {
            "SLIMPAY_APP_NAME": "app_name",
            "SLIMPAY_APP_SECRET": "app_secret",
            "SLIMPAY_CREDITOR_REFERENCE": "creditor",
        },
        1,  # payouts, of which SlimPay tells nothing
    ),
    "stripe_sepa": ("stripe", "STRIPE_URL", {"STRIPE_SECRET_KEY": "token"}, 0),
}
OURS = re.compile("^(GOCARDLESS|SLIMPAY|STRIPE)_")


def script(code, **environment):
    """Run one script in a process of its own; returns how it ended."""
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    command = [sys.executable, "-m", "pytest", "-p", "no:odoo", "-p", "no:cacheprovider"]
    command += ["-o", "addopts=", "-q", "-rs", f"tests/external/test_{code}.py"]
    return subprocess.run(
        command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("code", SCRIPTS)
def test_a_script_settles_its_points_with_the_stand_in(code):
    stand_in, address, variables, unplayed = SCRIPTS[code]
    with running(stand_in, start_date=datetime.now(timezone.utc).date()) as sandbox:
        keys = {name: sandbox.credentials[key] for name, key in variables.items()}
        done = script(code, **keys, **{address: sandbox.url})
        assert done.returncode == 0, done.stdout + done.stderr
        passed = int(re.search(r"(\d+) passed", done.stdout)[1])
        skipped = re.search(r"(\d+) skipped", done.stdout)
        assert passed >= 15
        assert int(skipped[1] if skipped else 0) == unplayed, done.stdout
        assert "settled" in done.stdout
        assert sandbox.shapes()["validated"] > passed


@pytest.mark.parametrize("code", SCRIPTS)
def test_without_keys_a_script_is_skipped_and_says_what_it_needs(code):
    done = script(code)
    for name in SCRIPTS[code][2]:
        assert name in done.stdout
    assert "1 skipped" in done.stdout


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        ("stripe_sepa", {"STRIPE_SECRET_KEY": "sk_live_x"}),
        ("stripe_sepa", {"STRIPE_SECRET_KEY": "rk_live_x"}),
        ("stripe_sepa", {"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_URL": "https://example.com"}),
        ("gocardless", {"GOCARDLESS_ACCESS_TOKEN": "live_x"}),
        (
            "gocardless",
            {"GOCARDLESS_ACCESS_TOKEN": "x", "GOCARDLESS_URL": "https://api.gocardless.com"},
        ),
        (
            "slimpay",
            {
                "SLIMPAY_APP_NAME": "x",
                "SLIMPAY_APP_SECRET": "x",
                "SLIMPAY_CREDITOR_REFERENCE": "x",
                "SLIMPAY_URL": "https://api.slimpay.net",
            },
        ),
    ],
)
def test_nothing_is_asked_of_a_live_environment(code, environment):
    done = script(code, **environment)
    assert done.returncode == 2
    assert "could move money" in done.stdout
    assert not re.search("passed|failed", done.stdout)


@pytest.mark.parametrize("code", SCRIPTS)
def test_the_readme_names_tests_that_exist(code):
    """Each open point of a provider says which test settles it."""
    readme = (ROOT / "addons" / f"payment_{code}" / "README.md").read_text()
    table = readme.partition("## What only a real sandbox can settle")[2]
    named = set(re.findall(r"`(test_\w+)`", table))
    files = (ROOT / "tests/external" / f"test_{code}.py", ROOT / "tests/external/contract.py")
    there = {name for file in files for name in re.findall(r"def (test_\w+)", file.read_text())}
    assert len(named) >= 10
    assert named <= there, named - there


def test_the_readmes_of_the_providers_have_the_same_headings():
    texts = [(ROOT / "addons" / f"payment_{code}" / "README.md").read_text() for code in SCRIPTS]
    first, *others = [re.findall("^## (.+)$", text, re.MULTILINE) for text in texts]
    assert others == [first] * len(others)
