"""What must hold before a payment intent is confirmed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from . import checks
from .const import CONFIRMABLE, METHOD, TARGET_DAYS
from .errors import invalid, missing, not_offered, refused
from .state import Intent, Mandate, PaymentMethod

if TYPE_CHECKING:
    from .engine import Engine

WEEK = 7 * 24 * 3600


class Plan(NamedTuple):
    """A confirmation that was checked: either a mandate that exists or the terms of a new one."""

    method: PaymentMethod
    known: Mandate | None
    acceptance: dict | None
    prefix: str
    target: date | None


class Confirmation:
    """Checks confirmations before they leave a trace, and gives them their mandate."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def check(self, row: Intent, data: dict) -> Plan:
        """The plan of a confirmation; ApiError 400 when something forbids it."""
        engine = self.engine
        if data.get("confirmation_token") or data.get("use_stripe_sdk"):
            raise not_offered("confirmation by Stripe.js")
        if row.status not in CONFIRMABLE:
            message = (
                f"You cannot confirm this PaymentIntent because it has a status of {row.status}."
            )
            raise refused(message, "payment_intent_unexpected_state", payment_intent=row.doc)
        if engine.settings.return_url_required and not data.get("return_url"):
            raise missing("return_url")
        prefix, target = self._options(data.get("payment_method_options") or {})
        method = self._method(row, data)
        known = acceptance = None
        if given := data.get("mandate_data"):
            if data.get("mandate"):
                message = "You may only specify one of these parameters: mandate, mandate_data."
                raise invalid(message, "mandate_data")
            acceptance = engine.mandates.acceptance(given)
        else:
            known = engine.mandates.pick(method, data.get("mandate"))
            self._check_single_use(known, row)
        self._check_limits(row)
        self._remember(row, data)
        return Plan(method, known, acceptance, prefix, target)

    def _method(self, row: Intent, data: dict) -> PaymentMethod:
        engine = self.engine
        if given := data.get("payment_method_data"):
            method = engine.methods.create(given, "payment_method_data")
        elif identity := data.get("payment_method") or row.doc["payment_method"]:
            method = engine.methods.find(identity)
        else:
            message = "You cannot confirm this PaymentIntent because it's missing a payment method."
            raise refused(message, "payment_intent_unexpected_state")
        customer = row.doc["customer"]
        engine.methods.usable(method, customer, row.doc["payment_method_types"])
        if data.get("off_session") and not (customer and method.doc["customer"] == customer):
            message = "off_session needs a payment method that is attached to the customer."
            raise invalid(message, "off_session")
        return method

    def _options(self, options: dict) -> tuple[str, date | None]:
        settings = self.engine.settings
        foreign = sorted(set(options) - {METHOD})
        if foreign and not settings.foreign_method_options:
            message = "This payment method type is not in use here."
            raise invalid(message, f"payment_method_options[{foreign[0]}]")
        sepa = options.get(METHOD) or {}
        prefix = (sepa.get("mandate_options") or {}).get("reference_prefix") or ""
        checks.reference_prefix(prefix, settings.reference_prefix_code)
        if not sepa.get("target_date"):
            return prefix, None
        param = "payment_method_options[sepa_debit][target_date]"
        target = checks.day(sepa["target_date"], param)
        first, last = (self.engine.world.clock.today + timedelta(days=days) for days in TARGET_DAYS)
        if not first <= target <= last:
            raise invalid("The target date must be 3 to 15 days in the future.", param)
        return prefix, target

    @staticmethod
    def _check_single_use(mandate: Mandate, row: Intent) -> None:
        allowed = mandate.doc.get("single_use")
        if allowed and row.doc["amount"] > allowed["amount"]:
            message = "The amount is greater than the one of the single use mandate."
            raise refused(message, "payment_intent_mandate_invalid", "mandate")

    def _check_limits(self, row: Intent) -> None:
        settings, amount = self.engine.settings, row.doc["amount"]
        if amount > settings.max_amount:
            message = f"A SEPA debit is limited to €{settings.max_amount / 100:,.2f}."
            raise refused(message, "charge_exceeds_transaction_limit", "amount")
        if settings.weekly_limit is None:
            return
        since = self.engine.now() - WEEK
        for charge in reversed(self.engine.state.charges.rows):
            if charge.doc["created"] <= since:
                break
            amount += 0 if charge.status == "failed" else charge.doc["amount"]
        if amount > settings.weekly_limit:
            message = f"SEPA debits are limited to €{settings.weekly_limit / 100:,.2f} a week."
            raise refused(message, "charge_exceeds_weekly_limit", "amount")

    @staticmethod
    def _remember(row: Intent, data: dict) -> None:
        if options := (data.get("payment_method_options") or {}).get(METHOD):
            row.doc["payment_method_options"] = {METHOD: dict(options)}
        if usage := data.get("setup_future_usage"):
            row.doc["setup_future_usage"] = usage

    def mandate(self, row: Intent, plan: Plan) -> Mandate:
        """The mandate under which the debit is made; a new one is written now."""
        if plan.known:
            return plan.known
        engine, customer = self.engine, row.doc["customer"]
        if row.doc["setup_future_usage"] == "off_session" and customer:
            engine.methods.attach(plan.method, engine.state.customers.get(customer))
        return engine.mandates.create(
            plan.method, plan.acceptance, prefix=plan.prefix, customer=customer
        )
