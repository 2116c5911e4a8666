"""HTTP to Stripe: one request for each call, with time-outs, and no surprise.

The library's own layer waits 80 seconds, follows redirects, and takes proxies from the host;
the engine above repeats by its own rules, so here a call is exactly one request.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import requests
import stripe
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


class Transport(stripe.HTTPClient):
    """The library's HTTP layer, replaced.

    Safe to share between threads: each has its own connection, kept open between calls.

    :param timeouts: seconds to connect and to read.
    """

    name = "requests"

    def __init__(self, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self._timeouts = timeouts
        self._local = threading.local()

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data=None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send once.

        :return: body, HTTP status, headers.
        :raise DebitError: when there is no answer.
        """
        try:
            answer = self._session().request(
                method,
                url,
                headers=headers,
                data=post_data and post_data.encode(),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise failures.of_network(method.upper(), error) from error
        return answer.content, answer.status_code, answer.headers

    def close(self) -> None:
        """Give up this thread's connection."""
        self._session().close()

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            session = self._local.session = requests.Session()
            # Neither a proxy nor a .netrc of the host: the latter would replace the key.
            session.trust_env = False
            for scheme in ("https://", "http://"):
                session.mount(scheme, _TimedAdapter(self._timeouts))
        return self._local.session
