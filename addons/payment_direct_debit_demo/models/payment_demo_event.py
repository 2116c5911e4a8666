from odoo import fields, models

from odoo.addons.payment_direct_debit import seam


class PaymentDemoEvent(models.Model):
    """What the demo bank would notify; kept, so that it can also be polled."""

    _name = "payment.demo.event"
    _description = "Demo Bank Event"
    _order = "id desc"

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="cascade", index=True
    )
    topic = fields.Char(required=True, readonly=True)
    ref = fields.Char(required=True, readonly=True)
    action = fields.Char(required=True, readonly=True)
    occurred_at = fields.Datetime(required=True, readonly=True)

    def _incoming(self):
        """Return this event as a provider's client hands it over (`seam.IncomingEvent`)."""
        self.ensure_one()
        return seam.IncomingEvent(
            event_key=f"EV{self.id:08d}",
            topic=self.topic,
            ref=self.ref,
            action=self.action,
            occurred_at=self.occurred_at,
            payload={"ref": self.ref, "action": self.action},
        )

    def _notify(self):
        """Put the events into the inbox, as a notification does.

        :return: how many were new there.
        """
        return sum(
            self.env["payment.event"]._receive(
                provider, [event._incoming() for event in events], "webhook"
            )
            for provider, events in self.grouped("provider_id").items()
        )
