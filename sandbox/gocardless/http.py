"""From HTTP to the handlers of the resources: token, version, envelope, idempotency, errors."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .const import API_VERSION, TOKENS
from .engine import Engine
from .errors import ApiError, forbidden, idempotency_conflict, invalid_usage, not_found

DEFAULT_RATE = 1000


@dataclass(slots=True)
class Call:
    """One request as handlers see it; ``data`` is the content of the envelope."""

    engine: Engine
    query: dict
    data: dict
    identity: str | None
    base_url: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and path of the API with its handler.

    The handler takes a Call and returns the document(s) under ``resource``, with ``creates`` the
    new document; a list handler returns (documents, meta).
    """

    method: str
    path: str
    resource: str
    handler: Callable
    creates: bool = False
    action: bool = False
    envelope: str | None = None

    def unwrap(self, body) -> dict:
        """The content of the request's envelope; ApiError 400 when it is missing."""
        if self.action:
            # Clients send null, {} or {"data": {...}} with actions.
            content = (body or {}).get("data") if isinstance(body or {}, dict) else body
            content = content or {}
        elif isinstance(body, dict) and set(body) == {self.envelope or self.resource}:
            content = body[self.envelope or self.resource]
        else:
            content = None
        if not isinstance(content, dict):
            name = "data" if self.action else self.resource
            raise invalid_usage(400, "invalid_document_structure", f"expected {name} at the root")
        return content


def create(resource: str, handler: Callable) -> Operation:
    """POST /resource."""
    return Operation("POST", f"/{resource}", resource, handler, creates=True)


def listing(resource: str, handler: Callable) -> Operation:
    """GET /resource."""
    return Operation("GET", f"/{resource}", resource, handler)


def get(resource: str, handler: Callable) -> Operation:
    """GET /resource/ID."""
    return Operation("GET", f"/{resource}/{{identity}}", resource, handler)


def update(resource: str, handler: Callable) -> Operation:
    """PUT /resource/ID."""
    return Operation("PUT", f"/{resource}/{{identity}}", resource, handler)


def action(resource: str, name: str, handler: Callable) -> Operation:
    """POST /resource/ID/actions/NAME."""
    path = f"/{resource}/{{identity}}/actions/{name}"
    return Operation("POST", path, resource, handler, action=True)


class RateLimit:
    """Requests of the current minute of real time."""

    def __init__(self) -> None:
        self._minute, self._used = 0, 0

    def headers(self, limit: int | None) -> dict:
        """Count a request; ApiError 429 when ``limit`` (None: no limit) is passed."""
        minute = int(time.time() // 60)
        if minute != self._minute:
            self._minute, self._used = minute, 0
        self._used += 1
        if limit is not None and self._used > limit:
            raise rate_limited()
        top = limit or DEFAULT_RATE
        return {
            "ratelimit-limit": str(top),
            "ratelimit-remaining": str(max(0, top - self._used)),
            "ratelimit-reset": formatdate((minute + 1) * 60, usegmt=True),
        }


def rate_limited() -> ApiError:
    """429."""
    return invalid_usage(429, "rate_limit_exceeded", "Rate limit exceeded")


def internal_error() -> ApiError:
    """500 as JSON, which clients do not retry by themselves."""
    return ApiError(
        500,
        "gocardless",
        "Uh-oh! The server failed",
        [{"reason": "internal_server_error", "message": "The server failed"}],
    )


class Api:
    """Builds the routes; ``engine`` is looked up at each request since a reset replaces it."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._rate = RateLimit()

    def route(self, operation: Operation) -> Route:
        """The Starlette route of one operation."""

        async def endpoint(request: Request) -> Response:
            headers: dict = {}
            try:
                headers = self._rate.headers(self._engine().settings.rate_limit)
                body = await request.body()
                payload = self._run(operation, request, body)
                status = 201 if operation.creates else 200
            except ApiError as error:
                status, payload = error.status, self.error_body(error)
            return json_response(status, payload, headers)

        return Route(operation.path, endpoint, methods=[operation.method])

    def error_body(self, error: ApiError) -> dict:
        """The envelope of ``error`` with a request id."""
        number = self._engine().world.ids.number("request")
        return error.body(f"sandbox-{number:08d}")

    def _run(self, operation: Operation, request: Request, body: bytes) -> dict:
        authorise(request)
        engine = self._engine()
        reads = operation.method == "GET"
        call = Call(
            engine=engine,
            query=dict(request.query_params),
            data={} if reads else operation.unwrap(parse(request, body)),
            identity=request.path_params.get("identity"),
            base_url=f"{request.url.scheme}://{request.headers['host']}",
        )
        key = request.headers.get("idempotency-key") if operation.creates else None
        store = engine.world.idempotency
        if existing := store.find(operation.resource, key):
            raise idempotency_conflict(existing)
        result = operation.handler(call)
        if operation.creates and "id" in result:
            store.remember(operation.resource, key, result["id"])
        if isinstance(result, tuple):
            documents, meta = result
            return {operation.resource: documents, **meta}
        return {operation.resource: result}


def authorise(request: Request) -> None:
    """Check token and version; ApiError 401, 403 or 400."""
    scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
    if scheme != "Bearer" or token not in TOKENS:
        raise invalid_usage(401, "unauthorized", "Unauthorized")
    if request.method != "GET" and not TOKENS[token]:
        raise forbidden("This access token may only read")
    version = request.headers.get("gocardless-version")
    if not version:
        raise invalid_usage(400, "missing_version_header", "GoCardless-Version is missing")
    if version != API_VERSION:
        raise invalid_usage(400, "version_not_found", "GoCardless-Version is unknown")


def parse(request: Request, body: bytes):
    """The JSON body; ApiError 400 or 415."""
    content_type = request.headers.get("content-type", "")
    if body and not content_type.startswith(("application/json", "application/vnd.api+json")):
        raise invalid_usage(415, "invalid_content_type", "Content-Type must be application/json")
    try:
        return json.loads(body) if body else None
    except ValueError as error:
        raise invalid_usage(400, "bad_request", "The body is not JSON") from error


def json_response(status: int, payload: dict, headers: dict | None = None) -> Response:
    """A JSON answer."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, "application/json")


def find(table, identity: str | None, reason: str = "resource_not_found"):
    """The row with this id; ApiError 404."""
    row = table.get(identity) if isinstance(identity, str) else None
    if row is None:
        raise not_found(reason)
    return row
