"""Checkout sessions in setup mode: a hosted page on which a payer gives a mandate."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from . import checks
from .const import CURRENCY, SESSION_HOURS
from .customers import address
from .errors import invalid, missing, not_offered, refused
from .state import Mandate, Row

if TYPE_CHECKING:
    from .engine import Engine

PLACEHOLDER = "{CHECKOUT_SESSION_ID}"
PAGE = "/c/pay/"
PHASE = 4
NULLS = (
    "adaptive_pricing",
    "after_expiration",
    "allow_promotion_codes",
    "amount_subtotal",
    "amount_total",
    "billing_address_collection",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer_creation",
    "customer_details",
    "invoice",
    "invoice_creation",
    "origin_context",
    "payment_intent",
    "payment_link",
    "recovered_from",
    "redirect_on_completion",
    "saved_payment_method_options",
    "shipping_address_collection",
    "shipping_cost",
    "submit_type",
    "subscription",
    "total_details",
)
TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


class Sessions:
    """Creates sessions and completes or expires them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, data: dict, base_url: str) -> Row:
        """An open session with its setup intent; the page is on this server."""
        engine = self.engine
        self._check(data)
        expires = self._expiry(data)
        customer = data.get("customer")
        given = data.get("setup_intent_data") or {}
        intent = engine.setups.create(
            {
                **{name: given[name] for name in ("description", "metadata") if name in given},
                **{
                    name: data[name]
                    for name in ("allowed_payment_method_types", "payment_method_options")
                    if name in data
                },
                **({"customer": customer} if customer else {}),
            }
        )
        identity = engine.world.ids.new("cs_test_")
        doc = dict.fromkeys(NULLS) | {
            "id": identity,
            "object": "checkout.session",
            "automatic_tax": {"enabled": False, "liability": None, "status": None},
            "cancel_url": data.get("cancel_url"),
            "client_reference_id": data.get("client_reference_id"),
            "created": engine.now(),
            "currency": data.get("currency"),
            "custom_fields": [],
            "custom_text": dict.fromkeys(TEXTS),
            "customer": customer,
            "customer_email": data.get("customer_email"),
            "expires_at": int(expires.timestamp()),
            "livemode": False,
            "locale": data.get("locale"),
            "metadata": checks.merged_metadata({}, data.get("metadata", {})),
            "mode": "setup",
            "payment_method_collection": "always",
            "payment_method_options": intent.doc["payment_method_options"],
            "payment_method_types": intent.doc["payment_method_types"],
            "payment_status": "no_payment_required",
            "phone_number_collection": {"enabled": False},
            "setup_intent": intent.id,
            "shipping_options": [],
            "status": "open",
            "success_url": data["success_url"],
            "ui_mode": "hosted_page",
            "url": f"{base_url}{PAGE}{identity}",
        }
        if "allowed_payment_method_types" in data:
            doc["allowed_payment_method_types"] = data["allowed_payment_method_types"]
        row = engine.state.sessions.add(Row(doc))
        # The first batch that runs after the hour.
        engine.world.agenda.add(expires.date() + timedelta(days=1), PHASE, self.refresh, row)
        return row

    def _check(self, data: dict) -> None:
        if data.get("mode") != "setup":
            raise not_offered(f"the mode {data.get('mode', 'payment')}", "mode")
        if data.get("ui_mode", "hosted_page") != "hosted_page":
            raise not_offered(f"the ui_mode {data['ui_mode']}", "ui_mode")
        if "success_url" not in data:
            raise missing("success_url")
        for name in ("success_url", "cancel_url"):
            if name in data:
                checks.url(data[name], name)
        if "currency" not in data and "allowed_payment_method_types" not in data:
            raise missing("currency")
        if data.get("currency", CURRENCY) != CURRENCY:
            raise invalid("SEPA debits are in euros.", "currency")
        if customer := data.get("customer"):
            self.engine.customers.find(customer)
            if data.get("customer_email"):
                message = "You may only specify one of these parameters: customer, customer_email."
                raise invalid(message, "customer_email")
        checks.email(data.get("customer_email"), "customer_email")

    def _expiry(self, data: dict) -> datetime:
        now = self.engine.moment()
        if "expires_at" not in data:
            return now + timedelta(hours=SESSION_HOURS)
        expires = datetime.fromtimestamp(data["expires_at"], timezone.utc)
        if not timedelta(minutes=30) <= expires - now <= timedelta(hours=SESSION_HOURS):
            raise invalid("The session lives 30 minutes to 24 hours.", "expires_at")
        return expires

    def refresh(self, row: Row) -> Row:
        """The session as it is now: open ones expire with time."""
        if row.status == "open" and self.engine.now() >= row.doc["expires_at"]:
            self._end(row)
        return row

    def expire(self, row: Row) -> Row:
        """Close an open session."""
        if self.refresh(row).status != "open":
            message = (
                f'Only Checkout Sessions with a status in ["open"] can be expired. This one is '
                f"{row.status}."
            )
            raise refused(message)
        self._end(row)
        return row

    def _end(self, row: Row) -> None:
        row.doc |= {"status": "expired", "url": None}
        intent = self.engine.state.setup_intents.get(row.doc["setup_intent"])
        self.engine.setups.cancel(intent, "abandoned")
        self.engine.events.emit("checkout.session.expired", row)

    def complete(self, row: Row, billing: dict, iban: str, client: dict) -> Mandate:
        """The payer gave checked details and accepted.

        ``client``: ip_address and user_agent. ValueError when the session is not open any more.
        """
        engine = self.engine
        if self.refresh(row).status != "open":
            raise ValueError(f"checkout session {row.id} is {row.status}")
        intent = engine.state.setup_intents.get(row.doc["setup_intent"])
        method = engine.methods.add(iban, billing, {})
        acceptance = {"accepted_at": engine.now(), "online": client, "type": "online"}
        mandate = engine.setups.accept(intent, method, acceptance)
        details = {
            "address": address(billing.get("address")),
            "business_name": None,
            "email": billing["email"],
            "individual_name": None,
            "name": billing["name"],
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": None,
        }
        row.doc |= {"status": "complete", "url": None, "customer_details": details}
        engine.events.emit("checkout.session.completed", row)
        return mandate

    @staticmethod
    def target(row: Row) -> str:
        """Where the payer goes afterwards."""
        return row.doc["success_url"].replace(PLACEHOLDER, row.id)
