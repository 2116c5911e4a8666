"""The SlimPay stand-in as the server and the control API see it."""

import json
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.world import World
from sandbox.shapes.slimpay import SHAPES

from .const import CURRENCY
from .engine import Engine
from .errors import INTERNAL, UNACCEPTABLE, ApiError, not_found
from .hosted import Hosted
from .http import Api
from .manual import act
from .routes import OPERATIONS
from .seeding import seed
from .settings import Settings
from .state import File, Mandate, Payment, Row
from .tokens import Tokens


class SlimPay:
    """Implements ``core.world.Provider``."""

    # A notification carries one order.
    webhook_batch = 1
    shapes = SHAPES

    def __init__(self, world: World) -> None:
        self.world = world
        self.reset()
        self.api = Api(lambda: self.engine, lambda request: self.tokens.check(request))
        self.hosted = Hosted(lambda: self.engine)

    def reset(self) -> None:
        """A new, empty account with default settings; no token survives."""
        self.settings = Settings()
        self.engine = Engine(self.world, self.settings)
        self.tokens = Tokens(self.world, self.settings)

    def routes(self) -> list[Route]:
        """The API, the authorisation server and the hosted page."""

        async def token(request: Request) -> Response:
            return await self.tokens.endpoint(request)

        return [
            Route("/oauth/token", token, methods=["POST"]),
            *map(self.api.route, OPERATIONS),
            *self.hosted.routes(),
        ]

    def exception_handlers(self) -> dict:
        """Unknown paths and methods answer in SlimPay's shape."""

        async def unknown(_request: Request, _error: Exception) -> Response:
            return self.api.refusal(not_found())

        async def method(request: Request, _error: Exception) -> Response:
            text = f"Request method '{request.method}' not supported"
            return self.api.refusal(ApiError(405, UNACCEPTABLE, text))

        return {404: unknown, 405: method}

    def close_day(self, day: date) -> None:
        """Transfer to the merchant and account statement."""
        self.engine.treasury.close_day(day)

    def dress_webhook(self, events: list, _webhook_id: str, secret: str) -> tuple[bytes, dict]:
        """Body and headers as SlimPay sends them."""
        return self.engine.notices.dress(events[0], secret)

    def fault_answer(self, kind: str) -> tuple[int, bytes]:
        """The body of an injected 429 or 500."""
        text = "Too many requests" if kind == "429" else "Internal error"
        return int(kind), json.dumps({"code": INTERNAL, "message": text}).encode()

    def seed(self, payload: dict) -> list[dict]:
        """Import payers with active mandates."""
        return seed(self.engine, payload)

    def act(self, action: str, resource: str, code: str | None) -> dict:
        """Make something happen to a resource; ``expire`` on "tokens" ends all tokens."""
        if (action, resource) == ("expire", "tokens"):
            self.tokens.expire()
            return {}
        return act(self.engine, action, resource, code)

    def configure(self, values: dict) -> dict:
        """Change settings."""
        return self.settings.change(values)

    def dump(self, table: str) -> list[dict]:
        """Rows of a table, oldest first, with what the API hides."""
        return [self._row(row) for row in self.engine.state.table(table).rows]

    def _row(self, row: Row) -> dict:
        if isinstance(row, Payment):
            return {
                **row.doc,
                "status": row.status,
                "mandate": self.engine.payments.mandate(row).reference,
                "mandate_id": row.mandate,
                "subscriber": row.subscriber,
                "cents": row.cents,
                "charge_date": row.day.isoformat(),
                "attempt": row.doc["replayCount"] + 1,
                "outcome": row.outcome and list(row.outcome),
            }
        if isinstance(row, Mandate):
            account = row.account["iban"]
            return {**row.doc, "status": row.status, "subscriber": row.subscriber, "iban": account}
        if isinstance(row, File):
            return {**row.doc, "content": row.content.decode()}
        return row.doc | ({"status": row.status} if row.status else {})

    def events(self) -> list[dict]:
        """What is sent to the merchant, oldest first: notifications and webhooks."""
        return [row.doc for row in self.engine.state.events.rows]

    def balance(self) -> dict:
        """Cents by currency; ``waiting`` is what lies on the account at SlimPay."""
        treasury = self.engine.treasury
        totals = {"balance": treasury.balance(), "waiting": treasury.funds, **treasury.sums}
        return {CURRENCY: totals}


def create(world: World) -> SlimPay:
    """The provider of ``world``."""
    return SlimPay(world)
