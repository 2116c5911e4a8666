"""What every part of the client stands on: the library, one token, and lists read to their end."""

from __future__ import annotations

import re
from typing import Any

import gocardless_pro

from odoo.addons.payment_direct_debit.exceptions import DebitRetryable, ProviderMisconfigured

from . import const
from .snapshots import Document, identifier
from .transport import Transport


class Api:
    """One token in one environment.

    :param token: a read-write access token.
    :param base_url: scheme, host and port of the API.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the token can not be one.
    """

    def __init__(
        self, token: str, base_url: str, *, timeouts: tuple[float, float] = const.TIMEOUTS
    ) -> None:
        if not re.fullmatch(r"[!-~]+", token or ""):
            raise ProviderMisconfigured("The GoCardless access token is missing or malformed.")
        self._base_url = base_url
        self._timeouts = timeouts
        self._api = gocardless_pro.Client(
            access_token=token, base_url=base_url, raise_on_idempotency_conflict=True
        )
        # The services read it at each access; the library takes no HTTP layer of ours otherwise.
        self._api._api_client = Transport(base_url, token, timeouts)

    def _all(self, service: Any, query: dict[str, str]) -> list[Document]:
        """Read a list to its end; all of it, or an error.

        From the body: old releases of the library take an empty list for a single document.
        """
        documents: list[Document] = []
        cursors: set[str] = set()
        after = None
        while True:
            page = {"after": after} if after else {}
            answer = service.list(params={**query, "limit": const.PAGE, **page})
            body = answer.api_response.body
            documents += body[service.RESOURCE_NAME]
            after = ((body.get("meta") or {}).get("cursors") or {}).get("after")
            if not after:
                return documents
            if after in cursors:
                raise DebitRetryable("GoCardless' list runs in a circle")
            cursors.add(after)

    def _events(self, kind: str, ref: str) -> list[Document]:
        """All events about one thing; the latest may not exist yet."""
        return self._all(self._api.events, {kind: identifier(ref)})
