"""SlimPay as the engine asks it: `seam.DebitClient` over HTTP, without the ORM."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import DebitError, DebitRefused
from odoo.addons.payment_direct_debit.pure import wire

from . import const, hal, payloads, snapshots
from .failures import boundary
from .hal import Document
from .registration import Registration
from .settlement import Settlement


class SlimPayClient(Settlement, Registration):
    """One app, for one creditor, in one environment; see `Api` for what it takes."""

    # === DEBITS === #

    def send(self, order: seam.DebitOrder) -> seam.DebitSnapshot:
        """Create the payment, unless one of the same reference is there already.

        SlimPay does not promise to refuse a second payment of the same reference: it is looked
        for before each try. A date that is refused as too early is replaced by the first possible.
        """
        bodies = [payloads.payment(order, day) for day in (order.requested_date, None)]
        if found := self.find(order):
            return found
        try:
            return self._create_debit(bodies[0])
        except DebitRefused as refusal:
            if refusal.code != const.TOO_EARLY:
                raise self._with_mandate(order, refusal) from None
        return self._create_debit(bodies[1])

    def find(self, order: seam.DebitOrder) -> seam.DebitSnapshot | None:
        """Look for the attempt among all payments of the account, by its reference."""
        with boundary("GET"):
            payment = self._payment_named(payloads.reference(order), "IN")
            if payment is None:
                return None
            found = (*snapshots.money_of(payment), self._mandate_of(payment))
            wanted = (order.amount_cents, order.currency, order.mandate_ref)
            self._check_same(order.reference, payment["id"], found, wanted)
            return self._explained(payment)

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with its issues where the bank has spoken."""
        with boundary("GET"):
            return self._explained(self._payment(ref))

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment while SlimPay offers it; one already cancelled is a success."""
        return self._end_by_link(
            lambda: self._payment(ref),
            self._explained,
            ("cancel-payment", const.CANCELLED_BY_US),
            seam.CANCELLED,
        )

    def _create_debit(self, body: Document) -> seam.DebitSnapshot:
        with boundary("POST"):
            return snapshots.debit(self._create("create-payins", body), self._today())

    def _with_mandate(self, order: seam.DebitOrder, refusal: DebitRefused) -> DebitRefused:
        """Say that the mandate is the reason where it is: SlimPay's codes do not tell."""
        try:
            mandate = self.mandate_fetch(order.mandate_ref)
        except DebitError:
            return refusal
        if mandate.status == seam.MANDATE_ACTIVE:
            return refusal
        return DebitRefused(f"{refusal}; mandate {mandate.raw_status}", code=const.NO_MANDATE)

    # === EVENTS AND ACCOUNT === #

    def events_since(self, since: datetime) -> list[seam.IncomingEvent]:
        """Return the issues not acknowledged, those since `since`, and the mandates that ended.

        SlimPay notifies none of them. The issues since `since` (naive UTC) are for those that
        somebody acknowledged in the dashboard.
        """
        with boundary("GET"):
            issues = {}
            for scheme in const.SCHEMES.values():
                recent = {"scheme": scheme, "dateCreatedAfter": wire.stamp(since, "+0000")}
                waiting = {"scheme": scheme, "executionStatus": "toprocess"}
                for query in (recent, waiting):
                    found = self._all("search-payment-issues", **query)
                    issues.update((issue["id"], issue) for issue in found)
            events = [
                snapshots.issue_event(self._whole(issue, "dateCreated"))
                for issue in issues.values()
            ]
            for state in const.MANDATE_ENDS:
                for mandate in self._all("search-mandates", state=state):
                    event = snapshots.mandate_event(mandate)
                    if event.occurred_at >= since or not mandate.get("dateRevoked"):
                        events.append(event)
            return events

    def events_stored(self, events: Iterable[seam.IncomingEvent]) -> None:
        """Acknowledge issues, one by one; those that fail come again with the next poll.

        :raise DebitError: the first failure, after all were tried.
        """
        problems = []
        for event in events:
            if event.payload.get("executionStatus") != "toprocess":
                continue
            try:
                with boundary("POST"):
                    self._http.post(hal.href(event.payload, "ack-payment-issue"), {})
            except DebitError as error:
                problems.append(error)
        if problems:
            raise problems[0]

    def account(self) -> snapshots.Creditor:
        """Return the merchant account.

        :raise ProviderMisconfigured: code 904 when the app may not use it.
        """
        with boundary("GET"):
            return snapshots.creditor(self._merchant())
