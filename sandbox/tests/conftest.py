"""One server for the whole run, emptied before each test."""

from datetime import date

import pytest

from sandbox.testing import running

from .common import Receiver, client_of

START = date(2026, 1, 5)


@pytest.fixture(scope="session")
def server():
    """The sandbox process."""
    with running(start_date=START) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server):
    """An empty account on Monday 5 January 2026."""
    server.reset(START)
    return server


@pytest.fixture
def client(sandbox):
    """GoCardless' own client."""
    return client_of(sandbox)


@pytest.fixture
def receiver(sandbox):
    """A merchant that listens to webhooks."""
    with Receiver() as listening:
        sandbox.control("webhooks/modes", auto=False)
        sandbox.listen(listening.url, listening.secret)
        yield listening
