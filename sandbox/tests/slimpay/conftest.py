"""SlimPay's server instead of GoCardless', emptied before each test."""

import pytest

from sandbox.testing import running
from sandbox.tests.conftest import START

from .common import Client


@pytest.fixture(scope="session")
def server():
    """The sandbox process."""
    with running("slimpay", start_date=START) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox):
    """A merchant's client with a fresh token."""
    return Client(sandbox)


@pytest.fixture
def settings(sandbox):
    """Change the settings of the account."""
    return lambda **values: sandbox.control("settings", **values)
