"""What the stand-in remembers: tables of rows, each with the document that the API shows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sandbox.core.outcomes import Outcome


@dataclass(slots=True)
class Row:
    """A resource; ``doc`` is what the API shows."""

    doc: dict

    @property
    def id(self) -> str:
        """The resource's id."""
        return self.doc["id"]

    @property
    def status(self) -> str:
        """The resource's status."""
        return self.doc["status"]


@dataclass(slots=True)
class PaymentMethod(Row):
    """The API never shows the IBAN again; ``detached`` ones can never be used again."""

    iban: str = ""
    detached: bool = False


@dataclass(slots=True)
class Mandate(Row):
    """``customer``: id of the customer for whom it was given, or ""."""

    customer: str = ""
    chosen_reference: str | None = None


@dataclass(slots=True)
class SetupIntent(Row):
    """``prefix`` of the mandate's reference, and the single use asked for."""

    prefix: str = ""
    single_use: dict | None = None


@dataclass(slots=True)
class Intent(Row):
    """A payment intent; ``attempt`` grows with each confirmation, which voids older plans."""

    attempt: int = 0
    outcome: Outcome | None = None
    mandate: str = ""
    debit_day: date | None = None


@dataclass(slots=True)
class Dispute(Row):
    """``kept_in``: the sum of the account in which it counts, late_failed or charged_back."""

    kept_in: str = "charged_back"


@dataclass(slots=True)
class Entry(Row):
    """A balance transaction with the day on which it can be paid out, and its payout."""

    available: date = date.min
    payout: str = ""


@dataclass(slots=True)
class WebhookEndpoint(Row):
    """``target`` is where the core delivers."""

    target: object = None


class Table:
    """Rows in order of creation, with indexes on fields of the documents that never change."""

    def __init__(self, name: str, *links: str) -> None:
        self.name = name
        self.rows: list[Row] = []
        self._ids: dict[str, Row] = {}
        self._links = links
        self._index: dict[tuple[str, str], list[Row]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        """Append a row."""
        self.rows.append(row)
        self._ids[row.id] = row
        for name in self._links:
            if target := row.doc.get(name):
                self._index[name, target].append(row)
        return row

    def remove(self, row: Row) -> None:
        """Forget a row of a table without indexes."""
        self.rows.remove(row)
        del self._ids[row.id]

    def get(self, identity: str) -> Row | None:
        """The row with this id."""
        return self._ids.get(identity)

    def linked(self, name: str, target: str) -> list[Row]:
        """Rows whose field ``name`` is ``target``, in order of creation."""
        return self._index.get((name, target), [])

    def indexes(self, name: str) -> bool:
        """Whether ``linked(name, ...)`` is available."""
        return name in self._links


class State:
    """All tables of one account."""

    def __init__(self) -> None:
        self.customers = Table("customer")
        self.payment_methods = Table("PaymentMethod")
        self.mandates = Table("mandate", "payment_method")
        self.setup_intents = Table("setupintent")
        self.sessions = Table("checkout.session", "setup_intent")
        self.payment_intents = Table("payment_intent", "customer")
        self.charges = Table("charge", "payment_intent", "customer")
        self.refunds = Table("refund", "charge", "payment_intent")
        self.disputes = Table("dispute", "charge", "payment_intent")
        self.balance_transactions = Table("balance transaction", "source")
        self.payouts = Table("payout")
        self.events = Table("event")
        self.webhook_endpoints = Table("webhook endpoint")

    def table(self, name: str) -> Table:
        """A table by the name of its resource; KeyError when there is none."""
        return vars(self)[name]


# Which table an id belongs to.
PREFIXES = {
    "cus_": "customers",
    "pm_": "payment_methods",
    "mandate_": "mandates",
    "seti_": "setup_intents",
    "cs_": "sessions",
    "pi_": "payment_intents",
    "py_": "charges",
    "pyr_": "refunds",
    "du_": "disputes",
    "txn_": "balance_transactions",
    "po_": "payouts",
    "evt_": "events",
    "we_": "webhook_endpoints",
}
