"""The ASGI layer in front of a provider: judges and logs each request, and injects faults."""

import asyncio
from dataclasses import dataclass

from sandbox.shapes.requests import Request

from .faults import FaultRule
from .world import World

GATEWAYS = {"502": "Bad Gateway", "504": "Gateway Time-out"}
PAGE = "<html><head><title>{0} {1}</title></head><body>{1}</body></html>"
JSON_TYPE = (b"content-type", b"application/json")
HTML_TYPE = (b"content-type", b"text/html; charset=utf-8")
CONTROL = "/_sandbox/"


@dataclass
class Answer:
    """A complete HTTP answer, kept back until it is known whether it may leave."""

    status: int
    headers: list
    body: bytes = b""

    async def leave(self, send) -> None:
        """Send the answer to the client."""
        headers = [line for line in self.headers if line[0] != b"content-length"]
        headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class Gate:
    """Everything but the control API passes here."""

    def __init__(self, app, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope, receive, send) -> None:
        """ASGI entry point."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        body = await read_body(receive)
        world = self.world
        request = request_of(scope, body)
        violations = world.provider.shapes.violations(request)
        entry = world.journal.record(world.clock.now(), request, violations)
        fault = world.faults.pick(scope["method"], scope["path"])
        entry.executed = fault is None or fault.execute
        entry.fault = fault and fault.kind
        answer = await self._execute(scope, body) if entry.executed else None
        world.webhooks.kick()
        if fault:
            answer = await self._spoil(fault, answer, scope, body)
        if answer is None:
            await drop(scope, receive)
            return
        entry.status = answer.status
        await answer.leave(send)

    async def _execute(self, scope, body: bytes) -> Answer:
        answer = Answer(500, [])
        parts = []

        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], list(message["headers"])
            else:
                parts.append(message.get("body", b""))

        await self.app(scope, receive, send)
        answer.body = b"".join(parts)
        return answer

    async def _spoil(self, fault: FaultRule, answer: Answer | None, scope, body) -> Answer | None:
        kind = fault.kind
        if kind == "slow":
            await asyncio.sleep(fault.seconds)
            return answer or await self._execute(scope, body)
        if kind in GATEWAYS:
            return Answer(int(kind), [HTML_TYPE], PAGE.format(kind, GATEWAYS[kind]).encode())
        if kind == "html_200":
            return Answer(200, [HTML_TYPE], PAGE.format("502", GATEWAYS["502"]).encode())
        if kind == "empty_200":
            return Answer(200, [JSON_TYPE])
        if kind in ("429", "500"):
            status, text = self.world.provider.fault_answer(kind)
            headers = [JSON_TYPE]
            if fault.retry_after is not None:
                headers.append((b"retry-after", str(fault.retry_after).encode()))
            return Answer(status, headers, text)
        return None


async def drop(scope, receive) -> None:
    """Close the client's socket without an answer."""
    scope["extensions"]["sandbox.abort"]()
    while (await receive())["type"] != "http.disconnect":
        pass


async def read_body(receive) -> bytes:
    """The whole body of the request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def request_of(scope, body: bytes) -> Request:
    """The request as the shapes judge it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    return Request(scope["method"], scope["path"], query, headers, body)
