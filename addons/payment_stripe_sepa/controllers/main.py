from odoo import http

from odoo.addons.payment_direct_debit.controllers.webhook import DebitWebhook
from odoo.addons.payment_stripe_sepa.const import WEBHOOK_ROUTE


class StripeSepaWebhook(DebitWebhook):
    """One address and one secret for each provider record: a notification names no account."""

    @http.route(
        f"{WEBHOOK_ROUTE}/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def stripe_sepa_webhook(self, provider_id, **_form):
        """Take in the event of one notification."""
        return self._receive_events("stripe_sepa", provider_id)
