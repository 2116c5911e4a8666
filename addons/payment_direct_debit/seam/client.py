"""What the engine asks of a provider."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from odoo.addons.payment_direct_debit.seam.debits import (
    DebitOrder,
    DebitSnapshot,
    IncomingEvent,
    PayoutItem,
    PayoutSnapshot,
    RefundOrder,
    RefundSnapshot,
)
from odoo.addons.payment_direct_debit.seam.mandates import (
    MandateOrder,
    MandateRegistration,
    MandateSession,
    MandateSnapshot,
)


class DebitClient(Protocol):
    """What the engine asks of a provider's client.

    Every method raises only the classes of `exceptions.py`, has a time-out, and never logs or
    raises a secret or a full IBAN.
    """

    def send(self, order: DebitOrder) -> DebitSnapshot:
        """Create the debit, or adopt the one that the same key made before."""

    def find(self, order: DebitOrder) -> DebitSnapshot | None:
        """Look an attempt up after an unknown outcome; None when the provider surely lacks it."""

    def fetch(self, ref: str) -> DebitSnapshot:
        """Re-read one debit by the provider's reference."""

    def cancel(self, ref: str) -> DebitSnapshot:
        """Cancel a debit that has not left; DebitRefused when it is too late."""

    def mandate_start(self, order: MandateOrder) -> MandateSession:
        """Begin, or continue, a hosted signature."""

    def mandate_signed(self, session_ref: str) -> MandateSnapshot | None:
        """The mandate that a hosted signature made; None while the debtor has not finished."""

    def mandate_fetch(self, ref: str) -> MandateSnapshot:
        """Re-read one mandate by the provider's reference."""

    def mandate_cancel(self, ref: str) -> MandateSnapshot:
        """Cancel a mandate at the provider; one already cancelled is a success."""

    def events_since(self, since: datetime) -> Iterable[IncomingEvent]:
        """All events of the provider from `since` (naive UTC) on, oldest first or not."""

    def mandate_document(self, ref: str) -> bytes | None:
        """The signed mandate as a PDF; None where the provider has none (yet)."""

    # Only where the profile says `can_register`.

    def mandate_register(self, order: MandateRegistration) -> MandateSnapshot:
        """Make the mandate, or adopt the one that an earlier try of the same order made.

        :raise DebitOutcomeUnknown: it may have been made; the same order may be sent again.
        """

    def mandate_register_find(self, order: MandateRegistration) -> MandateSnapshot | None:
        """Look a registration up, without the account; None when the provider surely lacks it."""

    # Only where the profile says `can_amend`.

    def mandate_change_account(self, ref: str, iban: str) -> MandateSnapshot:
        """Debit another account of the debtor from now on, under the same mandate.

        The account is set, not added: after an unknown outcome the same call may be made again.
        """

    # Only where the provider has a `ProviderSetup`, for the check of the connection.

    def account(self) -> Any:
        """What the credentials open, as a record of the provider's own."""

    # Only where the provider keeps events until they are acknowledged.

    def events_stored(self, events: Iterable[IncomingEvent]) -> None:
        """Acknowledge polled events, called after they were committed; twice does no harm.

        Every event is tried before anything is raised: what was missed comes again.
        """

    # Only where the profile says `can_refund`.

    def refund(self, order: RefundOrder) -> RefundSnapshot:
        """Give money back, once for a key; DebitRefused where the provider will not."""

    def refund_find(self, order: RefundOrder) -> RefundSnapshot | None:
        """Look a refund up after an unknown outcome; None when the provider surely lacks it."""

    def refund_fetch(self, ref: str) -> RefundSnapshot:
        """Re-read one refund by the provider's reference."""

    # Only where the profile says `pays_out`.

    def payouts_since(self, since: date) -> Iterable[PayoutSnapshot]:
        """All payouts made from `since` on."""

    def payout_items(self, ref: str) -> Iterable[PayoutItem]:
        """What one payout is made of; their sum, rounded once, is its amount."""
