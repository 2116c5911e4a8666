import logging

from odoo import SUPERUSER_ID
from odoo.http import Controller, Response, request, route

from odoo.addons.payment_direct_debit.exceptions import EventRejected

_logger = logging.getLogger(__name__)

# 250 events of a kilobyte or two, and room; what is larger is no notification.
MAX_BODY = 2 * 1024 * 1024


class DebitWebhook(Controller):
    """Verify, store, answer: one address for each provider record.

    Nothing is applied here: a notification is a hint, the cron re-reads what it is about.
    """

    @route(
        "/payment/<string:code>/webhook/<int:provider_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, code, provider_id, **_form):
        """Take one notification in.

        :param str code: the provider's code; the record must have it.
        :param int provider_id: which payment.provider it is for.
        :return: the HTTP response.
        """
        size = request.httprequest.content_length
        if size is None or size > MAX_BODY:
            return Response(status=411 if size is None else 413)
        provider = request.env["payment.provider"].sudo().browse(provider_id).exists()
        if not provider or provider.code != code or provider.state == "disabled":
            return Response(status=404)
        raw = request.httprequest.get_data(cache=False)
        try:
            events = provider._event_verify(raw, request.httprequest.headers)
        except EventRejected as error:
            _logger.warning("notification for provider %s refused: %s", provider_id, error)
            return Response(status=error.status)
        inbox = request.env["payment.event"].with_user(SUPERUSER_ID)
        if inbox._receive(provider, events, "webhook"):
            request.env.ref("payment_direct_debit.ir_cron_apply_events").sudo()._trigger()
        return Response(status=204)
