"""One simulated world: the parts that every provider shares, and how its days are played."""

import asyncio
from datetime import date, timedelta
from typing import Protocol

from sandbox.shapes.requests import Shapes

from .clock import Agenda, Clock
from .faults import Faults
from .idempotency import IdempotencyStore
from .ids import Ids
from .journal import Journal
from .outcomes import Outcomes
from .webhooks import Webhooks


class Provider(Protocol):
    """What a provider module offers to the server and to the control API.

    A refused control command raises ValueError (wrong value) or KeyError (unknown id).
    """

    world: "World"
    # How many events one webhook may carry.
    webhook_batch: int
    # What requests may be, by the provider's documents.
    shapes: Shapes

    def routes(self) -> list:
        """Starlette routes of the provider's API and hosted pages."""

    def exception_handlers(self) -> dict:
        """Starlette handlers that give 404 and 405 the provider's shape."""

    def reset(self) -> None:
        """Forget everything but the settings given on the command line."""

    def close_day(self, day: date) -> None:
        """Work done once a day after the agenda, such as payouts."""

    def dress_webhook(self, events: list, webhook_id: str, secret: str) -> tuple[bytes, dict]:
        """Raw body and headers of a webhook, signed with ``secret``."""

    def fault_answer(self, kind: str) -> tuple[int, bytes]:
        """Status and JSON body of an injected 429 or 500."""

    def seed(self, payload: dict) -> list[dict]:
        """Import payers with active mandates; no event is raised."""

    def act(self, action: str, resource: str, code: str | None) -> dict:
        """Make something happen to one resource now, such as a mandate cancelled by the payer."""

    def configure(self, values: dict) -> dict:
        """Change the merchant's settings and return them all."""

    def dump(self, table: str) -> list[dict]:
        """All rows of one table, with what the API hides."""

    def events(self) -> list[dict]:
        """All events, oldest first."""

    def balance(self) -> dict:
        """Totals in cents per currency."""


class World:
    """Clock, agenda, ids, rules and logs of one provider's stand-in."""

    def __init__(self, start: date, seed: int = 1) -> None:
        self.seed = seed
        self.provider: Provider | None = None
        self.playing = asyncio.Lock()
        self.webhooks: Webhooks | None = None
        self._fill(start)

    def _fill(self, start: date) -> None:
        self.start = start
        self.clock = Clock(start)
        self.agenda = Agenda()
        self.ids = Ids(self.seed)
        self.journal = Journal()
        self.faults = Faults()
        self.idempotency = IdempotencyStore()
        self.outcomes = Outcomes()

    def adopt(self, provider: Provider) -> None:
        """Bind the provider, which gives webhooks their dress."""
        self.provider = provider
        self.webhooks = self._new_webhooks()

    def _new_webhooks(self) -> Webhooks:
        # The clock and the ids are looked up late: a reset replaces them.
        return Webhooks(
            lambda: self.clock.now(),
            lambda: self.ids.new("WB"),
            self.provider.dress_webhook,
            self.provider.webhook_batch,
        )

    def reset(self, start: date | None = None) -> None:
        """Start again, empty, at ``start`` (default: the first start date)."""
        self.webhooks.close()
        self._fill(start or self.start)
        self.webhooks = self._new_webhooks()
        self.provider.reset()

    async def advance(self, to: date) -> dict:
        """Play every day up to ``to``, delivering the webhooks of a day before the next one."""
        report = {"days": 0, "events": 0, "webhooks": 0, "webhooks_failed": 0}
        async with self.playing:
            if to < self.clock.today:
                raise ValueError(f"the clock is at {self.clock.today}, it cannot go to {to}")
            known = len(self.provider.events())
            self._add(report, await self.webhooks.flush())
            while self.clock.today < to:
                day = self.clock.today + timedelta(days=1)
                self.clock.open_day(day)
                self.agenda.play(day)
                self.provider.close_day(day)
                report["days"] += 1
                self._add(report, await self.webhooks.flush(retry=True))
            self.clock.open_office()
            report["events"] = len(self.provider.events()) - known
        return report | {"date": self.clock.today.isoformat()}

    @staticmethod
    def _add(report: dict, flushed: dict) -> None:
        report["webhooks"] += flushed["sent"]
        report["webhooks_failed"] += flushed["failed"]
