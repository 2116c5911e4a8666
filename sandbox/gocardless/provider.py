"""The GoCardless stand-in as the server and the control API see it."""

import hashlib
import hmac
import json
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.webhooks import LARGEST_BATCH
from sandbox.core.world import World
from sandbox.shapes.gocardless import SHAPES

from .const import CURRENCY
from .documents import Documents
from .engine import Engine
from .errors import not_found
from .hosted import Hosted
from .http import Api, internal_error, json_response, rate_limited
from .manual import act
from .routes import OPERATIONS
from .seeding import seed
from .settings import Settings
from .treasury import nearest_cents

ORIGIN = "https://api-sandbox.gocardless.com"


class GoCardless:
    """Implements ``core.world.Provider``."""

    webhook_batch = LARGEST_BATCH
    shapes = SHAPES

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = Settings()
        self.engine = Engine(world, self.settings)
        self.api = Api(lambda: self.engine)
        self.hosted = Hosted(lambda: self.engine)
        self.documents = Documents(lambda: self.engine)

    def routes(self) -> list[Route]:
        """The API, the hosted page and the files."""
        api = map(self.api.route, OPERATIONS)
        return [*api, *self.hosted.routes(), *self.documents.routes()]

    def exception_handlers(self) -> dict:
        """Unknown paths and methods answer like unknown resources."""

        async def handle(_request: Request, _error: Exception) -> Response:
            return json_response(404, self.api.error_body(not_found("path_not_found")))

        return {404: handle, 405: handle}

    def reset(self) -> None:
        """A new, empty account with default settings."""
        self.settings = Settings()
        self.engine = Engine(self.world, self.settings)

    def close_day(self, day: date) -> None:
        """The daily payout."""
        self.engine.treasury.close_day(day)

    def dress_webhook(self, events: list, webhook_id: str, secret: str) -> tuple[bytes, dict]:
        """Body and headers as GoCardless sends them."""
        payload = {"events": events, "meta": {"webhook_id": webhook_id}}
        body = json.dumps(payload, separators=(",", ":")).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": "application/json",
            "User-Agent": "gocardless-webhook-service/1.1",
            "Origin": ORIGIN,
            "Webhook-Signature": signature,
        }

    def fault_answer(self, kind: str) -> tuple[int, bytes]:
        """The envelope of an injected 429 or 500."""
        error = rate_limited() if kind == "429" else internal_error()
        return error.status, json.dumps(self.api.error_body(error)).encode()

    def seed(self, payload: dict) -> list[dict]:
        """Import payers with active mandates."""
        return seed(self.engine, payload)

    def act(self, action: str, resource: str, code: str | None) -> dict:
        """Make something happen to a resource."""
        return act(self.engine, action, resource, code)

    def configure(self, values: dict) -> dict:
        """Change settings."""
        return self.settings.change(values)

    def dump(self, table: str) -> list[dict]:
        """Documents of a table, oldest first; payments with attempt and outcome."""
        rows = self.engine.state.table(table).rows
        if table != "payments":
            return [row.doc for row in rows]
        return [
            {**row.doc, "attempt": row.attempt, "outcome": row.outcome and list(row.outcome)}
            for row in rows
        ]

    def events(self) -> list[dict]:
        """All events, oldest first."""
        return [row.doc for row in self.engine.state.events.rows]

    def balance(self) -> dict:
        """Cents by currency; ``waiting`` is what the next payout would carry."""
        totals = self.engine.totals
        waiting = sum(item.tenths for item in self.engine.treasury.waiting)
        return {
            CURRENCY: {
                "balance": totals.balance(),
                "waiting": nearest_cents(waiting),
                **totals.sums,
            }
        }


def create(world: World) -> GoCardless:
    """The provider of ``world``."""
    return GoCardless(world)
