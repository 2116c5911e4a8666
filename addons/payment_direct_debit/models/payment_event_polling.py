import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models

from odoo.addons.payment_direct_debit.exceptions import DebitError

_logger = logging.getLogger(__name__)

# How far back the poller looks behind the last event: providers write events late.
POLL_OVERLAP = timedelta(days=2)
FIRST_POLL = timedelta(days=30)


class PaymentEvent(models.Model):
    """The providers' own lists of events, read for what was never notified."""

    _inherit = "payment.event"

    @api.model
    def _cron_poll(self, now=None):
        """Read the providers' own lists of events, for the notifications that never came.

        :param datetime now: naive UTC; the clock's by default.
        """
        now = now or fields.Datetime.now()
        providers = self.env["payment.provider"].search([("state", "in", ("enabled", "test"))])
        for provider in providers.filtered("is_debit_provider"):
            client = provider._debit_client_or_pause()
            if client is None:
                continue
            since = (provider.debit_events_polled_at or now - FIRST_POLL) - POLL_OVERLAP
            try:
                events = list(client.events_since(since))
            except DebitError as error:
                _logger.info("polling provider %s: %s", provider.code, error)
                continue  # the next poll starts from the same moment
            new = self._store_polled(provider, events, now)
            _logger.info("%s events polled from provider %s", new, provider.code)
            self._acknowledge(provider, client, events)
        self.env.ref("payment_direct_debit.ir_cron_apply_events")._trigger()

    @api.model
    def _store_polled(self, provider, events, now):
        """Store what was polled, in a transaction of its own.

        Notifications of the same events may be stored at this very moment, and the database then
        refuses to go on from an older snapshot: a fresh one is taken.
        """
        for tries_left in (2, 1, 0):
            self.env["ir.cron"]._commit_progress(0)
            try:
                new = self._receive(provider, events, "poll")
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
                if not tries_left:
                    raise
                continue
            provider.debit_events_polled_at = now
            self.env["ir.cron"]._commit_progress(1)
            return new
        return 0

    @api.model
    def _acknowledge(self, provider, client, events):
        """Tell a provider that wants to know which events are on disk; those that it does not
        hear of come again with the next poll."""
        tell = getattr(client, "events_stored", None)
        if tell is None:
            return
        try:
            tell(events)
        except DebitError as error:
            _logger.info("acknowledging events of provider %s: %s", provider.code, error)
