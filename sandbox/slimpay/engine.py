"""The creditor's account: its tables, its settings and the lives of its resources."""

from stdnum import iban as stdnum_iban

from sandbox.core.world import World

from .const import BANKS
from .ids import new_uuid
from .issues import Issues
from .mandates import Mandates
from .notices import Notices
from .orders import Orders
from .payments import Payments
from .payouts import Payouts
from .settings import Settings
from .state import Row, State, Subscriber
from .treasury import Treasury


class Engine:
    """One account, created empty; ``base_url`` is where clients last found it."""

    def __init__(self, world: World, settings: Settings) -> None:
        self.world = world
        self.settings = settings
        self.base_url = "http://127.0.0.1"
        self.state = State()
        self.treasury = Treasury(self)
        self.notices = Notices(self)
        self.mandates = Mandates(self)
        self.payments = Payments(self)
        self.payouts = Payouts(self)
        self.issues = Issues(self)
        self.orders = Orders(self)

    def new_id(self) -> str:
        """A fresh id."""
        return new_uuid(self.world.ids)

    def now(self) -> str:
        """The simulated instant, later than the former one."""
        return self.world.clock.now().removesuffix("Z") + "+0000"

    def note(self, resource: str, row: Row, action: str, **details) -> None:
        """Keep what happened, for the control API only."""
        doc = {
            "id": f"H{self.world.ids.number('history'):08d}",
            "at": self.now(),
            "resource_type": resource,
            "resource": row.id,
            "reference": row.reference,
            "action": action,
            **details,
        }
        self.state.history.add(Row(doc))

    def subscriber(self, values: dict) -> Subscriber:
        """The subscriber of this reference, created when needed; what is given replaces."""
        row = self.state.subscribers.get(values["reference"])
        if row is None:
            row = self.state.subscribers.add(Subscriber({"reference": values["reference"]}))
        row.doc.update(values)
        return row

    def bank_account(self, iban: str, bic: str | None = None) -> dict:
        """A bank account; BIC and name of the bank come from the IBAN."""
        iban = stdnum_iban.compact(iban)
        known, name = BANKS.get(iban[4:9], (f"SBXA{iban[:2]}22XXX", f"BANK {iban[4:9]}"))
        return {
            "id": self.new_id(),
            "bic": bic or known,
            "iban": iban,
            "institutionName": name,
            "dateCreated": self.now(),
        }
