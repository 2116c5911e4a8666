"""Mandates: signed on GoCardless' page, re-read, cancelled, and their signed document."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import requests

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitRefused,
    DebitRetryable,
    ProviderMisconfigured,
)
from odoo.addons.payment_direct_debit.http import timed_session

from . import const, payloads, snapshots
from .api import Api
from .failures import boundary
from .snapshots import Document, identifier, links, metadata


class Mandates(Api):
    """The mandates of `seam.DebitClient`."""

    def mandate_start(self, order: seam.MandateOrder) -> seam.MandateSession:
        """Open a hosted page, for the signature already begun where it can go on.

        :raise DebitRefused: for a scheme that GoCardless does not offer.
        """
        if order.scheme != "core":
            raise DebitRefused("GoCardless collects SEPA Core only", code="scheme")
        status = self._session_status(order)
        if status in ("fulfilling", "fulfilled"):
            # Signed already: the way back is where that is found out.
            return seam.MandateSession(url=order.return_url, session_ref=order.session_ref)
        with boundary("POST"):
            ref = order.session_ref
            if status not in ("pending", "ready_to_fulfil"):
                params = payloads.billing_request(order)
                ref = identifier(self._api.billing_requests.create(params=params).attributes["id"])
            flow = self._api.billing_request_flows.create(params=payloads.flow(order, ref))
            return seam.MandateSession(
                url=flow.attributes["authorisation_url"], session_ref=identifier(ref)
            )

    def mandate_signed(self, session_ref: str) -> seam.MandateSnapshot | None:
        """Return the mandate of a signature, or None while GoCardless has not made it.

        :raise DebitRefused: when the mandate was made for another reference of ours.
        """
        with boundary("GET"):
            request = self._api.billing_requests.get(identifier(session_ref)).attributes
            ref = links(request).get("mandate_request_mandate")
            if request["status"] != "fulfilled" or not ref:
                return None
            document = self._api.mandates.get(identifier(ref)).attributes
            asked = metadata(request).get("odoo_mandate")
            if not asked or metadata(document).get("odoo_mandate", asked) != asked:
                raise DebitRefused(f"mandate {ref} is not of this signature", code="foreign")
            return self._mandate(document)

    def mandate_fetch(self, ref: str) -> seam.MandateSnapshot:
        """Re-read one mandate and its bank account."""
        with boundary("GET"):
            return self._mandate(self._api.mandates.get(identifier(ref)).attributes)

    def mandate_cancel(self, ref: str) -> seam.MandateSnapshot:
        """Cancel a mandate, and with it every payment that has not left."""
        return self._end(
            lambda: self._api.mandates.cancel(identifier(ref)),
            lambda: self.mandate_fetch(ref),
            seam.MANDATE_CANCELLED,
        )

    def _mandate(self, document: Document) -> seam.MandateSnapshot:
        account, ref = {}, links(document).get("customer_bank_account")
        if ref:
            account = self._api.customer_bank_accounts.get(identifier(ref)).attributes
        ended = document["status"] in const.MANDATE_ENDS
        events = self._events("mandate", document["id"]) if ended else ()
        return snapshots.mandate(document, account, events)

    def _session_status(self, order: seam.MandateOrder) -> str:
        """The status of the signature begun before; empty where a new one is needed."""
        if not order.session_ref:
            return ""
        try:
            with boundary("GET"):
                request = self._api.billing_requests.get(identifier(order.session_ref)).attributes
        except DebitRefused:
            return ""  # of another environment or account
        same = metadata(request).get("odoo_mandate") == order.reference
        return request["status"] if same else ""

    # === DOCUMENT === #

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
