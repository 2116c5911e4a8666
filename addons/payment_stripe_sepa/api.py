"""What every part of the client stands on: the library, one key, and lists read to their end."""

from __future__ import annotations

import logging
import re
from typing import Any

import stripe

from odoo.addons.payment_direct_debit.exceptions import DebitRetryable, ProviderMisconfigured

from . import const
from .snapshots import Document
from .transport import Transport

# Else the library marks this computer with a file and tells Stripe about it.
stripe.enable_telemetry = False
# It writes every request to the log; at DEBUG whole bodies, the secret of a new webhook
# endpoint among them.
logging.getLogger("stripe").setLevel(logging.WARNING)


class Api:
    """One secret key.

    :param key: a secret or a restricted key.
    :param base_url: scheme, host and port of the API.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the key can not be one.
    """

    def __init__(
        self, key: str, base_url: str, *, timeouts: tuple[float, float] = const.TIMEOUTS
    ) -> None:
        if not re.fullmatch(r"[sr]k_(test|live)_[0-9A-Za-z_]+", key or ""):
            raise ProviderMisconfigured("The Stripe secret key is missing or malformed.")
        self._api = stripe.StripeClient(
            key,
            stripe_version=const.API_VERSION,
            base_addresses={"api": base_url},
            http_client=Transport(timeouts),
            max_network_retries=0,
        ).v1
        # Payment method and customer of mandates, which never change.
        self._accounts: dict[str, tuple[str, str]] = {}

    def _all(self, service: Any, query: Document) -> list[Document]:
        """Read a list to its end; all of it, or an error."""
        documents: list[Document] = []
        seen: set[str] = set()
        page: Document = {}
        while True:
            answer = service.list({**query, "limit": const.PAGE, **page}).to_dict()
            documents += answer["data"]
            if not answer["has_more"]:
                return documents
            after = answer["data"][-1]["id"]
            if after in seen:
                raise DebitRetryable("Stripe's list runs in a circle")
            seen.add(after)
            page = {"starting_after": after}
