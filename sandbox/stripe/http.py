"""From HTTP to the handlers of the resources: key, version, form, idempotency, errors."""

import asyncio
import base64
import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import forms
from .const import API_VERSION, TOKENS
from .engine import Engine
from .errors import ApiError, forbidden, invalid, not_offered, rate_limited, unauthorized
from .expand import expanded
from .params import named
from .replay import Answer

FORM = "application/x-www-form-urlencoded"
REPLAYED = {"Idempotent-Replayed": "true"}
# Understood with every operation whose parameters know them.
ALWAYS = frozenset({"expand", "metadata", "limit", "starting_after", "ending_before", "created"})


@dataclass(slots=True)
class Call:
    """One request as handlers see it; ``data`` holds the checked parameters."""

    engine: Engine
    data: dict
    identity: str
    url: str
    base_url: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and path of the API with its handler, which returns the document of the answer.

    ``params``: the name of the library's TypedDict. ``offers``: which of its fields the stand-in
    acts upon; the others are refused, since silence would hide that they do nothing.
    """

    method: str
    path: str
    params: str
    handler: Callable[[Call], dict]
    offers: frozenset

    def read(self, tree: dict) -> dict:
        """The checked parameters; ApiError 400."""
        data = named(self.params).read(tree)
        for name in data:
            if name not in self.offers and name not in ALWAYS:
                raise not_offered(f"the parameter {name}", name)
        return data


def get(path: str, params: str, handler: Callable, offers: str = "") -> Operation:
    """GET /v1/path."""
    return Operation("GET", f"/v1/{path}", params, handler, frozenset(offers.split()))


def post(path: str, params: str, handler: Callable, offers: str = "") -> Operation:
    """POST /v1/path."""
    return Operation("POST", f"/v1/{path}", params, handler, frozenset(offers.split()))


def delete(path: str, params: str, handler: Callable) -> Operation:
    """DELETE /v1/path."""
    return Operation("DELETE", f"/v1/{path}", params, handler, frozenset())


class RateLimit:
    """Requests of the current second of real time."""

    def __init__(self) -> None:
        self._second, self._used = 0, 0

    def count(self, limit: int | None) -> None:
        """Count a request; ApiError 429 when ``limit`` (None: no limit) is passed."""
        second = int(time.time())
        if second != self._second:
            self._second, self._used = second, 0
        self._used += 1
        if limit is not None and self._used > limit:
            raise rate_limited()


class Api:
    """Builds the routes; ``engine`` is looked up at each request since a reset replaces it."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._rate = RateLimit()

    def route(self, operation: Operation) -> Route:
        """The Starlette route of one operation."""

        async def endpoint(request: Request) -> Response:
            body = (await request.body()).decode("utf-8", "replace")
            number = self.request_id()
            try:
                return await self._answer(operation, request, body, number)
            except ApiError as error:
                return response(error.status, text_of(error.body(number)), number)

        return Route(operation.path, endpoint, methods=[operation.method])

    def request_id(self) -> str:
        """A fresh id for the header Request-Id."""
        return self._engine().world.ids.new("req_")

    async def _answer(
        self, operation: Operation, request: Request, body: str, number: str
    ) -> Response:
        engine = self._engine()
        authorise(request)
        self._rate.count(engine.settings.rate_limit)
        sent = form_of(operation, request, body)
        data = operation.read(forms.parse(sent))
        key = request.headers.get("idempotency-key") if operation.method == "POST" else None
        fingerprint = (request.url.path, tuple(sorted(forms.pairs(sent))))
        if key:
            hours = engine.settings.idempotency_hours
            if known := engine.replay.find(key, fingerprint, engine.moment(), hours):
                return replayed(known, number, key)
            engine.replay.start(key, fingerprint, engine.moment())
        call = Call(
            engine=engine,
            data=data,
            identity=request.path_params.get("identity", ""),
            url=request.url.path,
            base_url=f"{request.url.scheme}://{request.headers['host']}",
        )
        try:
            status, text, validation = self._execute(operation, call, number, key)
        except Exception:
            # A fault of the stand-in itself must not look like a request in progress.
            engine.replay.forget(key or "")
            raise
        if key and engine.settings.execution_seconds:
            await asyncio.sleep(engine.settings.execution_seconds)
        if key and validation:
            engine.replay.forget(key)
        elif key:
            engine.replay.store(key, status, text, number)
        return response(status, text, number, key)

    @staticmethod
    def _execute(
        operation: Operation, call: Call, number: str, key: str | None
    ) -> tuple[int, str, bool]:
        """(status, body, whether the parameters were at fault)."""
        engine, reads = call.engine, operation.method == "GET"
        paths = call.data.pop("expand", [])
        if not reads:
            engine.events.request = {"id": number, "idempotency_key": key}
        executed = False
        try:
            document = operation.handler(call)
            # A wrong path to expand is found too late to call it back.
            executed = not reads
            return 200, text_of(expanded(engine, document, paths)), False
        except ApiError as error:
            return error.status, text_of(error.body(number)), error.validation and not executed
        finally:
            engine.events.request = {"id": None, "idempotency_key": None}
            engine.settle()


def authorise(request: Request) -> None:
    """Check key and version; ApiError 401, 403 or 400."""
    key = api_key(request.headers.get("authorization", ""))
    if not key:
        raise unauthorized("You did not provide an API key.")
    if key not in TOKENS:
        raise unauthorized(f"Invalid API Key provided: {key[:8]}{'*' * 8}{key[-4:]}")
    if request.method != "GET" and not TOKENS[key]:
        message = f"The provided key '{key[:8]}***' does not have the required permissions."
        raise forbidden(message)
    version = request.headers.get("stripe-version")
    if not version:
        raise invalid("The header Stripe-Version is missing.")
    if version != API_VERSION:
        raise invalid(f"Invalid Stripe API version: {version}")


def api_key(header: str) -> str:
    """The key of ``Bearer KEY`` or of ``Basic base64(KEY:)``."""
    scheme, _blank, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except ValueError:
        return ""


def form_of(operation: Operation, request: Request, body: str) -> str:
    """The form with the parameters; ApiError 400 when the body is something else."""
    if operation.method != "POST":
        return request.url.query
    content_type = request.headers.get("content-type", FORM)
    if body and not content_type.startswith(FORM):
        message = f"Invalid request (check that your POST content type is {FORM})."
        raise invalid(message)
    return body


def text_of(payload: dict) -> str:
    """JSON as Stripe writes it."""
    return json.dumps(payload, ensure_ascii=False, indent=2)


def replayed(known: Answer, number: str, key: str) -> Response:
    """The stored answer again."""
    headers = REPLAYED | {"Original-Request": known.request}
    return response(known.status, known.text, number, key, headers)


def response(
    status: int, text: str, number: str, key: str | None = None, more: dict | None = None
) -> Response:
    """A JSON answer with Stripe's headers."""
    headers = {"Request-Id": number, "Stripe-Version": API_VERSION, **(more or {})}
    if key:
        headers["Idempotency-Key"] = key
    return Response(text, status, headers, "application/json")
