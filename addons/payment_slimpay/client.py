"""SlimPay as the engine asks it: `seam.DebitClient` over HTTP, without the ORM."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from odoo.addons.payment_direct_debit import seam
from odoo.addons.payment_direct_debit.exceptions import (
    DebitError,
    DebitOutcomeUnknown,
    DebitRefused,
    ProviderMisconfigured,
)

from . import const, hal, payloads, snapshots
from .account import Account
from .failures import boundary
from .hal import Document
from .mandates import Mandates
from .transport import Transport


class SlimPayClient(Mandates):
    """One app, for one creditor, in one environment.

    :param base_url: scheme, host and port of the API.
    :param creditor: reference of the merchant account, and `entity` of a subsidiary of it.
    :param own_rum: whether mandates get our references.
    :param today: function that gives the day in Paris.
    :param timeouts: seconds to connect and to read.
    :raise ProviderMisconfigured: when the credentials can not be such.
    """

    def __init__(
        self,
        app_name: str,
        app_secret: str,
        creditor: str,
        base_url: str,
        *,
        entity: str = "",
        own_rum: bool = True,
        today: Callable[[], date] = snapshots.today,
        timeouts: tuple[float, float] = const.TIMEOUTS,
    ) -> None:
        for value in (app_name, app_secret, creditor):
            if not re.fullmatch(r"[!-~]+", value or ""):
                raise ProviderMisconfigured(
                    "The SlimPay app name, app secret or creditor is missing or malformed."
                )
        self._own_rum, self._today = own_rum, today
        self._http = Transport(base_url, app_name, app_secret, timeouts)
        self._account = Account(self._http, creditor, entity)

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
            payment = self._account.payment_named(payloads.reference(order), "IN")
            if payment is None:
                return None
            _check_same(
                order,
                (order.amount_cents, order.currency, order.mandate_ref),
                (*_money(payment), self._account.mandate_of(payment)),
            )
            return self._explained(payment)

    def fetch(self, ref: str) -> seam.DebitSnapshot:
        """Re-read one payment, with its issues where the bank has spoken."""
        with boundary("GET"):
            return self._explained(self._account.payment(ref))

    def cancel(self, ref: str) -> seam.DebitSnapshot:
        """Cancel a payment while SlimPay offers it; one already cancelled is a success."""
        return self._account.end(
            lambda: self._account.payment(ref),
            self._explained,
            ("cancel-payment", const.CANCELLED_BY_US),
            seam.CANCELLED,
        )

    def _create_debit(self, body: Document) -> seam.DebitSnapshot:
        with boundary("POST"):
            return snapshots.debit(self._account.create("create-payins", body), self._today())

    def _with_mandate(self, order: seam.DebitOrder, refusal: DebitRefused) -> DebitRefused:
        """Say that the mandate is the reason where it is: SlimPay's codes do not tell."""
        try:
            mandate = self.mandate_fetch(order.mandate_ref)
        except DebitError:
            return refusal
        if mandate.status == seam.MANDATE_ACTIVE:
            return refusal
        return DebitRefused(f"{refusal}; mandate {mandate.raw_status}", code=const.NO_MANDATE)

    def _explained(self, payment: Document) -> seam.DebitSnapshot:
        issues, address = [], hal.href(payment, "get-payment-issues")
        if address and payment["executionStatus"] not in const.WAITING:
            issues = hal.embedded(self._http.get(address), "paymentIssues")
        issues = [self._account.whole(issue, "dateCreated") for issue in issues]
        return snapshots.debit(payment, self._today(), issues)

    # === REFUNDS === #

    def refund(self, order: seam.RefundOrder) -> seam.RefundSnapshot:
        """Give money back by a credit transfer, unless that is there already.

        :raise DebitRefused: for a debit whose money did not come, or went back already.
        """
        if found := self.refund_find(order):
            return found
        with boundary("GET"):
            payment = self._account.payment(order.debit_ref)
            status = self._explained(payment).status
            if status != seam.COLLECTED:
                raise DebitRefused(f"the debit is “{status}”, not collected", code="not_collected")
            if order.refunded_cents + order.amount_cents > snapshots.cents(payment):
                raise DebitRefused("more than what was debited", code="too_much")
            mandate = self._account.mandate_of(payment)
        with boundary("POST"):
            body = payloads.refund(order, mandate, payment["reference"])
            return snapshots.refund(self._account.create("create-payouts", body))

    def refund_find(self, order: seam.RefundOrder) -> seam.RefundSnapshot | None:
        """Look for a refund among all payments of the account, by its reference."""
        with boundary("GET"):
            payment = self._account.payment_named(payloads.reference(order), "OUT")
            if payment is None:
                return None
            _check_same(order, (order.amount_cents, order.currency), _money(payment))
            return snapshots.refund(payment)

    def refund_fetch(self, ref: str) -> seam.RefundSnapshot:
        """Re-read one refund."""
        with boundary("GET"):
            return snapshots.refund(self._account.payment(ref))

    # === EVENTS AND ACCOUNT === #

    def events_since(self, since: datetime) -> list[seam.IncomingEvent]:
        """Return the issues not acknowledged, those since `since`, and the mandates that ended.

        SlimPay notifies none of them. The issues since `since` (naive UTC) are for those that
        somebody acknowledged in the dashboard.
        """
        with boundary("GET"):
            query = {"scheme": const.SCHEME, "dateCreatedAfter": payloads.utc_stamp(since)}
            recent = self._account.all("search-payment-issues", **query)
            query = {"scheme": const.SCHEME, "executionStatus": "toprocess"}
            waiting = self._account.all("search-payment-issues", **query)
            issues = {issue["id"]: issue for issue in [*recent, *waiting]}
            events = [
                snapshots.issue_event(self._account.whole(issue, "dateCreated"))
                for issue in issues.values()
            ]
            for state in const.MANDATE_ENDS:
                for mandate in self._account.all("search-mandates", state=state):
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

    def creditor(self) -> snapshots.Creditor:
        """Return the merchant account.

        :raise ProviderMisconfigured: code 904 when the app may not use it.
        """
        with boundary("GET"):
            return snapshots.creditor(self._account.merchant())


def _money(payment: Document) -> tuple[int, str]:
    return snapshots.cents(payment), payment["currency"]


def _check_same(order: seam.DebitOrder | seam.RefundOrder, wanted: tuple, found: tuple) -> None:
    """Adopt only what is surely the same.

    :raise DebitOutcomeUnknown: something exists under our name, whatever it is.
    """
    if found != wanted:
        raise DebitOutcomeUnknown(
            f"SlimPay holds another payment for {order.reference}: {found} instead of {wanted};"
            " compare both by hand",
            code="reference_mismatch",
        )
