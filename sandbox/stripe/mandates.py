"""SEPA mandates: they come to life with a confirmed intent and end with their account."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from .const import METHOD
from .errors import invalid, missing, refused
from .state import Mandate, PaymentMethod

if TYPE_CHECKING:
    from .engine import Engine

HOOKS = "https://hooks.stripe.com/adapter/sepa_debit/file/"


class Mandates:
    """Creates mandates and ends them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def acceptance(self, data: dict) -> dict:
        """How the payer accepted, from the parameter mandate_data; ApiError 400."""
        given = data["customer_acceptance"]
        kind = given["type"]
        if kind == "offline" and not self.engine.settings.offline_acceptance:
            message = "Offline acceptance is not available with Stripe's creditor identifier."
            raise invalid(message, "mandate_data[customer_acceptance][type]")
        if kind == "online" and "online" not in given:
            raise missing("mandate_data[customer_acceptance][online]")
        accepted = given.get("accepted_at") or self.engine.now()
        if accepted > self.engine.now():
            message = "The mandate cannot be accepted in the future."
            raise invalid(message, "mandate_data[customer_acceptance][accepted_at]")
        details = given["online"] if kind == "online" else {}
        return {"accepted_at": accepted, kind: details, "type": kind}

    def create(self, method: PaymentMethod, acceptance: dict, **given) -> Mandate:
        """An active mandate; ``given``: id, reference, prefix, status, single_use, customer."""
        engine = self.engine
        identity = given.get("id") or engine.world.ids.new("mandate_")
        single_use = given.get("single_use")
        doc = {
            "id": identity,
            "object": "mandate",
            "customer_acceptance": acceptance,
            "livemode": False,
            "payment_method": method.id,
            "payment_method_details": {
                METHOD: {
                    "reference": given.get("reference") or self._reference(given.get("prefix")),
                    "url": f"{HOOKS}{identity}",
                },
                "type": METHOD,
            },
            "status": given.get("status") or "active",
            "type": "single_use" if single_use else "multi_use",
        }
        if single_use:
            doc["single_use"] = dict(single_use)
        else:
            doc["multi_use"] = {}
        customer = given.get("customer") or method.doc["customer"] or ""
        return engine.state.mandates.add(Mandate(doc, customer=customer))

    def _reference(self, prefix: str | None) -> str:
        # 16 characters, or always 24 with a prefix.
        number = self.engine.world.ids.number("reference")
        drawn = hashlib.sha256(f"{number}".encode()).hexdigest().upper()
        return prefix + drawn[: 24 - len(prefix)] if prefix else drawn[:16]

    def end(self, row: Mandate) -> None:
        """Nothing can be debited any more; does nothing when that was known."""
        if row.status != "inactive":
            previous = {"status": row.status}
            row.doc["status"] = "inactive"
            self.engine.events.emit("mandate.updated", row, previous)

    def pick(self, method: PaymentMethod, identity: str | None) -> Mandate:
        """The mandate for a debit of ``method``: the one named, else its latest that is active.

        ApiError 400 when there is none that can be used.
        """
        engine = self.engine
        if identity:
            row = engine.find(engine.state.mandates, identity, "mandate")
            if row.status != "active" or row.doc["payment_method"] != method.id:
                raise self._unusable()
            return row
        if engine.settings.mandate_optional:
            for row in reversed(engine.state.mandates.linked("payment_method", method.id)):
                if row.status == "active" and row.doc["type"] == "multi_use":
                    return row
        raise self._unusable()

    @staticmethod
    def _unusable():
        message = (
            "The provided mandate is invalid and can not be used for the payment intent. Provide "
            "an active mandate of the payment method."
        )
        return refused(message, "payment_intent_mandate_invalid", "mandate")
