from odoo import models


class PaymentEvent(models.Model):
    """What providers say about mandates that another provider holds."""

    _inherit = "payment.event"

    def _apply_mandates(self, on):
        tokens = (
            self.env["payment.token"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("provider_ref", "in", self.mapped("ref")),
                    ("mandate_id", "!=", False),
                ]
            )
            .filtered(lambda token: token.mandate_id.provider_id != token.provider_id)
        )
        by_ref = {token.provider_ref: token for token in tokens}
        besides = self.filtered(lambda event: event.ref in by_ref)
        if holders := self - besides:
            super(PaymentEvent, holders)._apply_mandates(on)
        client = besides and self.provider_id._debit_client_or_pause()
        if not client:
            for event in besides:
                event._try_again(self.provider_id.debit_paused_reason, on)
            return

        def follow(events):
            token = by_ref[events[0].ref]
            snapshot = client.mandate_fetch(token.provider_ref)
            token.mandate_id._follow_registration(token, snapshot, on)

        self._one_by_one(besides.grouped("ref").values(), follow, on)
