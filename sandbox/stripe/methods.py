"""Payment methods: the bank account of a payer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from . import checks
from .const import BANK_CODES, BRANCH_CODES, METHOD, NON_EEA, TEST_TOKENS
from .customers import address
from .errors import invalid, missing, not_offered, refused
from .state import PaymentMethod, Row

if TYPE_CHECKING:
    from .engine import Engine


def bank_details(iban: str) -> dict:
    """What Stripe shows of an IBAN."""
    country = iban[:2]
    start, end = BANK_CODES.get(country, (4, 8))
    branch = BRANCH_CODES.get(country)
    return {
        "bank_code": iban[start:end],
        "branch_code": iban[branch[0] : branch[1]] if branch else "",
        "country": country,
        "fingerprint": hashlib.sha256(iban.encode()).hexdigest()[:16],
        "last4": iban[-4:],
    }


def billing_details(given: dict) -> dict:
    """Billing details with all their keys."""
    return {
        "address": address(given.get("address") or {"country": None}),
        "email": given.get("email") or None,
        "name": given.get("name") or None,
        "phone": given.get("phone") or None,
        "tax_id": given.get("tax_id"),
    }


class PaymentMethods:
    """Creates, attaches and detaches payment methods of the type sepa_debit."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, data: dict, param: str = "") -> PaymentMethod:
        """A payment method from checked parameters; ``param`` is the name of their parent."""

        def named(name: str) -> str:
            head, bracket, rest = name.partition("[")
            return f"{param}[{head}]{bracket}{rest}" if param else name

        for name in ("type", METHOD):
            if name not in data:
                raise missing(named(name))
        if data["type"] != METHOD:
            raise not_offered(f"payment methods of the type {data['type']}", named("type"))
        if not self.engine.settings.raw_iban:
            raise refused("Sending bank account numbers directly is not enabled.")
        iban = checks.iban(data[METHOD]["iban"], named("sepa_debit[iban]"))
        billing = data.get("billing_details") or {}
        if absent := self._absent(iban, billing):
            raise missing(named(f"billing_details{absent}"))
        checks.email(billing["email"], named("billing_details[email]"))
        return self.add(iban, billing, data.get("metadata", {}))

    @staticmethod
    def _absent(iban: str, billing: dict) -> str | None:
        """What the holder of ``iban`` must tell and did not."""
        for name in ("name", "email"):
            if not billing.get(name):
                return f"[{name}]"
        place = billing.get("address") or {}
        needed = ("country", "line1") if iban[:2] in NON_EEA else ()
        return next((f"[address][{name}]" for name in needed if not place.get(name)), None)

    def add(self, iban: str, billing: dict, metadata: dict, **given) -> PaymentMethod:
        """Store a checked payment method; ``given``: id, customer."""
        engine = self.engine
        doc = {
            "id": given.get("id") or engine.world.ids.new("pm_"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": billing_details(billing),
            "created": engine.now(),
            "customer": given.get("customer"),
            "livemode": False,
            "metadata": checks.merged_metadata({}, metadata),
            METHOD: {
                **bank_details(iban),
                "generated_from": {"charge": None, "setup_attempt": None},
            },
            "type": METHOD,
        }
        return engine.state.payment_methods.add(PaymentMethod(doc, iban=iban))

    def find(self, identity: str, param: str | None = "payment_method") -> PaymentMethod:
        """A payment method by its id; Stripe's test tokens make a new one each time."""
        if iban := TEST_TOKENS.get(identity):
            return self.add(iban, {"name": "Jenny Rosen", "email": "jenny@example.com"}, {})
        return self.engine.find(self.engine.state.payment_methods, identity, param)

    def attach(self, row: PaymentMethod, customer: Row) -> PaymentMethod:
        """Give the method to a customer; ApiError 400 when another one has or had it."""
        if row.detached:
            message = (
                "This PaymentMethod was previously detached from a Customer and may not be used "
                "again."
            )
            raise refused(message, None, "payment_method")
        if row.doc["customer"] == customer.id:
            return row
        if row.doc["customer"]:
            message = "The payment method you provided has already been attached to a customer."
            raise refused(message, None, "payment_method")
        row.doc["customer"] = customer.id
        self.engine.events.emit("payment_method.attached", row)
        return row

    def detach(self, row: PaymentMethod) -> PaymentMethod:
        """Take the method from its customer for ever, which inactivates its mandates."""
        former = row.doc["customer"]
        if not former:
            message = "The payment method you provided is not attached to a customer."
            raise refused(message, None, "payment_method")
        row.doc["customer"] = None
        row.detached = True
        for mandate in self.engine.state.mandates.linked("payment_method", row.id):
            self.engine.mandates.end(mandate)
        self.engine.events.emit("payment_method.detached", row, {"customer": former})
        return row

    def update(self, row: PaymentMethod, data: dict) -> PaymentMethod:
        """Billing details and metadata can change, the account cannot."""
        if not row.doc["customer"]:
            message = "You must save this PaymentMethod to a customer before you can update it."
            raise refused(message, None, "payment_method")
        values = dict(data)
        if billing := values.pop("billing_details", None):
            checks.email(billing.get("email"), "billing_details[email]")
            values["billing_details"] = billing_details(row.doc["billing_details"] | billing)
        if previous := self.engine.update(row, values):
            self.engine.events.emit("payment_method.updated", row, previous)
        return row

    def usable(self, row: PaymentMethod, customer: str | None, types: list) -> None:
        """ApiError 400 unless an intent of ``customer`` with these ``types`` may use the method."""
        if row.detached:
            message = "The provided PaymentMethod was detached and cannot be used again."
            raise refused(message, None, "payment_method")
        owner = row.doc["customer"]
        if owner and owner != customer:
            message = (
                "The provided PaymentMethod does not belong to the Customer. Please update the "
                "PaymentMethod or the Customer."
            )
            raise invalid(message, "payment_method")
        if row.doc["type"] not in types:
            message = (
                f"The PaymentMethod provided ({row.doc['type']}) is not allowed for this intent. "
                f"Its payment method types are: {', '.join(types)}."
            )
            raise invalid(message, "payment_method")
