from odoo import http

from odoo.addons.payment_direct_debit.controllers.webhook import DebitWebhook
from odoo.addons.payment_gocardless.const import WEBHOOK_ROUTE


class GoCardlessWebhook(DebitWebhook):
    """One address and one secret for each provider record: a notification names no account."""

    @http.route(
        f"{WEBHOOK_ROUTE}/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def gocardless_webhook(self, provider_id, **_form):
        """Take in the events of one notification."""
        return self._receive_events("gocardless", provider_id)
