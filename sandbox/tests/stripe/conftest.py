"""One Stripe for the whole run, emptied before each test."""

from datetime import date

import pytest
import stripe

from sandbox.testing import running

from .common import client_of

START = date(2026, 1, 5)
stripe.enable_telemetry = False


@pytest.fixture(scope="session")
def server():
    """The sandbox process."""
    with running("stripe", start_date=START) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server):
    """An empty account on Monday 5 January 2026."""
    server.reset(START)
    return server


@pytest.fixture
def client(sandbox):
    """Stripe's own client."""
    return client_of(sandbox)
