"""What every part of the client stands on: the library, one key, and lists read to their end."""

from __future__ import annotations

import logging
import re
from typing import Any

import stripe

from odoo.addons.payment_direct_debit.client import BaseClient
from odoo.addons.payment_direct_debit.exceptions import DebitRefused, ProviderMisconfigured
from odoo.addons.payment_direct_debit.http import TIMEOUTS, Timeouts

from . import const
from .failures import boundary
from .snapshots import Document, identifier
from .transport import Transport

# Else the library marks this computer with a file and tells Stripe about it.
stripe.enable_telemetry = False
# It writes every request to the log; at DEBUG whole bodies, the secret of a new webhook
# endpoint among them.
logging.getLogger("stripe").setLevel(logging.WARNING)


class Api(BaseClient):
    """One secret key.

    :param token: a secret or a restricted key.
    :param base_url: scheme, host and port of the API.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the key can not be one.
    """

    provider = const.NAME
    boundary = staticmethod(boundary)

    def __init__(self, token: str, base_url: str, *, timeouts: Timeouts = TIMEOUTS) -> None:
        if not re.fullmatch(r"[sr]k_(test|live)_[0-9A-Za-z_]+", token or ""):
            raise ProviderMisconfigured("The Stripe secret key is missing or malformed.")
        self._api = stripe.StripeClient(
            token,
            stripe_version=const.API_VERSION,
            base_addresses={"api": base_url},
            http_client=Transport(timeouts),
            max_network_retries=0,
        ).v1
        # Payment method and customer of mandates, which never change.
        self._accounts: dict[str, tuple[str, str]] = {}

    def _all(self, service: Any, query: Document) -> list[Document]:
        """Read a list to its end; all of it, or an error."""

        def page(after: str | None) -> tuple[list[Document], str | None]:
            cursor = {"starting_after": after} if after else {}
            answer = service.list({**query, "limit": const.PAGE, **cursor}).to_dict()
            return answer["data"], answer["data"][-1]["id"] if answer["has_more"] else None

        return self._read_to_the_end(page)

    def _mandate(self, ref: str) -> Document:
        query = {"expand": ["payment_method"]}
        return self._api.mandates.retrieve(identifier(ref), query).to_dict()

    def _account(self, mandate_ref: str) -> tuple[str, str]:
        """The payment method and the customer of a mandate.

        :raise DebitRefused: MD01 when the method was detached, which ends the mandate.
        """
        if mandate_ref not in self._accounts:
            with boundary("GET"):
                method = self._mandate(mandate_ref)["payment_method"]
                if not method["customer"]:
                    text = "the mandate's payment method belongs to no customer any more"
                    raise DebitRefused(text, code="MD01")
                self._accounts[mandate_ref] = (method["id"], method["customer"])
        return self._accounts[mandate_ref]
