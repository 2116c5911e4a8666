from odoo import http

from odoo.addons.payment_direct_debit.controllers.webhook import DebitWebhook
from odoo.addons.payment_slimpay.const import WEBHOOK_ROUTE


class SlimPayWebhook(DebitWebhook):
    """One address for each provider record, for order notifications and signed webhooks alike."""

    @http.route(
        f"{WEBHOOK_ROUTE}/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def slimpay_webhook(self, provider_id, **_form):
        """Take in one notification."""
        return self._receive_events("slimpay", provider_id)
