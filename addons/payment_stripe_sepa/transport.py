"""HTTP to Stripe: the library's own layer waits 80 seconds, follows redirects, and takes proxies
from the host."""

from __future__ import annotations

from collections.abc import Mapping

import stripe

from odoo.addons.payment_direct_debit.http import Connection, Timeouts

from . import const


class Transport(stripe.HTTPClient):
    """The library's HTTP layer, replaced.

    :param timeouts: seconds to connect and to read.
    """

    name = "requests"

    def __init__(self, timeouts: Timeouts) -> None:
        super().__init__()
        self._connection = Connection(const.NAME, timeouts)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data=None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send once.

        :return: body, HTTP status, headers.
        :raise DebitError: when there is no answer.
        """
        data = post_data and post_data.encode()
        answer = self._connection.request(method.upper(), url, headers=headers, data=data)
        return answer.content, answer.status_code, answer.headers

    def close(self) -> None:
        """Give up this thread's connection."""
        self._connection.session().close()
