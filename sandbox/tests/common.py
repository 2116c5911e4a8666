"""Helpers of the tests: the real client, payers, and a merchant that listens."""

import socket
import threading
import time

import gocardless_pro
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

IBAN = "FR1420041010050500013M02606"
HEADERS = {"GoCardless-Version": "2015-07-06", "Content-Type": "application/json"}


def iban(number: int) -> str:
    """A valid French IBAN that is different for each number."""
    bban = f"3000400001{number:011d}00"
    digits = bban + "152700"
    return f"FR{98 - int(digits) % 97:02d}{bban}"


def client_of(sandbox, token=None):
    """The official client, which shows conflicts of idempotency keys."""
    return gocardless_pro.Client(
        access_token=token or sandbox.token,
        base_url=sandbox.url,
        raise_on_idempotency_conflict=True,
    )


def payer(sandbox, name="Successful Martin", number=1, **values):
    """The id of an active mandate of a new payer."""
    entry = {"name": name, "iban": iban(number), "email": "p@example.com", **values}
    return sandbox.seed([entry])[0]["mandate"]


def collect(client, mandate, amount=4990, headers=None, **values):
    """A new payment."""
    params = {"amount": amount, "currency": "EUR", "links": {"mandate": mandate}, **values}
    return client.payments.create(params=params, headers=headers)


def signed_mandate(client, given_name="Successful"):
    """The id of a new mandate, not yet sent to the bank."""
    customer = client.customers.create(
        params={"given_name": given_name, "family_name": "Martin", "email": "m@example.com"}
    )
    account = client.customer_bank_accounts.create(
        params={
            "iban": IBAN,
            "account_holder_name": f"{given_name} Martin",
            "links": {"customer": customer.id},
        }
    )
    return client.mandates.create(params={"links": {"customer_bank_account": account.id}}).id


def story(sandbox, **equal):
    """What happened, as "payments confirmed" and so on, in order."""
    return [f"{event['resource_type']} {event['action']}" for event in sandbox.events(**equal)]


def call(sandbox, method, path, headers=None, **options):
    """A raw request with a valid token and version."""
    defaults = {"Authorization": f"Bearer {sandbox.token}", **HEADERS}
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, sandbox.url + path, headers=defaults | (headers or {}), timeout=30, **options
        )


class Receiver:
    """A merchant's webhook endpoint in a thread; answers ``status`` and keeps what it got."""

    secret = "a secret"

    def __init__(self):
        self.status = 204
        self.deliveries = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/hook"
        app = Starlette(routes=[Route("/hook", self._receive, methods=["POST"])])
        config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))

    async def _receive(self, request):
        self.deliveries.append((dict(request.headers), await request.body()))
        headers = {"location": "/elsewhere"} if self.status == 301 else {}
        return Response(status_code=self.status, headers=headers)

    def __enter__(self):
        self._thread.start()
        wait_until(lambda: self._server.started)
        return self

    def __exit__(self, *_error):
        self._server.should_exit = True
        self._thread.join()


def wait_until(condition, seconds=5):
    """Wait for something that another thread or process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
