"""HTTP to GoCardless: one request for each call, with time-outs, and no surprise.

The library has no time-out at all before 3.6, tries some calls three times and follows redirects;
the engine above repeats by its own rules, so here a call is exactly one request.
"""

from __future__ import annotations

import json
import threading
from typing import Any

import requests
from gocardless_pro.api_client import ApiClient
from requests.adapters import HTTPAdapter

from . import failures


class _TimedAdapter(HTTPAdapter):
    """Give every request the same time-outs; nobody can forget them."""

    def __init__(self, timeouts: tuple[float, float]) -> None:
        self._timeouts = timeouts
        super().__init__()

    def send(self, request, **options):
        """Send, never longer than allowed."""
        return super().send(request, **{**options, "timeout": self._timeouts})


def timed_session(timeouts: tuple[float, float]) -> requests.Session:
    """Return a session whose every request has these time-outs and takes nothing from the host.

    Neither a proxy nor a .netrc: the latter would replace the token.
    """
    session = requests.Session()
    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, _TimedAdapter(timeouts))
    return session


class Transport(ApiClient):
    """The library's HTTP layer, replaced; its headers and addresses are kept.

    Safe to share between threads: each has its own connection, kept open between calls.

    :param timeouts: seconds to connect and to read.
    """

    def __init__(self, base_url: str, token: str, timeouts: tuple[float, float]) -> None:
        super().__init__(base_url, token)
        self._timeouts = timeouts
        self._local = threading.local()

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
        try:
            answer = self._session().request(
                verb,
                self._url_for(path),
                headers=self._headers(headers),
                allow_redirects=False,
                **content,
            )
        except requests.RequestException as error:
            raise failures.of_network(verb, error) from error
        failures.check(verb, answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = timed_session(self._timeouts)
        return self._local.session
