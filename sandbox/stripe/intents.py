"""How a payment intent begins, and how it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import checks
from .const import CURRENCY
from .errors import ApiError, refused
from .state import Row

if TYPE_CHECKING:
    from .engine import Engine


def unexpected_state(row: Row, verb: str) -> ApiError:
    """400: the intent is in a state that does not allow the call."""
    message = f"You cannot {verb} this PaymentIntent because it has a status of {row.status}."
    code = "payment_intent_unexpected_state"
    return refused(message, code, payment_intent=row.doc)


def document(engine: Engine, data: dict) -> dict:
    """A new payment intent from checked parameters."""
    identity = engine.world.ids.new("pi_")
    allowed, types = engine.method_types(data)
    doc = {
        "id": identity,
        "object": "payment_intent",
        "amount": data["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": data.get("automatic_payment_methods"),
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": data.get("capture_method") or "automatic_async",
        "client_secret": engine.secret(f"{identity}_secret_", 24),
        "confirmation_method": "automatic",
        "created": engine.now(),
        "currency": CURRENCY,
        "customer": data.get("customer"),
        "description": data.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": checks.merged_metadata({}, data.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": {},
        "payment_method_types": types,
        "payment_record": None,
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": data.get("setup_future_usage"),
        "shipping": None,
        "source": None,
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }
    if allowed is not None:
        doc["allowed_payment_method_types"] = allowed
    return doc
