"""Customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import checks
from .errors import no_such
from .state import Row

if TYPE_CHECKING:
    from .engine import Engine

TEXTS = ("business_name", "description", "email", "individual_name", "name", "phone")
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def address(given: dict | str | None) -> dict | None:
    """An address with all its keys."""
    return {name: given.get(name) or None for name in ADDRESS} if given else None


class Customers:
    """Creates, changes and deletes customers."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, data: dict, identity: str | None = None, silent: bool = False) -> Row:
        """A customer from checked parameters; ``silent`` raises no event."""
        engine = self.engine
        checks.email(data.get("email"), "email")
        doc = {
            "id": identity or engine.world.ids.new("cus_"),
            "object": "customer",
            "address": address(data.get("address")),
            "balance": 0,
            "created": engine.now(),
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": engine.secret("", 8).upper(),
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            },
            "livemode": False,
            "metadata": checks.merged_metadata({}, data.get("metadata", {})),
            "preferred_locales": data.get("preferred_locales") or [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        }
        doc |= {name: data.get(name) or None for name in TEXTS}
        row = engine.state.customers.add(Row(doc))
        if not silent:
            engine.events.emit("customer.created", row)
        return row

    def update(self, row: Row, data: dict) -> Row:
        """Change a customer."""
        checks.email(data.get("email"), "email")
        values = dict(data)
        if "address" in values:
            values["address"] = address(values["address"])
        if settings := values.pop("invoice_settings", None):
            values["invoice_settings"] = row.doc["invoice_settings"] | settings
        if previous := self.engine.update(row, values):
            self.engine.events.emit("customer.updated", row, previous)
        return row

    def delete(self, row: Row) -> Row:
        """Delete a customer: the payment methods are detached, nothing can be debited."""
        engine = self.engine
        for method in engine.state.payment_methods.rows:
            if method.doc["customer"] == row.id:
                engine.methods.detach(method)
        engine.events.emit("customer.deleted", row)
        row.doc = {"id": row.id, "object": "customer", "deleted": True}
        return row

    def find(self, identity: str, param: str = "customer") -> Row:
        """A customer that was not deleted; ApiError 400."""
        row = self.engine.state.customers.get(identity)
        if row is None or row.doc.get("deleted"):
            raise no_such("customer", identity, param)
        return row
