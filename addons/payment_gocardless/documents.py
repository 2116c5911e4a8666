"""The signed mandate as a PDF: made by GoCardless on demand, fetched from a link at once."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import requests

from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)

from . import const
from .api import Api
from .failures import boundary
from .snapshots import identifier
from .transport import timed_session


class Documents(Api):
    """The document of `seam.DebitClient`."""

    def mandate_document(self, ref: str) -> bytes | None:
        """Return the mandate as a PDF, in French, account number censored by GoCardless.

        The link lives ten minutes ("Mandate PDFs"), so it is followed at once.

        :return: None where GoCardless gives none.
        :raise DebitRetryable: when the link leads elsewhere, or to no PDF of a sensible size.
        """
        try:
            with boundary("POST"):
                made = self._api.mandate_pdfs.create(
                    params={"links": {"mandate": identifier(ref)}},
                    headers={"Accept-Language": const.DOCUMENT_LANGUAGE},
                )
                url = made.attributes["url"]
        except DebitRefused:
            return None
        except ProviderMisconfigured as error:
            if error.code == "403":
                return None
            raise
        if not self._is_theirs(url):
            raise DebitRetryable("GoCardless' link to the mandate leads elsewhere")
        return self._download(url)

    def _is_theirs(self, url: str) -> bool:
        """Tell whether a link leads to GoCardless over TLS, or to the stand-in that we talk to."""
        link, api = urlsplit(url), urlsplit(self._base_url)
        host = link.hostname or ""
        if link.scheme == "https" and (host == const.DOMAIN or host.endswith(f".{const.DOMAIN}")):
            return link.port in (None, 443)
        own = self._base_url not in const.API_URLS.values()
        return own and (link.scheme, link.netloc) == (api.scheme, api.netloc)

    def _download(self, url: str) -> bytes:
        """Read a file without the token: a link carries its own right."""
        deadline = time.monotonic() + const.DOCUMENT_SECONDS
        content = bytearray()
        try:
            with (
                timed_session(self._timeouts) as session,
                session.get(url, allow_redirects=False, stream=True) as answer,
            ):
                if answer.status_code != 200:
                    raise DebitRetryable(f"no document (HTTP {answer.status_code})")
                for chunk in answer.iter_content(64 * 1024):
                    content += chunk
                    if time.monotonic() > deadline or len(content) > const.DOCUMENT_SIZE:
                        raise DebitRetryable("the document is too large or too slow")
        except requests.RequestException as error:
            raise DebitRetryable(f"no document ({type(error).__name__})") from error
        if not content.startswith(b"%PDF-"):
            raise DebitRetryable("the document is no PDF")
        return bytes(content)
