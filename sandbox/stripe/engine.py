"""The account: its tables, its settings and the lives of its resources."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timezone

from sandbox.core.world import World

from .checks import merged_metadata
from .const import ACCOUNT, ACCOUNT_NAME, CREDITOR_ID, CURRENCY, METHOD, OTHER_METHODS
from .customers import Customers
from .disputes import Disputes
from .endpoints import Endpoints
from .errors import invalid, no_such
from .events import Events
from .mandates import Mandates
from .methods import PaymentMethods
from .payments import Payments
from .refunds import Refunds
from .replay import Replay
from .sessions import Sessions
from .settings import Settings
from .setups import Setups
from .state import PREFIXES, Row, State, Table
from .treasury import Totals, Treasury

FILTERING = (
    "automatic_payment_methods",
    "excluded_payment_method_types",
    "payment_method_configuration",
)


class Engine:
    """One sandbox account, created empty."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.state = State()
        self.totals = Totals()
        self.replay = Replay()
        self.events = Events(self)
        self.customers = Customers(self)
        self.methods = PaymentMethods(self)
        self.mandates = Mandates(self)
        self.setups = Setups(self)
        self.sessions = Sessions(self)
        self.payments = Payments(self)
        self.disputes = Disputes(self)
        self.refunds = Refunds(self)
        self.endpoints = Endpoints(self)
        self.treasury = Treasury(self)
        self._after: list[Callable[[], None]] = []

    def moment(self) -> datetime:
        """The simulated instant (aware, UTC)."""
        return datetime.fromisoformat(self.world.clock.now()[:-1]).replace(tzinfo=timezone.utc)

    def now(self) -> int:
        """The simulated instant in whole seconds since 1970, as the API writes times."""
        return int(self.moment().timestamp())

    def secret(self, prefix: str, length: int = 32) -> str:
        """A text that looks drawn and is the same on every run."""
        number = self.world.ids.number("secret")
        return prefix + hashlib.sha256(f"{prefix}{number}".encode()).hexdigest()[:length]

    def later(self, action: Callable, *args) -> None:
        """Do ``action(*args)`` once the answer of the present request is written."""
        self._after.append(lambda: action(*args))

    def settle(self) -> None:
        """Do what was put off until the answer was written."""
        while self._after:
            self._after.pop(0)()

    def method_types(self, data: dict) -> tuple[list | None, list]:
        """(allowed types asked for, types that the account offers of them).

        What the account lacks is left out silently, as Stripe does; ApiError 400 when the types
        are chosen in two ways.
        """
        offered = [*OTHER_METHODS, *([METHOD] if self.settings.sepa_debit_enabled else [])]
        allowed = data.get("allowed_payment_method_types")
        if allowed is None:
            return None, offered
        for name in FILTERING:
            if data.get(name):
                message = f"You cannot use allowed_payment_method_types together with {name}."
                raise invalid(message, name)
        return allowed, [kind for kind in allowed if kind in offered]

    def find(self, table: Table, identity: str, param: str | None = None):
        """The row with this id; ApiError 404, or 400 when it was named in ``param``."""
        row = table.get(identity)
        if row is None:
            raise no_such(table.name, identity, param)
        return row

    def lookup(self, identity: str) -> Row | None:
        """The row of any table with this id."""
        prefix = identity.split("_", 1)[0] + "_"
        return self.state.table(PREFIXES[prefix]).get(identity) if prefix in PREFIXES else None

    def update(self, row: Row, values: dict) -> dict:
        """Change ``row``, metadata by its rules; return the former values of what changed."""
        if "metadata" in values:
            merged = merged_metadata(row.doc.get("metadata") or {}, values["metadata"])
            values = {**values, "metadata": merged}
        # "" unsets a value.
        values = {name: None if value == "" else value for name, value in values.items()}
        previous = {name: row.doc.get(name) for name in values if row.doc.get(name) != values[name]}
        row.doc.update(values)
        return previous

    def account(self) -> dict:
        """The account itself."""
        active = "active" if self.settings.sepa_debit_enabled else "inactive"
        own = self.settings.own_creditor_id
        return {
            "id": ACCOUNT,
            "object": "account",
            "business_profile": {"name": ACCOUNT_NAME, "url": None},
            "business_type": "company",
            "capabilities": {"card_payments": "active", "sepa_debit_payments": active},
            "charges_enabled": True,
            "country": "FR",
            "default_currency": CURRENCY,
            "details_submitted": True,
            "email": "contact@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "settings": {
                "payouts": {
                    "debit_negative_balances": self.settings.negative_payouts,
                    "schedule": {"delay_days": 7, "interval": "daily"},
                    "statement_descriptor": None,
                },
                "sepa_debit_payments": {"creditor_id": CREDITOR_ID} if own else {},
            },
            "type": "standard",
        }
