"""What every part of the client stands on: the library, one token, lists, and keys used before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import gocardless_pro

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.client import BaseClient
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.http import TIMEOUTS, Timeouts

from . import const
from .failures import boundary
from .snapshots import Document, identifier, links, metadata
from .transport import Transport


class Api(BaseClient):
    """One token in one environment.

    :param token: a read-write access token.
    :param base_url: scheme, host and port of the API.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the token can not be one.
    """

    provider = const.NAME
    boundary = staticmethod(boundary)

    def __init__(self, token: str, base_url: str, *, timeouts: Timeouts = TIMEOUTS) -> None:
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

        def page(after: str | None) -> tuple[list[Document], str | None]:
            cursor = {"after": after} if after else {}
            answer = service.list(params={**query, "limit": const.PAGE, **cursor})
            body = answer.api_response.body
            cursors = (body.get("meta") or {}).get("cursors") or {}
            return body[service.RESOURCE_NAME], cursors.get("after")

        return self._read_to_the_end(page)

    def _events(self, kind: str, ref: str) -> list[Document]:
        """All events about one thing; the latest may not exist yet."""
        return self._all(self._api.events, {kind: identifier(ref)})

    def _adopt(
        self,
        order: seam.DebitOrder | seam.RefundOrder,
        made: tuple[Any, str],
        about: tuple[str, str],
        translate: Callable[[Document], Any],
    ) -> Any:
        """Take over what the key of an order made before, once it is surely the same.

        :param made: service and id of what is there.
        :param about: what it must link to: name and id.
        :raise DebitOutcomeUnknown: in every other case: something exists, whatever it is.
        """
        service, ref = made
        try:
            document = service.get(identifier(ref)).attributes
            found = (document["amount"], document["currency"], links(document).get(about[0]))
            self._check_same(
                order.reference,
                ref,
                (*found, metadata(document).get("odoo_ref")),
                (order.amount_cents, order.currency, about[1], order.reference),
            )
            return translate(document)
        except DebitOutcomeUnknown:
            raise
        except DebitError as error:
            text = f"the key of {order.reference} made {ref}, which can not be read: {error}"
            raise DebitOutcomeUnknown(text) from error
