from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

# What a client is shown: drafts are ours, what failed says nothing to him.
SHOWN = ("to_sign", "active", "suspended", "cancelled", "expired", "replaced")


class MandatePortal(CustomerPortal):
    """The mandates of a client who is logged in: his own company's, and nobody else's.

    Portal users have no right on the model: what is here is read for them, by this domain alone.
    """

    def _mandate_domain(self):
        client = request.env.user.partner_id.commercial_partner_id
        return [("partner_id", "child_of", client.id), ("state", "in", SHOWN)]

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "mandate_count" in counters:
            mandates = request.env["payment.mandate"].sudo()
            values["mandate_count"] = mandates.search_count(self._mandate_domain())
        return values

    def _own_mandate(self, mandate_id):
        """Return a mandate of the client; 404 for all others, whether they exist or not."""
        mandate = (
            request.env["payment.mandate"]
            .sudo()
            .search([*self._mandate_domain(), ("id", "=", mandate_id)])
        )
        if not mandate:
            raise request.not_found()
        return mandate

    @http.route("/my/mandates", type="http", auth="user", methods=["GET"], website=True)
    def mandates(self, **_query):
        """The client's mandates: their state, the account as it may be shown, what he can do."""
        return self._page()

    @http.route("/my/mandates/<int:mandate_id>/sign", type="http", auth="user", methods=["POST"])
    def sign_mandate(self, mandate_id, **_query):
        """Send the client to the provider's page, to sign."""
        return self._to_provider(self._own_mandate(mandate_id)._signature_start)

    @http.route("/my/mandates/<int:mandate_id>/change", type="http", auth="user", methods=["POST"])
    def change_mandate(self, mandate_id, **_query):
        """Send the client to the provider's page, to give another account."""
        return self._to_provider(self._own_mandate(mandate_id)._change_start)

    def _to_provider(self, start):
        try:
            url = start()
        except UserError as error:
            return self._page(error=str(error))
        return request.redirect(url, code=303, local=False)

    def _page(self, error=None):
        mandates = request.env["payment.mandate"].sudo().search(self._mandate_domain())
        order = {state: place for place, state in enumerate(SHOWN)}
        values = {
            **self._prepare_portal_layout_values(),
            "mandates": mandates.sorted(lambda mandate: order[mandate.state]),
            "page_name": "mandates",
            "error": error,
        }
        return request.render("payment_direct_debit.portal_my_mandates", values)
