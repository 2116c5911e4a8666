"""Charges: one attempt of a payment intent; the ids of SEPA debits start with ``py_``."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING

from .const import METHOD
from .methods import bank_details
from .reasons import failure, stripe_code
from .state import Intent, Mandate, PaymentMethod, Row

if TYPE_CHECKING:
    from .engine import Engine

# Said of a debit as soon as it is processing, although nobody has paid yet.
APPROVED = {
    "advice_code": None,
    "network_advice_code": None,
    "network_decline_code": None,
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "not_assessed",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def create(engine: Engine, intent: Intent, method: PaymentMethod, mandate: Mandate) -> Row:
    """A pending charge of ``intent``."""
    doc = {
        "id": engine.world.ids.new("py_"),
        "object": "charge",
        "amount": intent.doc["amount"],
        "amount_captured": intent.doc["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": copy.deepcopy(method.doc["billing_details"]),
        "calculated_statement_descriptor": None,
        "captured": True,
        "created": engine.now(),
        "currency": intent.doc["currency"],
        "customer": intent.doc["customer"],
        "description": intent.doc["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent.doc["metadata"]),
        "on_behalf_of": None,
        "outcome": dict(APPROVED),
        "paid": False,
        "payment_intent": intent.id,
        "payment_method": method.id,
        "payment_method_details": {
            METHOD: {
                **bank_details(method.iban),
                "expected_debit_date": None,
                "mandate": mandate.id,
            },
            "type": METHOD,
        },
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent.doc["statement_descriptor"],
        "statement_descriptor_suffix": None,
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
    }
    return engine.state.charges.add(Row(doc))


def announce(engine: Engine, row: Row, day: date) -> None:
    """The bank will debit on ``day``."""
    row.doc["payment_method_details"][METHOD]["expected_debit_date"] = day.isoformat()
    engine.events.emit("charge.updated", row, {"payment_method_details": {}})


def succeed(engine: Engine, row: Row) -> None:
    """The money comes: it is now in the balance, less the fee."""
    row.doc |= {"status": "succeeded", "paid": True}
    engine.treasury.credit(row)
    engine.events.emit("charge.succeeded", row)
    engine.refunds.charge_settled(row)


def fail(engine: Engine, row: Row, code: str) -> None:
    """Refused with ``code``, the bank's or Stripe's; the balance was never touched."""
    ours = stripe_code(code)
    message = failure(ours).message
    shows = engine.settings.network_decline_code and ours != code
    row.doc |= {"status": "failed", "failure_code": ours, "failure_message": message}
    row.doc["outcome"] = {
        **APPROVED,
        "network_decline_code": code if shows else None,
        "network_status": "declined_by_network",
        "reason": ours,
        "seller_message": message,
        "type": "issuer_declined",
    }
    engine.events.emit("charge.failed", row)
    engine.refunds.charge_settled(row)
