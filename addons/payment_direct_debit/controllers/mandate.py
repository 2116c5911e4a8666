import hmac

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.models.payment_mandate_signature import SIGN_ROUTE


class MandateSignature(http.Controller):
    """The link that a debtor gets: to the provider's page, and back."""

    def _mandate(self, mandate_id, token):
        mandate = request.env["payment.mandate"].sudo().browse(mandate_id).exists()
        if not mandate or not hmac.compare_digest(
            mandate._signature_token(), token.encode("ascii", "replace").decode()
        ):
            raise request.not_found()
        return mandate

    @http.route(
        f"{SIGN_ROUTE}/<int:mandate_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def sign(self, mandate_id, token, **_query):
        """Send the debtor to the provider's signature page, as long as the link is good."""
        mandate = self._mandate(mandate_id, token)
        if mandate.state != "to_sign":
            return self._result(mandate)
        if mandate._signature_link_is_over():
            return self._result(mandate, over=True, status=410)
        try:
            url = mandate._signature_start()
        except UserError as error:
            return self._result(mandate, error=str(error))
        return request.redirect(url, local=False)

    @http.route(
        f"{SIGN_ROUTE}/<int:mandate_id>/<string:token>/back",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        save_session=False,
    )
    def back(self, mandate_id, token, **_query):
        """The debtor is back: that proves nothing, so ask the provider."""
        mandate = self._mandate(mandate_id, token)
        try:
            mandate._signature_refresh()
        except DebitError:
            # The provider is out of reach; the notification or the cron will finish it.
            return self._result(mandate)
        return self._result(mandate)

    def _result(self, mandate, error=None, over=False, status=200):
        page = request.render(
            "payment_direct_debit.mandate_signature_result",
            {
                "mandate": mandate,
                "error": error,
                "over": over,
                "change": mandate._open_page_change(),
                "is_client": not request.env.user._is_public(),
            },
        )
        page.status_code = status
        return page
