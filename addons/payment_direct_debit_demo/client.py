"""The demo bank as the engine sees it.

Other clients talk to a server from several threads; this one talks to tables of the same database
and transaction, and therefore asks for a parallelism of 1, which keeps it in the calling thread.
"""

from odoo import fields

from odoo.addons.payment_direct_debit.exceptions import DebitOutcomeUnknown, DebitRefused


class DemoClient:
    """`seam.DebitClient` over the ledger of one demo provider."""

    def __init__(self, provider):
        self._provider = provider.sudo()
        self._debits = self._provider.env["payment.demo.debit"]
        self._mandates = self._provider.env["payment.demo.mandate"]
        self._events = self._provider.env["payment.demo.event"]

    def send(self, order):
        """Receive a debit once; the same key again gives what is here already."""
        if self._provider.demo_debit_outage == "deaf":
            self._be_silent()
        snapshot = self._debits._of_order(self._provider, order)._submit()
        self._be_silent()
        return snapshot

    def find(self, order):
        """Look a key up; None for what was never executed."""
        self._be_silent()
        return self._debits._by_key(self._provider, order.idempotency_key)._look_up()

    def fetch(self, ref):
        """Re-read one debit."""
        self._be_silent()
        return self._one(self._debits, ref)._snapshot()

    def cancel(self, ref):
        """Cancel a debit that the bank has not collected yet."""
        return self._one(self._debits, ref)._cancel()

    def mandate_start(self, order):
        """Let the debtor sign at once, and send him straight back."""
        return self._mandates._of_order(self._provider, order)._sign(order.return_url)

    def mandate_signed(self, session_ref):
        """Return the mandate of a signature; None for one that never began."""
        mandate = self._mandates.search(
            [("provider_id", "=", self._provider.id), ("session_ref", "=", session_ref)]
        )
        return mandate._snapshot() if mandate else None

    def mandate_fetch(self, ref):
        """Re-read one mandate."""
        return self._one(self._mandates, ref)._snapshot()

    def mandate_cancel(self, ref):
        """Cancel a mandate; one already cancelled is a success."""
        mandate = self._one(self._mandates, ref)
        if mandate.status != "cancelled":
            mandate._move("cancelled", fields.Date.context_today(mandate))
        return mandate._snapshot()

    def mandate_register(self, order):
        """Hold a mandate signed elsewhere, once for its key."""
        return self._mandates._registered(self._provider, order)._snapshot()

    def mandate_register_find(self, order):
        """Look a registration up by its key; None for what was never executed."""
        mandate = self._mandates._by_key(self._provider, order.idempotency_key)
        return mandate._snapshot() if mandate else None

    def mandate_change_account(self, ref, iban):
        """Debit another account under the same mandate; the same twice is a success."""
        mandate = self._one(self._mandates, ref)
        if mandate.status != "active":
            raise DebitRefused(f"the mandate is {mandate.status}", code="too_late")
        mandate.account_ending = iban[-4:]
        return mandate._snapshot()

    def mandate_document(self, ref):
        """Return None: nothing is printed here."""
        self._one(self._mandates, ref)

    def events_since(self, since):
        """Return all events from `since` (naive UTC) on, oldest first."""
        events = self._events.search(
            [("provider_id", "=", self._provider.id), ("occurred_at", ">=", since)], order="id"
        )
        return [event._incoming() for event in events]

    def _be_silent(self):
        """Give no answer during an outage."""
        if self._provider.demo_debit_outage:
            raise DebitOutcomeUnknown("the demo bank does not answer")

    def _one(self, model, ref):
        record = model.search([("provider_id", "=", self._provider.id), ("ref", "=", ref)])
        if not record:
            raise DebitRefused(f"the demo bank does not know {ref}", code="not_found")
        return record
