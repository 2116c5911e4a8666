"""What the stand-in remembers: tables of rows, each with the document that the API shows."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sandbox.core.outcomes import Outcome


@dataclass(slots=True)
class Row:
    """A resource; ``doc`` is what the API shows but for the links."""

    doc: dict

    @property
    def id(self) -> str:
        """The resource's id."""
        return self.doc["id"]

    @property
    def reference(self) -> str | None:
        """The resource's reference."""
        return self.doc.get("reference")

    @property
    def status(self) -> str | None:
        """The state that moves."""
        return self.doc.get("executionStatus") or self.doc.get("state")


@dataclass(slots=True)
class Subscriber(Row):
    """The merchant's customer, known by the merchant's reference only."""

    @property
    def id(self) -> str:
        """Subscribers have no other id."""
        return self.doc["reference"]


@dataclass(slots=True)
class Order(Row):
    """``access``: the code of the hosted page and when it was given."""

    subscriber: str
    items: list
    urls: dict
    access: tuple[str, datetime] | None = None
    mandate: str | None = None
    payments: list = field(default_factory=list)


@dataclass(slots=True)
class Mandate(Row):
    """``accounts``: bank accounts, the current one last; ``payer``: keys of outcome rules."""

    subscriber: str
    signatory: dict
    accounts: list
    payer: list = field(default_factory=list)

    @property
    def account(self) -> dict:
        """The bank account that is debited."""
        return self.accounts[-1]


@dataclass(slots=True)
class Payment(Row):
    """``attempt`` grows when the payment is planned anew, so that former plans are void.

    ``refunded_reference``: what a refund names as the payment that it gives back.
    """

    mandate: str
    subscriber: str
    cents: int
    day: date
    attempt: int = 1
    outcome: Outcome | None = None
    refunded_reference: str | None = None


@dataclass(slots=True)
class Issue(Row):
    """An R-transaction of a payment."""

    payment: str
    subscriber: str


@dataclass(slots=True)
class File(Row):
    """A file with its content."""

    content: bytes


class Table:
    """Rows in order of creation, with indexes on chosen attributes of the rows."""

    def __init__(self, *indexed: str) -> None:
        self.rows: list[Row] = []
        self._ids: dict[str, Row] = {}
        self._indexed = indexed
        self._index: dict[tuple[str, str], list[Row]] = defaultdict(list)

    def add(self, row: Row) -> Row:
        """Append a row."""
        self.rows.append(row)
        self._ids[row.id] = row
        for name in self._indexed:
            if (value := getattr(row, name)) is not None:
                self._index[name, value].append(row)
        return row

    def get(self, identity: object) -> Row | None:
        """The row with this id."""
        return self._ids.get(identity) if isinstance(identity, str) else None

    def where(self, name: str, value: object) -> list[Row]:
        """Rows whose indexed attribute ``name`` is ``value``, in order of creation."""
        return self._index.get((name, value), [])

    def rename(self, row: Row, reference: str) -> None:
        """Give ``row`` another reference."""
        if row.reference is not None:
            self._index["reference", row.reference].remove(row)
        row.doc["reference"] = reference
        self._index["reference", reference].append(row)

    def remove(self, row: Row) -> None:
        """Forget a row of a table without indexes."""
        self.rows.remove(row)
        del self._ids[row.id]


class State:
    """All tables of one creditor."""

    def __init__(self) -> None:
        self.subscribers = Table()
        self.orders = Table("reference")
        self.mandates = Table("reference", "subscriber")
        self.payments = Table("reference", "mandate", "subscriber")
        self.payment_issues = Table("payment")
        self.files = Table()
        self.webhooks = Table()
        self.events = Table()
        self.history = Table()

    def table(self, name: str) -> Table:
        """A table by its name; KeyError when there is none."""
        return vars(self)[name]
