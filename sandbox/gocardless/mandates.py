"""Life of SEPA mandates: they reach the bank together with their first payment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.core.calendar import shift

from .const import EXTRA_TEST_IBAN, LIVE_MANDATES, MANDATE_TRANSITIONS, SCHEME
from .reasons import failure
from .state import BankAccount, Mandate, Row

if TYPE_CHECKING:
    from .engine import Engine

# Customers whose given name decides the fate of their mandate, as in GoCardless' sandbox.
FATE_DAYS = 5
PHASE = 0


class Mandates:
    """Creates mandates and moves them through their states."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(self, customer: Row, account: BankAccount, **given) -> Mandate:
        """A mandate ``pending_submission``; ``given``: id, reference, metadata, status, silent."""
        engine = self.engine
        doc = {
            "id": given.get("id") or engine.world.ids.new("MD"),
            "created_at": engine.world.clock.now(),
            "reference": given.get("reference") or self._reference(),
            "status": given.get("status", "pending_submission"),
            "scheme": SCHEME,
            "next_possible_charge_date": None,
            "payments_require_approval": False,
            "authorisation_source": given.get("authorisation_source", "web"),
            "consent_type": "standard",
            "metadata": given.get("metadata") or {},
            "links": {
                "customer_bank_account": account.id,
                "creditor": engine.creditor.id,
                "customer": customer.id,
            },
        }
        row = engine.state.mandates.add(Mandate(doc))
        row.payer = engine.payer_keys(row, customer, account)
        if not given.get("silent"):
            engine.events.emit(
                "mandates", row, "created", "mandate_created", origin=given.get("origin", "api")
            )
        self._plan_fate(row, customer)
        return row

    def _reference(self) -> str:
        return f"SBX-{self.engine.world.ids.number('reference'):08d}"

    def _plan_fate(self, row: Mandate, customer: Row) -> None:
        name = (customer.doc["given_name"] or "").casefold()
        fate = {"expired": self.expire, "switching": self.transfer}.get(name)
        if fate:
            day = shift(self.engine.world.clock.today, FATE_DAYS)
            self.engine.world.agenda.add(day, PHASE, self._if_live, row, fate)

    @staticmethod
    def _if_live(row: Mandate, fate) -> None:
        if row.status in LIVE_MANDATES:
            fate(row)

    def present(self, row: Mandate) -> dict:
        """The document of today: the next possible charge date changes daily."""
        live = row.status in LIVE_MANDATES
        row.doc["next_possible_charge_date"] = self.engine.first_charge_date() if live else None
        return row.doc

    def move(self, row: Mandate, status: str) -> None:
        """Change the status; ValueError when the transition does not exist."""
        if (row.status, status) not in MANDATE_TRANSITIONS:
            raise ValueError(f"mandate {row.id} cannot go from {row.status} to {status}")
        row.doc["status"] = status

    def submit(self, row: Mandate) -> None:
        """Sent to the bank with a payment; does nothing when that was done before."""
        if row.status == "pending_submission":
            self.move(row, "submitted")
            self.engine.events.emit("mandates", row, "submitted", "mandate_submitted")

    def activate(self, row: Mandate) -> None:
        """Accepted by the bank; does nothing when that was known."""
        if row.status == "submitted":
            self.move(row, "active")
            self.engine.events.emit("mandates", row, "active", "mandate_activated")

    def cancel(self, row: Mandate, origin="api", cause="mandate_cancelled", code=None) -> None:
        """Cancelled by API, payer or bank, with the payments that can still be cancelled."""
        self._end(row, "cancelled", "cancelled", origin, cause, code)

    def refuse(self, row: Mandate, code: str) -> None:
        """The bank's answer with a fatal ``code``: failed when new, else cancelled."""
        status = "cancelled" if row.status == "active" else "failed"
        self._end(row, status, status, "bank", failure(code).cause, code)

    def expire(self, row: Mandate) -> None:
        """Dormant for longer than the scheme allows."""
        self._end(row, "expired", "expired", "gocardless", "mandate_expired", None)

    def block(self, row: Mandate) -> None:
        """Blocked by a rule of the merchant."""
        self._end(row, "blocked", "blocked", "gocardless", "mandate_blocked", None)

    def replace(self, row: Mandate) -> Mandate:
        """The creditor's identifier changed: a new mandate takes over, the old one ends."""
        engine = self.engine
        customer = engine.state.customers.get(row.doc["links"]["customer"])
        account = engine.state.customer_bank_accounts.get(row.doc["links"]["customer_bank_account"])
        self.move(row, "cancelled")
        new = self.create(customer, account, metadata=row.doc["metadata"], origin="gocardless")
        row.replaced_by = row.doc["links"]["new_mandate"] = new.id
        engine.events.emit(
            "mandates",
            row,
            "replaced",
            "scheme_identifier_changed",
            links={"new_mandate": new.id},
        )
        return new

    def transfer(self, row: Mandate) -> BankAccount:
        """The payer's bank moved the account: same mandate, new bank account."""
        engine = self.engine
        links = row.doc["links"]
        customer = engine.state.customers.get(links["customer"])
        former = engine.state.customer_bank_accounts.get(links["customer_bank_account"])
        new = engine.add_bank_account(
            customer, EXTRA_TEST_IBAN, former.doc["account_holder_name"], {}
        )
        links["customer_bank_account"] = new.id
        engine.events.emit(
            "mandates",
            row,
            "transferred",
            "bank_account_transferred",
            origin="bank",
            links={
                "previous_customer_bank_account": former.id,
                "new_customer_bank_account": new.id,
            },
        )
        return new

    def _end(self, row: Mandate, status: str, action: str, origin: str, cause: str, code) -> None:
        self.move(row, status)
        description = failure(code).description if code else None
        event = self.engine.events.emit(
            "mandates", row, action, cause, origin=origin, code=code, description=description
        )
        self.engine.payments.mandate_ended(row, event, origin, cause, code)
