from odoo import models


class PaymentEvent(models.Model):
    """Events about mandates and their signatures."""

    _inherit = "payment.event"

    def _apply_mandates(self, on):
        mandates = (
            self.env["payment.mandate"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("provider_mandate_ref", "in", self.mapped("ref")),
                ]
            )
        )
        by_ref = {mandate.provider_mandate_ref: mandate for mandate in mandates}
        ours = self.filtered(lambda event: event.ref in by_ref)
        (self - ours)._set_state("ignored", self.env._("Not known here"), on)
        client = ours and self.provider_id._debit_client_or_pause()
        if not client:
            for event in ours:
                event._try_again(self.provider_id.debit_paused_reason, on)
            return
        self._one_by_one(
            ours.grouped("ref").values(),
            lambda events: by_ref[events[0].ref]._apply_snapshot(
                client.mandate_fetch(events[0].ref), on
            ),
            on,
        )

    def _apply_signatures(self, on):
        mandates = (
            self.env["payment.mandate"]
            .sudo()
            .search([("signature_session_ref", "in", self.mapped("ref"))])
        )
        by_ref = {mandate.signature_session_ref: mandate for mandate in mandates}
        ours = self.filtered(lambda event: event.ref in by_ref)
        (self - ours)._set_state("ignored", self.env._("Not known here"), on)
        self._one_by_one(
            ours.grouped("ref").values(),
            lambda events: by_ref[events[0].ref]._signature_refresh(on),
            on,
        )
