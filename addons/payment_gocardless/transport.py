"""HTTP to GoCardless: the library's own layer has no time-out before 3.6, tries some calls three
times and follows redirects."""

from __future__ import annotations

import json
from typing import Any

from gocardless_pro.api_client import ApiClient

from odoo.addons.payment_direct_debit.http import Connection, Timeouts

from . import const, failures


class Transport(ApiClient):
    """The library's HTTP layer, replaced; its headers and addresses are kept.

    :param timeouts: seconds to connect and to read.
    """

    def __init__(self, base_url: str, token: str, timeouts: Timeouts) -> None:
        super().__init__(base_url, token)
        self._connection = Connection(const.NAME, timeouts)

    def get(self, path, params=None, headers=None):
        """Read."""
        return self._send("GET", path, headers, params=params)

    def post(self, path, body, headers=None):
        """Create, or act on something."""
        return self._send("POST", path, headers, data=json.dumps(body).encode())

    def put(self, path, body, headers=None):
        """Change."""
        return self._send("PUT", path, headers, data=json.dumps(body).encode())

    def delete(self, path, body, headers=None):
        """Remove."""
        return self._send("DELETE", path, headers, data=json.dumps(body).encode())

    def _send(self, verb: str, path: str, headers: dict | None, **content: Any):
        answer = self._connection.request(
            verb, self._url_for(path), headers=self._headers(headers), **content
        )
        failures.check(verb, answer)
        return answer
