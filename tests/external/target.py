"""Whom an external test asks: a provider's own sandbox, or the stand-in that plays it in CI.

No Odoo database is needed: the providers' clients are plain Python.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

import odoo.addons

from sandbox.testing import Sandbox

ADDONS = str(Path(__file__).parents[2] / "addons")
LOOPBACK = ("127.0.0.1", "localhost")
# A published test account; each provider's README says more.
TEST_IBAN = "FR1420041010050500013M02606"


def find_our_addons():
    """Make our addons importable without a database, as Odoo's own path does."""
    if ADDONS not in odoo.addons.__path__:
        odoo.addons.__path__.append(ADDONS)


def keys(*names: str) -> list[str]:
    """The values of environment variables; skips the module when one is missing."""
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        reason = f"needs a test account of the provider: set {', '.join(missing)}"
        pytest.skip(reason, allow_module_level=True)
    return [os.environ[name] for name in names]


def address(variable: str, test: str) -> str:
    """Where to ask: the provider's test environment, or what the variable says (a stand-in).

    Ends the run for any other host: these tests make debits.
    """
    url = os.environ.get(variable) or test
    if urlsplit(url).hostname not in {urlsplit(test).hostname, *LOOPBACK}:
        pytest.exit(f"{variable}={url} is no test environment: it could move money")
    return url


def refuse_live(key: str, *prefixes: str) -> None:
    """End the run when a key is of the live environment."""
    if key.startswith(prefixes):
        pytest.exit("this key is live: it could move money")


@dataclass
class Target:
    """A client, the stand-in where one plays the provider, and what is known of the account."""

    name: str
    client: Any
    client_with: Callable[..., Any]
    url: str
    stand_in: str
    settled: list[str] = field(default_factory=list)

    @property
    def sandbox(self) -> Sandbox | None:
        """The control of the stand-in; None at the provider itself."""
        played = urlsplit(self.url).hostname in LOOPBACK
        return Sandbox(self.url, self.stand_in) if played else None

    @property
    def today(self) -> date:
        """The day at the provider."""
        return self.sandbox.today if self.sandbox else datetime.now(timezone.utc).date()

    def day(self, days: int) -> date:
        """A working day (but for holidays) so many days ahead."""
        day = self.today + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def order(self, mandate: str, **values):
        """A debit that nobody has asked for yet."""
        from odoo.addons.payment_direct_debit import seam

        reference = values.pop("reference", f"EXT{uuid4().hex[:12].upper()}")
        standard = {
            "idempotency_key": str(uuid4()),
            "amount_cents": 1234,
            "currency": "EUR",
            "requested_date": self.day(9),
            "description": "External test",
            "metadata": {"odoo_ref": reference},
        }
        return seam.DebitOrder(reference=reference, mandate_ref=mandate, **standard | values)

    def signature(self, reference: str = ""):
        """A mandate to be signed on the provider's page."""
        from odoo.addons.payment_direct_debit import seam

        return seam.MandateOrder(
            reference=reference or f"EXT{uuid4().hex[:12].upper()}",
            scheme="core",
            partner_name="Paul Durand",
            is_company=False,
            email="paul.durand@example.com",
            street="3 rue de la Paix",
            zip="75002",
            city="Paris",
            country_code="FR",
            lang="fr",
            return_url="https://example.com/back",
            exit_url="https://example.com/exit",
        )

    def wait(self, look: Callable[[], Any], seconds: float = 60) -> tuple[Any, float]:
        """What ``look`` gives as soon as it is true, and after how many seconds."""
        start = time.monotonic()
        while not (found := look()) and time.monotonic() - start < seconds:
            time.sleep(min(2, seconds))
        return found, round(time.monotonic() - start, 1)

    def settle(self, point: str, answer: object) -> None:
        """Note the answer to an open point; the end of the run shows all of them."""
        self.settled.append(f"{self.name}: {point}: {answer}")
