from datetime import timedelta

from odoo import fields, models

from odoo.addons.payment_direct_debit.exceptions import DebitError
from odoo.addons.payment_direct_debit.models.payment_payout import LOOK_BACK


class PaymentEvent(models.Model):
    """Events about refunds and payouts."""

    _inherit = "payment.event"

    def _apply_refunds(self, on):
        refunds = (
            self.env["payment.refund"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("provider_ref", "in", self.mapped("ref")),
                ]
            )
        )
        by_ref = {refund.provider_ref: refund for refund in refunds}
        ours = self.filtered(lambda event: event.ref in by_ref)
        (self - ours)._not_our_refund(on)
        unread = refunds._refresh(on)
        lost = ours.filtered(lambda event: by_ref[event.ref].id in unread)
        for event in lost:
            event._try_again(unread[by_ref[event.ref].id], on)
        (ours - lost)._set_state("applied", on=on)

    def _not_our_refund(self, on):
        """An event may be quicker than our own commit; only then it is worth another look."""
        leaving = self.env["payment.refund"].sudo()
        leaving = self and leaving.search_count(
            [
                ("provider_id", "=", self.provider_id.id),
                ("state", "in", ("submitting", "unknown")),
            ],
            limit=1,
        )
        young = fields.Datetime.now() - timedelta(minutes=30)
        for event in self:
            if leaving and event.create_date > young and event.tries < 3:
                event._try_again(self.env._("Not known here (yet)"), on)
            else:
                event._set_state("ignored", self.env._("Not known here"), on)

    def _apply_payouts(self, on):
        """Read the provider's payouts once for all events about them."""
        provider = self.provider_id
        profile = provider._debit_profile()
        if not profile or not profile.pays_out:
            self._set_state("ignored", self.env._("This provider's payouts are not read"), on)
            return
        moments = self.filtered("occurred_at").mapped("occurred_at")
        first = min(moments, default=fields.Datetime.now()).date()
        try:
            self.env["payment.payout"].sudo()._fetch(provider, first - LOOK_BACK, on)
        except DebitError as error:
            for event in self:
                event._try_again(str(error), on)
            return
        self._set_state("applied", on=on)
