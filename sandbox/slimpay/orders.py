"""Orders: a checkout in which a mandate is signed and perhaps a first payment is made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .const import ABORTED_BY_SERVER, COMPLETED, CORE, NOT_STARTED, RUNNING
from .state import Mandate, Order

if TYPE_CHECKING:
    from .engine import Engine

EXPIRY_PHASE = 0


class Orders:
    """Creates orders and closes them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, values: dict) -> Order:
        """An order from checked parameters; it expires when nobody completes it."""
        engine, now = self.engine, self.engine.now()
        started = values.get("started", False)
        identity = engine.new_id()
        doc = {
            "id": identity,
            "reference": values.get("reference") or identity,
            "state": RUNNING if started else NOT_STARTED,
            "locale": values.get("locale"),
            "started": started,
            "dateCreated": now,
            "paymentScheme": values.get("paymentScheme", CORE),
            "sendUserApproval": values.get("sendUserApproval", False),
            "checkoutActor": values.get("checkoutActor", "end_user"),
        }
        if started:
            doc["dateStarted"] = now
        urls = {name: value for name, value in values.items() if name.endswith("Url")}
        subscriber = engine.subscriber(values["subscriber"])
        row = Order(doc, subscriber.id, values["items"], urls)
        engine.state.orders.add(row)
        engine.note("orders", row, "created")
        last = engine.world.clock.today + timedelta(days=engine.settings.order_days)
        engine.world.agenda.add(last, EXPIRY_PHASE, self._expire, row)
        return row

    def _expire(self, row: Order) -> None:
        if row.doc["state"].startswith("open"):
            self.close(row, ABORTED_BY_SERVER, {"code": 120, "message": "Session timeout"})

    def item(self, row: Order) -> dict | None:
        """The item that signs or amends a mandate."""
        return next((item for item in row.items if item["type"] == "signMandate"), None)

    def access_code(self, row: Order) -> str:
        """The code of the hosted page, renewed when its minutes are over."""
        moment = self.engine.world.clock.moment
        if row.access is None or self.access_is_over(row):
            number = self.engine.world.ids.number("access")
            row.access = (f"sp{number:06d}{row.id[:8]}", moment)
        return row.access[0]

    def access_is_over(self, row: Order) -> bool:
        """Whether the session of the hosted page ended."""
        minutes = timedelta(minutes=self.engine.settings.checkout_minutes)
        return row.access is None or self.engine.world.clock.moment > row.access[1] + minutes

    def by_code(self, code: str) -> Order | None:
        """The order whose hosted page has this code."""
        # The newest orders are the ones whose pages are open.
        rows = reversed(self.engine.state.orders.rows)
        return next((row for row in rows if row.access and row.access[0] == code), None)

    def complete(self, row: Order, iban: str, names: dict) -> None:
        """The payer signed: mandate, payments, notification.

        ``names``: givenName, familyName as the payer corrected them.
        """
        engine, item = self.engine, self.item(row)
        account = engine.bank_account(iban)
        reused = item is None or item["action"] == "amendBankAccount"
        if item is None:
            mandate = self.reusable(row.subscriber)
        elif reused:
            mandate = engine.mandates.find(item["mandate"]["reference"])
            engine.mandates.amend(mandate, account)
        else:
            mandate = self._sign(row, item, account, names)
        row.mandate = mandate.id
        for entry in row.items:
            if entry["type"] == "payment":
                payment = engine.payments.create(mandate, entry["payin"])
                row.payments.append(payment.id)
        row.doc["mandateReused"] = reused
        self.close(row, COMPLETED)

    def _sign(self, row: Order, item: dict, account: dict, names: dict) -> Mandate:
        values = dict(item["mandate"])
        values["signatory"] = {**values["signatory"], **names}
        values["signatory"].pop("bankAccount", None)
        values.setdefault("paymentScheme", row.doc["paymentScheme"])
        subscriber = self.engine.state.subscribers.get(row.subscriber)
        kept = ("givenName", "familyName", "email", "telephone")
        signatory = values["signatory"]
        subscriber.doc.update({name: signatory[name] for name in kept if name in signatory})
        auto = item.get("autoGenReference", True)
        return self.engine.mandates.create(subscriber, values, account, auto_reference=auto)

    def reusable(self, subscriber: str) -> Mandate | None:
        """The latest active mandate of a subscriber."""
        rows = reversed(self.engine.state.mandates.where("subscriber", subscriber))
        return next((row for row in rows if row.doc["state"] == "active"), None)

    def close(self, row: Order, state: str, error: dict | None = None) -> None:
        """Final state, with a notification; ``error`` shows under the name of the setting."""
        row.doc["state"] = state
        row.doc["dateModified"] = row.doc["dateClosed"] = self.engine.now()
        if error and self.engine.settings.order_error_property:
            row.doc[self.engine.settings.order_error_property] = error
        self.engine.note("orders", row, state)
        self.engine.notices.order_closed(row)
