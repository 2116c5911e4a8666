"""Billing requests and their hosted flows: how a payer signs a mandate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.core.clock import iso

from .const import FLOW_DAYS, SCHEME
from .state import BillingRequest, Mandate, Row

if TYPE_CHECKING:
    from .engine import Engine

ACTIONS = {
    "collect_customer_details": "collect_customer_details",
    "collect_bank_account": "collect_bank_account",
    "confirm_payer_details": "payer_details_confirmed",
}
OPEN = ("pending", "ready_to_fulfil")


class Billing:
    """Creates billing requests and flows, and fulfils them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, values: dict, customer: Row | None) -> BillingRequest:
        """A pending request for a mandate; a new payer gets an empty customer at once."""
        engine = self.engine
        customer = customer or engine.add_customer({})
        ids = engine.world.ids
        request = values["mandate_request"]
        doc = {
            "id": ids.new("BRQ"),
            "created_at": engine.world.clock.now(),
            "status": "pending",
            "fallback_enabled": values.get("fallback_enabled", False),
            "fallback_occurred": False,
            "purpose_code": values.get("purpose_code"),
            "metadata": values.get("metadata", {}),
            "payment_request": None,
            "mandate_request": self._mandate_request(request),
            "actions": [self._action(kind) for kind in ACTIONS],
            "resources": {"customer": customer.doc, "customer_bank_account": None},
            "links": {
                "customer": customer.id,
                "customer_billing_detail": ids.new("CBD"),
                "creditor": engine.creditor.id,
                "organisation": "OR0001",
                "mandate_request": ids.new("MRQ"),
            },
        }
        row = engine.state.billing_requests.add(
            BillingRequest(doc, reference=request.get("reference"))
        )
        self._emit(row, "created", "billing_request_created", "api")
        return row

    @staticmethod
    def _mandate_request(given: dict) -> dict:
        return {
            "currency": given["currency"],
            "scheme": given.get("scheme") or SCHEME,
            "verify": given.get("verify") or "recommended",
            "description": given.get("description"),
            "metadata": given.get("metadata") or {},
            "consent_type": "standard",
            "constraints": given.get("constraints"),
            "authorisation_source": "web",
            "payer_requested_dual_signature": False,
            "sweeping": False,
            "links": {},
        }

    @staticmethod
    def _action(kind: str) -> dict:
        return {
            "type": kind,
            "required": True,
            "completes_actions": [],
            "requires_actions": [],
            "status": "pending",
        }

    def _emit(self, row: BillingRequest, action: str, cause: str, origin="payer", **links) -> None:
        more = {"customer": row.doc["links"]["customer"], **links}
        self.engine.events.emit("billing_requests", row, action, cause, origin=origin, links=more)

    def present(self, row: BillingRequest, read: bool = False) -> dict:
        """The document; just after completion it may still show "fulfilling", as the real one."""
        doc = dict(row.doc)
        if row.hidden_reads and row.status == "fulfilled":
            row.hidden_reads -= read
            hidden = ("mandate_request_mandate", "customer_bank_account")
            doc["status"] = "fulfilling"
            doc["links"] = {
                key: value for key, value in row.doc["links"].items() if key not in hidden
            }
        return doc

    def cancel(self, row: BillingRequest) -> None:
        """Cancel an open request."""
        row.doc["status"] = "cancelled"
        self._emit(row, "cancelled", "billing_request_cancelled", "api")

    def create_flow(self, request: BillingRequest, values: dict, base_url: str) -> Row:
        """A hosted flow that lives seven days."""
        world = self.engine.world
        identity, created = world.ids.new("BRF"), world.clock.now()
        expires = datetime.fromisoformat(created[:-1]) + timedelta(days=FLOW_DAYS)
        doc = {
            "id": identity,
            "created_at": created,
            "expires_at": iso(expires),
            "authorisation_url": f"{base_url}/billing/static/flow?id={identity}",
            "auto_fulfil": True,
            "customer_details_captured": False,
            "exit_uri": values.get("exit_uri"),
            "redirect_uri": values.get("redirect_uri"),
            "language": values.get("language", "en"),
            "lock_bank_account": values.get("lock_bank_account", False),
            "lock_currency": values.get("lock_currency", False),
            "lock_customer_details": values.get("lock_customer_details", False),
            "prefilled_customer": values.get("prefilled_customer", {}),
            "prefilled_bank_account": values.get("prefilled_bank_account", {}),
            "session_token": None,
            "show_redirect_buttons": values.get("show_redirect_buttons", False),
            "show_success_redirect_button": values.get("show_success_redirect_button", False),
            "skip_success_screen": values.get("skip_success_screen", False),
            "links": {"billing_request": request.id},
        }
        row = self.engine.state.billing_request_flows.add(Row(doc))
        self._emit(request, "flow_created", "billing_request_flow_created", "api")
        return row

    def note(self, request: BillingRequest, action: str) -> None:
        """Record what the payer did on the hosted page."""
        self._emit(request, action, f"billing_request_{action}")

    def fulfil(self, row: BillingRequest, payer: dict, iban: str) -> Mandate:
        """The payer gave checked details and confirmed: account and mandate come to life.

        ValueError when the request is not open any more.
        """
        if row.status not in OPEN:
            raise ValueError(f"billing request {row.id} is {row.status}")
        engine, doc = self.engine, row.doc
        customer = engine.state.customers.get(doc["links"]["customer"])
        customer.doc.update({name: value for name, value in payer.items() if value})
        holder = customer.doc["company_name"] or " ".join(
            filter(None, (customer.doc["given_name"], customer.doc["family_name"]))
        )
        account = engine.find_bank_account(customer, iban)
        account = account or engine.add_bank_account(customer, iban, holder, {})
        for action, event in zip(doc["actions"], ACTIONS.values(), strict=True):
            action["status"] = "completed"
            self.note(row, event)
        request = doc["mandate_request"]
        mandate = engine.mandates.create(
            customer, account, metadata=dict(request["metadata"]), reference=row.reference
        )
        doc["status"] = "fulfilled"
        doc["links"]["customer_bank_account"] = account.id
        doc["links"]["mandate_request_mandate"] = mandate.id
        request["links"] = {"mandate": mandate.id}
        doc["resources"]["customer_bank_account"] = account.doc
        row.hidden_reads = engine.settings.fulfilling_reads
        self._emit(
            row,
            "fulfilled",
            "billing_request_fulfilled",
            "gocardless",
            customer_bank_account=account.id,
            mandate_request_mandate=mandate.id,
        )
        return mandate
