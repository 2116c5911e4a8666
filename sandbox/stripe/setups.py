"""Setup intents: how a bank account gets its mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import checks
from .const import METHOD, SETUP_OPEN
from .errors import invalid, missing, not_offered, refused
from .state import Mandate, PaymentMethod, SetupIntent

if TYPE_CHECKING:
    from .engine import Engine

# With these the merchant says how the intent is confirmed, which only a confirmation may say.
CONFIRMING = ("mandate_data", "return_url", "single_use")


class Setups:
    """Creates setup intents and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, data: dict) -> SetupIntent:
        """A setup intent from checked parameters, confirmed at once when they say so."""
        engine = self.engine
        customer = data.get("customer")
        if customer:
            engine.customers.find(customer)
        if not data.get("confirm"):
            for name in CONFIRMING[:2]:
                if name in data:
                    raise invalid(f"{name} can only be used with confirm=true.", name)
        allowed, types = engine.method_types(data)
        row = SetupIntent(self._document(data, allowed, types))
        self._learn(row, data)
        if data.get("confirm"):
            # Refused as a whole: nothing is stored before everything was checked.
            method, acceptance = self._check(row, data)
        elif data.get("payment_method") or data.get("payment_method_data"):
            method = self._method(row, data)
            row.doc["payment_method"] = method.id
            row.doc["status"] = "requires_confirmation"
        engine.state.setup_intents.add(row)
        engine.events.emit("setup_intent.created", row)
        if data.get("confirm"):
            self._succeed(row, method, acceptance)
        return row

    def _document(self, data: dict, allowed: list | None, types: list) -> dict:
        engine = self.engine
        identity = engine.world.ids.new("seti_")
        doc = {
            "id": identity,
            "object": "setup_intent",
            "application": None,
            "automatic_payment_methods": data.get("automatic_payment_methods"),
            "cancellation_reason": None,
            "client_secret": engine.secret(f"{identity}_secret_", 24),
            "created": engine.now(),
            "customer": data.get("customer"),
            "description": data.get("description"),
            "flow_directions": None,
            "last_setup_error": None,
            "latest_attempt": None,
            "livemode": False,
            "mandate": None,
            "metadata": checks.merged_metadata({}, data.get("metadata", {})),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": None,
            "payment_method_options": {},
            "payment_method_types": types,
            "single_use_mandate": None,
            "status": "requires_payment_method",
            "usage": data.get("usage") or "off_session",
        }
        if allowed is not None:
            doc["allowed_payment_method_types"] = allowed
        return doc

    def _learn(self, row: SetupIntent, data: dict) -> None:
        """Take over the options of SEPA debits and the single use."""
        settings = self.engine.settings
        options = data.get("payment_method_options") or {}
        foreign = sorted(set(options) - {METHOD})
        if foreign and not settings.foreign_method_options:
            name = f"payment_method_options[{foreign[0]}]"
            raise invalid("This payment method type is not in use here.", name)
        mandate_options = (options.get(METHOD) or {}).get("mandate_options") or {}
        if prefix := mandate_options.get("reference_prefix"):
            checks.reference_prefix(prefix, settings.reference_prefix_code)
            row.prefix = prefix
        if METHOD in options:
            row.doc["payment_method_options"] = {METHOD: {"mandate_options": mandate_options}}
        if "single_use" in data:
            row.single_use = data["single_use"]

    def _method(self, row: SetupIntent, data: dict) -> PaymentMethod:
        engine = self.engine
        if given := data.get("payment_method_data"):
            method = engine.methods.create(given, "payment_method_data")
        elif identity := data.get("payment_method") or row.doc["payment_method"]:
            method = engine.methods.find(identity)
        else:
            message = "You cannot confirm this SetupIntent because it's missing a payment method."
            raise refused(message, "setup_intent_unexpected_state")
        types = row.doc["payment_method_types"]
        engine.methods.usable(method, row.doc["customer"], types)
        return method

    def _check(self, row: SetupIntent, data: dict) -> tuple[PaymentMethod, dict]:
        if data.get("confirmation_token") or data.get("use_stripe_sdk"):
            raise not_offered("confirmation by Stripe.js")
        if row.status not in SETUP_OPEN:
            message = (
                f"You cannot confirm this SetupIntent because it has a status of {row.status}."
            )
            raise refused(message, "setup_intent_unexpected_state", setup_intent=row.doc)
        if self.engine.settings.return_url_required and not data.get("return_url"):
            raise missing("return_url")
        self._learn(row, data)
        method = self._method(row, data)
        if not data.get("mandate_data"):
            raise missing("mandate_data")
        return method, self.engine.mandates.acceptance(data["mandate_data"])

    def confirm(self, row: SetupIntent, data: dict) -> SetupIntent:
        """Confirm on the server's side."""
        method, acceptance = self._check(row, data)
        self._succeed(row, method, acceptance)
        return row

    def accept(self, row: SetupIntent, method: PaymentMethod, acceptance: dict) -> Mandate:
        """The payer confirmed on a page of Stripe; ValueError when the intent is closed."""
        if row.status not in SETUP_OPEN:
            raise ValueError(f"setup intent {row.id} is {row.status}")
        return self._succeed(row, method, acceptance)

    def _succeed(self, row: SetupIntent, method: PaymentMethod, acceptance: dict) -> Mandate:
        engine = self.engine
        if row.doc["customer"]:
            customer = engine.state.customers.get(row.doc["customer"])
            engine.methods.attach(method, customer)
        mandate = engine.mandates.create(
            method, acceptance, prefix=row.prefix, single_use=row.single_use
        )
        row.doc["payment_method"] = method.id
        row.doc["single_use_mandate" if row.single_use else "mandate"] = mandate.id
        row.doc["status"] = "succeeded"
        engine.events.emit("setup_intent.succeeded", row)
        return mandate

    def update(self, row: SetupIntent, data: dict) -> SetupIntent:
        """Change an open setup intent; of a closed one only description and metadata."""
        engine = self.engine
        values = dict(data)
        if row.status not in SETUP_OPEN and set(values) - {"metadata", "description"}:
            message = f"You cannot update this SetupIntent: it has a status of {row.status}."
            raise refused(message, "setup_intent_unexpected_state", setup_intent=row.doc)
        if customer := values.get("customer"):
            engine.customers.find(customer)
        if identity := values.pop("payment_method", None):
            row.doc["payment_method"] = self._method(row, {"payment_method": identity}).id
            row.doc["status"] = "requires_confirmation"
        engine.update(row, values)
        return row

    def cancel(self, row: SetupIntent, reason: str | None = None) -> SetupIntent:
        """Cancel an open setup intent."""
        if row.status not in SETUP_OPEN:
            message = f"You cannot cancel this SetupIntent: it has a status of {row.status}."
            raise refused(message, "setup_intent_unexpected_state", setup_intent=row.doc)
        row.doc |= {"status": "canceled", "cancellation_reason": reason}
        self.engine.events.emit("setup_intent.canceled", row)
        return row
