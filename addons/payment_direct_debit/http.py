"""HTTP to a provider: a call is exactly one request, with time-outs, and no surprise.

The engine above repeats by its own rules, so nothing here tries twice or follows a redirect; and
nothing is taken from the host or kept between calls.
"""

from __future__ import annotations

import threading
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from . import failures

Timeouts = tuple[float, float]
TIMEOUTS: Timeouts = (5, 20)  # seconds to connect, to read


class _TimedAdapter(HTTPAdapter):
    """Give every request the same time-outs; nobody can forget them."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        super().__init__()

    def send(self, request, **options):
        """Send, never longer than allowed."""
        return super().send(request, **{**options, "timeout": self._timeouts})


def timed_session(timeouts: Timeouts = TIMEOUTS) -> requests.Session:
    """Return a session whose every request has these time-outs."""
    session = requests.Session()
    # Neither a proxy nor a .netrc of the host: the latter would replace the credentials.
    session.trust_env = False
    # A cookie of one call would belong to nobody in the next.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, _TimedAdapter(timeouts))
    return session


class Connection:
    """Safe to share between threads: each has its own session, kept open between calls.

    :param provider: its name, for messages.
    :param timeouts: seconds to connect and to read.
    """

    def __init__(self, provider: str, timeouts: Timeouts = TIMEOUTS) -> None:
        self._provider = provider
        self._timeouts = timeouts
        self._local = threading.local()

    def request(self, verb: str, url: str, **content: Any) -> requests.Response:
        """Send once, and return whatever was answered.

        :param verb: GET, or anything that writes.
        :param content: as `requests` takes it: headers, params, data, auth.
        :raise DebitRetryable: no connection came about, or a read got no answer.
        :raise DebitOutcomeUnknown: a write got no answer.
        """
        try:
            return self.session().request(verb, url, allow_redirects=False, **content)
        except requests.RequestException as error:
            raise failures.of_network(self._provider, verb, error) from error

    def session(self) -> requests.Session:
        """Return this thread's session."""
        if not hasattr(self._local, "session"):
            self._local.session = timed_session(self._timeouts)
        return self._local.session
