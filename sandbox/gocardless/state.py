"""What the stand-in remembers: tables of rows, each with the document that the API shows."""

from collections import defaultdict
from dataclasses import dataclass, field

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
class BankAccount(Row):
    """The API never shows the IBAN again."""

    iban: str = ""


@dataclass(slots=True)
class Mandate(Row):
    """``payer`` holds the keys under which outcome rules know the payer."""

    payer: list = field(default_factory=list)
    replaced_by: str | None = None


@dataclass(slots=True)
class Payment(Row):
    """``attempt`` grows with each retry, so that what was planned for a former one is void.

    ``settlement`` is empty, "queued" for the next payout, or "paid".
    """

    customer: str = ""
    attempt: int = 1
    outcome: Outcome | None = None
    fee: int = 0
    settlement: str = ""


@dataclass(slots=True)
class BillingRequest(Row):
    """``hidden_reads``: GETs that will still show "fulfilling"; ``reference``: the chosen RUM."""

    hidden_reads: int = 0
    reference: str | None = None


@dataclass(slots=True)
class Payout(Row):
    """A payout with its items, as shown by the API."""

    items: list = field(default_factory=list)


class Table:
    """Rows in order of creation, with indexes on chosen links of the documents."""

    def __init__(self, *links: str) -> None:
        self.rows: list[Row] = []
        self._ids: dict[str, Row] = {}
        self._links = links
        self._index: dict[tuple[str, str], list[Row]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        """Append a row."""
        self.rows.append(row)
        self._ids[row.id] = row
        links = row.doc.get("links") or {}
        for name in self._links:
            if target := links.get(name):
                self._index[name, target].append(row)
        return row

    def get(self, identity: str) -> Row | None:
        """The row with this id."""
        return self._ids.get(identity)

    def linked(self, name: str, target: str) -> list[Row]:
        """Rows whose link ``name`` is ``target``, in order of creation."""
        return self._index.get((name, target), [])

    def indexes(self, name: str) -> bool:
        """Whether ``linked(name, ...)`` is available."""
        return name in self._links


class State:
    """All tables of one merchant account."""

    def __init__(self) -> None:
        self.creditors = Table()
        self.customers = Table()
        self.customer_bank_accounts = Table("customer")
        self.mandates = Table("customer", "customer_bank_account")
        self.mandate_pdfs = Table()
        self.payments = Table("mandate")
        self.refunds = Table("payment")
        self.billing_requests = Table("customer")
        self.billing_request_flows = Table("billing_request")
        self.payouts = Table()
        self.events = Table(
            "billing_request", "mandate", "payment", "payout", "refund", "parent_event"
        )

    def table(self, name: str) -> Table:
        """A table by the name of its resource; KeyError when there is none."""
        return vars(self)[name]
