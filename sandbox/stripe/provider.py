"""The Stripe stand-in as the server and the control API see it."""

import hashlib
import hmac
import json
import time
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.core.world import World
from sandbox.shapes.stripe import SHAPES

from .const import CURRENCY
from .engine import Engine
from .errors import ApiError, internal_error, rate_limited, unrecognized_url
from .hosted import Hosted
from .http import Api, response, text_of
from .manual import act
from .routes import OPERATIONS
from .seeding import seed
from .settings import Settings

# Names that the control API shares among the providers.
TABLES = {"payments": "payment_intents", "checkout_sessions": "sessions"}


class Stripe:
    """Implements ``core.world.Provider``."""

    # Stripe sends each event in a request of its own.
    webhook_batch = 1
    shapes = SHAPES

    def __init__(self, world: World) -> None:
        self.world = world
        self.settings = Settings()
        self.engine = Engine(world, self.settings)
        self.api = Api(lambda: self.engine)
        self.hosted = Hosted(lambda: self.engine)

    def routes(self) -> list[Route]:
        """The API and the hosted page."""
        return [*map(self.api.route, OPERATIONS), *self.hosted.routes()]

    def exception_handlers(self) -> dict:
        """Unknown paths and methods."""

        async def handle(request: Request, _error: Exception) -> Response:
            number = self.api.request_id()
            error = unrecognized_url(request.method, request.url.path)
            return response(404, text_of(error.body(number)), number)

        return {404: handle, 405: handle}

    def reset(self) -> None:
        """A new, empty account with default settings."""
        self.settings = Settings()
        self.engine = Engine(self.world, self.settings)

    def close_day(self, day: date) -> None:
        """The daily payout, and what instant test accounts put off."""
        self.engine.settle()
        self.engine.treasury.close_day(day)

    def dress_webhook(self, events: list, webhook_id: str, secret: str) -> tuple[bytes, dict]:
        """Body and headers as Stripe sends them.

        Receivers compare the time of the signature with their own clock, so it is the real one.
        """
        body = json.dumps(events[0], ensure_ascii=False, indent=2).encode()
        moment = int(time.time())
        signed = f"{moment}.".encode() + body
        signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return body, {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": f"t={moment},v1={signature}",
        }

    def fault_answer(self, kind: str) -> tuple[int, bytes]:
        """The envelope of an injected 429 or 500."""
        error = rate_limited() if kind == "429" else internal_error()
        return error.status, text_of(error.body(self.api.request_id())).encode()

    def seed(self, payload: dict) -> list[dict]:
        """Import payers with active mandates."""
        return seed(self.engine, payload)

    def act(self, action: str, resource: str, code: str | None) -> dict:
        """Make something happen to a resource."""
        try:
            return act(self.engine, action, resource, code)
        except ApiError as error:
            raise ValueError(error.message) from error

    def configure(self, values: dict) -> dict:
        """Change settings."""
        return self.settings.change(values)

    def dump(self, table: str) -> list[dict]:
        """Documents of a table, oldest first; payment intents with attempt and outcome."""
        name = TABLES.get(table, table)
        rows = self.engine.state.table(name).rows
        if name != "payment_intents":
            return [row.doc for row in rows]
        return [
            {**row.doc, "attempt": row.attempt, "outcome": row.outcome and list(row.outcome)}
            for row in rows
        ]

    def events(self) -> list[dict]:
        """All events, oldest first."""
        return [row.doc for row in self.engine.state.events.rows]

    def balance(self) -> dict:
        """Cents by currency; ``waiting`` is what the next payouts would carry."""
        totals = self.engine.totals
        return {
            CURRENCY.upper(): {
                "balance": totals.balance(),
                "waiting": sum(self.engine.treasury.sums()),
                **totals.sums,
            }
        }


def create(world: World) -> Stripe:
    """The provider of ``world``."""
    return Stripe(world)
