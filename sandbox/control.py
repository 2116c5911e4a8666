"""The control API under /_sandbox/: how tests move the clock and choose what happens.

It has no password; the server listens on loopback only.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .core.calendar import shift
from .core.outcomes import Rule
from .core.webhooks import Endpoint
from .core.world import World

PREFIX = "/_sandbox/"


class Control:
    """One method per command; each takes the JSON body or the query and returns plain data."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def clock(self, _query: dict) -> dict:
        """The simulated date."""
        return {"date": self.world.clock.today.isoformat()}

    async def advance(self, body: dict) -> dict:
        """Play the days until ``to``, or ``days`` / ``working_days`` from today."""
        today = self.world.clock.today
        if set(body) not in ({"to"}, {"days"}, {"working_days"}):
            raise ValueError("one of to, days, working_days")
        if "to" in body:
            to = date.fromisoformat(body["to"])
        elif "days" in body:
            to = today + timedelta(days=body["days"])
        else:
            to = shift(today, body["working_days"])
        return await self.world.advance(to)

    async def reset(self, body: dict) -> dict:
        """Empty everything, settings, rules and endpoints included."""
        start = body.pop("start_date", None)
        refuse_rest(body)
        self.world.reset(date.fromisoformat(start) if start else None)
        return await self.clock({})

    async def seed(self, body: dict) -> list:
        """Import payers with mandates."""
        return self.world.provider.seed(body)

    async def settings(self, body: dict) -> dict:
        """Change the merchant's settings; an empty body shows them."""
        return self.world.provider.configure(body)

    async def outcomes(self, body: dict) -> dict:
        """Add a rule: match with plan, or match with rates and seed."""
        match = body.pop("match", None)
        plan, rates, seed = body.pop("plan", ()), body.pop("rates", None), body.pop("seed", 1)
        refuse_rest(body)
        self.world.outcomes.add(match, Rule(plan, rates, seed))
        return {}

    async def clear_outcomes(self, _query: dict) -> dict:
        """Forget the rules; the names of the payers still count."""
        self.world.outcomes.clear()
        return {}

    async def act(self, body: dict) -> dict:
        """Make something happen to one resource now."""
        action, resource, code = body.pop("action"), body.pop("id"), body.pop("code", None)
        refuse_rest(body)
        document = self.world.provider.act(action, resource, code)
        self.world.webhooks.kick()
        return document

    async def faults(self, _query: dict) -> list:
        """The fault rules with what they struck."""
        return self.world.faults.public()

    async def add_fault(self, body: dict) -> dict:
        """Add a fault rule."""
        return self.world.faults.add(**body).public()

    async def clear_faults(self, _query: dict) -> dict:
        """Remove all fault rules."""
        self.world.faults.clear()
        return {}

    async def endpoint(self, body: dict) -> dict:
        """Register where webhooks go; a known url is replaced."""
        endpoint = Endpoint(body.pop("url"), body.pop("secret"), body.pop("headers", {}))
        refuse_rest(body)
        webhooks = self.world.webhooks
        others = [known for known in webhooks.endpoints if known.url != endpoint.url]
        webhooks.endpoints = [*others, endpoint]
        return {"endpoints": [known.url for known in webhooks.endpoints]}

    async def clear_endpoints(self, _query: dict) -> dict:
        """Nobody listens any more."""
        self.world.webhooks.endpoints = []
        return {}

    async def modes(self, body: dict) -> dict:
        """Change how webhooks behave; an empty body shows it."""
        self.world.webhooks.configure(**body)
        return vars(self.world.webhooks.modes)

    async def flush(self, body: dict) -> dict:
        """Deliver what waits and, with ``retry``, what failed; wait for the answers."""
        retry = body.pop("retry", False)
        refuse_rest(body)
        return await self.world.webhooks.flush(retry)

    async def resend(self, body: dict) -> dict:
        """Deliver events again: "all", "undelivered" or a list of ids."""
        which = body.pop("events", "all")
        refuse_rest(body)
        webhooks = self.world.webhooks
        if which == "undelivered":
            events, webhooks.undelivered = webhooks.undelivered, []
        else:
            events = self.world.provider.events()
            if which != "all":
                events = [event for event in events if event["id"] in which]
        return await webhooks.resend(events)

    async def webhooks(self, _query: dict) -> list:
        """All deliveries with the last answer of the receiver."""
        return [delivery.public() for delivery in self.world.webhooks.deliveries]

    async def requests(self, query: dict) -> list:
        """The requests received, oldest first, perhaps only of a method and a path."""
        return self.world.journal.select(query.get("method"), query.get("path"))

    async def shapes(self, _query: dict) -> dict:
        """How many requests were held against the published shapes, and what was wrong."""
        return self.world.journal.verdict()

    async def balance(self, _query: dict) -> dict:
        """Totals per currency in cents."""
        return self.world.provider.balance()

    async def table(self, query: dict) -> list:
        """All rows of a table; other parameters of the query select by equality."""
        wanted = {name: value for name, value in query.items() if name != "table"}
        rows = self.world.provider.dump(query["table"])
        return [
            row for row in rows if all(str(row.get(key)) == item for key, item in wanted.items())
        ]


def refuse_rest(body: dict) -> None:
    """ValueError for keys that no command knows: a typing error must not pass silently."""
    if body:
        raise ValueError(f"unknown keys: {', '.join(sorted(body))}")


def control_routes(world: World) -> list[Route]:
    """Routes of the control API."""
    control = Control(world)
    commands = [
        ("GET", "clock", control.clock),
        ("POST", "advance", control.advance),
        ("POST", "reset", control.reset),
        ("POST", "seed", control.seed),
        ("POST", "settings", control.settings),
        ("POST", "outcomes", control.outcomes),
        ("DELETE", "outcomes", control.clear_outcomes),
        ("POST", "act", control.act),
        ("GET", "faults", control.faults),
        ("POST", "faults", control.add_fault),
        ("DELETE", "faults", control.clear_faults),
        ("GET", "webhooks", control.webhooks),
        ("POST", "webhooks", control.endpoint),
        ("DELETE", "webhooks", control.clear_endpoints),
        ("POST", "webhooks/modes", control.modes),
        ("POST", "webhooks/flush", control.flush),
        ("POST", "webhooks/resend", control.resend),
        ("GET", "requests", control.requests),
        ("GET", "shapes", control.shapes),
        ("GET", "balance", control.balance),
        ("GET", "tables/{table}", control.table),
    ]
    return [
        Route(PREFIX + path, endpoint(command), methods=[method])
        for method, path, command in commands
    ]


def endpoint(command: Callable) -> Callable:
    """The ASGI endpoint of a command; refusals answer 400 and say why."""

    async def run(request: Request) -> Response:
        try:
            result = await command(await arguments(request))
        except (ValueError, TypeError) as error:
            return answer({"error": str(error)}, 400)
        except KeyError as error:
            return answer({"error": f"unknown or missing: {error.args[0]}"}, 400)
        return answer(result)

    return run


async def arguments(request: Request) -> dict:
    """The JSON body of a POST, else the query and what the path names."""
    if request.method != "POST":
        return dict(request.query_params) | request.path_params
    values = json.loads(await request.body() or b"{}")
    if not isinstance(values, dict):
        raise TypeError("the body is a JSON object")
    return values


def answer(content, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(content), status, media_type="application/json")
