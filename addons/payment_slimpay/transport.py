"""HTTP to SlimPay: tokens, the links of the entry point, and the configured host only."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from odoo.addons.payment_direct_debit.exceptions import (
    DebitOutcomeUnknown,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.failures import PAUSE
from odoo.addons.payment_direct_debit.http import Connection, Timeouts

from . import const, failures, hal


class _Kept:
    """A value that the threads of the process share until it ends; one of them fetches it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: Any = None
        self._ends = 0.0

    def get(self, fetch: Callable[[], tuple[Any, float]]) -> Any:
        """Return the value; `fetch` gives a new one and the seconds that it lives."""
        with self._lock:
            if self._value is None or time.monotonic() >= self._ends:
                self._value, seconds = fetch()
                self._ends = time.monotonic() + seconds
            return self._value

    def drop(self, value: Any) -> None:
        """Forget `value`, unless somebody has fetched another one meanwhile."""
        with self._lock:
            if self._value == value:
                self._value = None


# By app and environment: a client lives for one call of the engine, a token for a quarter hour.
_TOKENS: dict[tuple, _Kept] = {}
# By environment: the entry point is the same for every account.
_ENTRY_POINTS: dict[str, _Kept] = {}


class Transport:
    """Safe to share between threads.

    :param base_url: scheme, host and port of the API; no request ever goes elsewhere.
    :param timeouts: seconds to connect and to read.
    """

    def __init__(self, base_url: str, app_name: str, app_secret: str, timeouts: Timeouts) -> None:
        self._base = base_url.rstrip("/")
        self._app = (app_name.encode(), app_secret.encode())
        self._connection = Connection(const.NAME, timeouts)
        # A changed secret must not live on in a token of the old one.
        digest = hashlib.sha256(app_secret.encode()).digest()
        self._tokens = _TOKENS.setdefault((self._base, app_name, digest), _Kept())
        self._entry = _ENTRY_POINTS.setdefault(self._base, _Kept())

    def address(self, relation: str, **values: object) -> str:
        """Return the address of a relation of the entry point, filled by name.

        :raise ProviderMisconfigured: when SlimPay does not offer it, or not with these names.
        """
        links = self._entry.get(self._read_entry_point)
        if const.RELATION + relation not in links:
            self._entry.drop(links)
            links = self._entry.get(self._read_entry_point)
        try:
            return hal.expand(links[const.RELATION + relation]["href"], values)
        except LookupError as error:
            raise ProviderMisconfigured(
                f"SlimPay no longer offers “{relation}” as it did: {error}"
            ) from error

    def get(self, address: str) -> hal.Document:
        """Read."""
        return self._call("GET", address)

    def post(self, address: str, body: hal.Document) -> hal.Document:
        """Create, or act on something."""
        return self._call("POST", address, json.dumps(body).encode())

    def is_own(self, address: str) -> bool:
        """Tell whether an address is on the configured scheme, host and port."""
        return urlsplit(address)[:2] == urlsplit(self._base)[:2]

    def _read_entry_point(self) -> tuple[dict, float]:
        with failures.boundary("GET"):
            return self.get(f"{self._base}/")["_links"], const.ENTRY_POINT_AGE

    def _call(self, verb: str, address: str, data: bytes | None = None) -> hal.Document:
        address = urljoin(f"{self._base}/", address)
        if not self.is_own(address):
            # The token would go there; and nothing has been asked for yet.
            raise ProviderMisconfigured(
                f"SlimPay links to {urlsplit(address).hostname}, which is not the host of the API"
            )
        token = self._tokens.get(self._fetch_token)
        answer = self._send(verb, address, token, data)
        if answer.status_code == 401:
            # Refused at the door, so that even a write may be repeated: a token may end early.
            self._tokens.drop(token)
            answer = self._send(verb, address, self._tokens.get(self._fetch_token), data)
        return failures.check(verb, answer)

    def _fetch_token(self) -> tuple[str, float]:
        with failures.boundary("GET"):
            try:
                answer = self._connection.request(
                    "POST",
                    f"{self._base}/oauth/token",
                    data={"grant_type": "client_credentials", "scope": "api"},
                    auth=self._app,
                    headers={"Accept": "application/json"},
                )
            except DebitOutcomeUnknown as error:
                # Whatever became of it: a token moves no money.
                raise DebitRetryable(str(error), after=PAUSE) from error
            token, seconds = failures.check_token(answer)
            return token, seconds - const.TOKEN_MARGIN

    def _send(self, verb: str, address: str, token: str, data: bytes | None) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": const.ACCEPT}
        if data is not None:
            headers["Content-Type"] = "application/json"
        return self._connection.request(verb, address, headers=headers, data=data)
