"""A sandbox for tests and the demo: a server process that lives as long as a ``with`` block."""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import requests

from .gocardless.const import TOKEN
from .slimpay.const import APP_NAME, APP_SECRET, CREDITOR
from .stripe.const import TOKEN as STRIPE_KEY

ROOT = Path(__file__).parent.parent
START_TIMEOUT = 30
# What a merchant knows of the account, by provider.
CREDENTIALS = {
    "gocardless": {"token": TOKEN},
    "slimpay": {"app_name": APP_NAME, "app_secret": APP_SECRET, "creditor": CREDITOR},
    "stripe": {"token": STRIPE_KEY},
}
ADVANCE_TIMEOUT = 3600


class SandboxError(Exception):
    """The control API refused a command."""


class Sandbox:
    """A running stand-in: ``url`` for the provider's client, methods for the control API."""

    def __init__(self, url: str, provider: str = "gocardless") -> None:
        self.url = url
        self.credentials = CREDENTIALS[provider]
        self._session = requests.Session()
        # A proxy of the environment must not see loopback traffic.
        self._session.trust_env = False

    @property
    def token(self) -> str:
        """The access token of a provider that hands one to the merchant; else KeyError."""
        return self.credentials["token"]

    def _call(self, method: str, path: str, **options):
        answer = self._session.request(
            method, f"{self.url}/_sandbox/{path}", timeout=ADVANCE_TIMEOUT, **options
        )
        if not answer.ok:
            raise SandboxError(f"{method} {path}: {answer.text}")
        return answer.json()

    def control(self, path: str, /, **values):
        """POST a command of the control API, such as ``control("act", action=..., id=...)``."""
        return self._call("POST", path, json=values)

    def read(self, path: str, /, **query):
        """GET from the control API."""
        return self._call("GET", path, params=query)

    def clear(self, path: str) -> None:
        """DELETE: ``outcomes``, ``faults`` or ``webhooks`` (the endpoints)."""
        self._call("DELETE", path)

    @property
    def today(self) -> date:
        """The simulated date."""
        return date.fromisoformat(self.read("clock")["date"])

    def reset(self, start_date: date | None = None) -> None:
        """Start again, empty."""
        values = {"start_date": start_date.isoformat()} if start_date else {}
        self.control("reset", **values)

    def advance(self, to_date: date | str) -> dict:
        """Play the days until ``to_date``, webhooks included."""
        return self.control("advance", to=str(to_date))

    def seed(self, customers: list[dict]) -> list[dict]:
        """Import payers with active mandates."""
        return self.control("seed", customers=customers)

    def plan(self, match, *plan: str) -> None:
        """The outcomes of successive payments of the payers that ``match``."""
        self.control("outcomes", match=match, plan=plan)

    def fault(self, kind: str, **values) -> dict:
        """Add a fault rule."""
        return self.control("faults", kind=kind, **values)

    def act(self, action: str, identity: str, code: str | None = None) -> dict:
        """Make something happen to a resource now."""
        return self.control("act", action=action, id=identity, code=code)

    def listen(self, url: str, secret: str = "", headers: dict | None = None) -> None:
        """Send webhooks to ``url``."""
        self.control("webhooks", url=url, secret=secret, headers=headers or {})

    def payments(self, **equal) -> list[dict]:
        """Payments with metadata, attempt and outcome, oldest first."""
        return self.read("tables/payments", **equal)

    def events(self, **equal) -> list[dict]:
        """Events, oldest first."""
        return self.read("tables/events", **equal)

    def requests(self, method: str | None = None, path: str | None = None) -> list[dict]:
        """Requests that the provider received."""
        return self.read("requests", method=method, path=path)

    def shapes(self) -> dict:
        """How many requests were held against their published shape: validated, violations, first.

        ``first`` shows some of those that were wrong, with what was wrong.
        """
        return self.read("shapes")

    def balance(self, currency: str = "EUR") -> dict:
        """Totals in cents."""
        return self.read("balance")[currency]

    def sign(self, authorisation_url: str, **form) -> str:
        """Fill the hosted page as a payer does; the address to which it sends back."""
        answer = self._session.post(
            authorisation_url, data=form, allow_redirects=False, timeout=START_TIMEOUT
        )
        if answer.status_code != 303:
            raise SandboxError(f"the hosted page answered {answer.status_code}: {answer.text}")
        return answer.headers["location"]


@contextmanager
def running(
    provider: str = "gocardless", start_date: date = date(2026, 1, 1), port: int = 0
) -> Iterator[Sandbox]:
    """Serve ``provider`` in a process of its own (port 0: a free one) and stop it at the end."""
    command = [sys.executable, "-m", "sandbox", provider, "--port", str(port)]
    command += ["--start-date", start_date.isoformat(), "--until-stdin-closes"]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Sandbox(first_line(process)["url"], provider)
    finally:
        stop(process)


def first_line(process: subprocess.Popen) -> dict:
    """What the server says when it listens; SandboxError when it does not in time."""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(START_TIMEOUT) else ""
    if not line:
        raise SandboxError(f"the sandbox did not start (exit code {process.poll()})")
    return json.loads(line)


def stop(process: subprocess.Popen) -> None:
    """End the server, kindly first."""
    process.stdin.close()
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
