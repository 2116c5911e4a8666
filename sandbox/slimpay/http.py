"""From HTTP to the handlers: token, representation, body, query, errors."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from .const import CREDITOR, HAL, PROFILE
from .engine import Engine
from .entry import query_names
from .errors import (
    NOT_FOUND,
    UNACCEPTABLE,
    ApiError,
    OAuthError,
    access_denied,
    bad_query,
    incomplete,
    invalid,
)
from .views import Views

JSON = "application/json"
PATCH = ("application/merge-patch+json", JSON)


@dataclass(slots=True)
class Call:
    """One request as handlers see it."""

    engine: Engine
    views: Views
    query: dict
    data: dict
    path: dict

    @property
    def strict(self) -> bool:
        """Whether what nobody documented is refused."""
        return self.engine.settings.strict

    def own_creditor(self) -> None:
        """The query must name the app's creditor: code 205 without it, 904 with another."""
        reference = self.query.get("creditorReference")
        if reference is None:
            raise bad_query("missing query parameters creditorReference")
        if reference != CREDITOR:
            raise access_denied(reference)


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and path with its handler, which takes a Call and returns a document.

    ``creates``: 201 with a Location; ``bodiless``: the body may be missing, as for actions;
    ``query``: parameters besides those of the entry point's relations.
    """

    method: str
    path: str
    handler: Callable[[Call], dict | None]
    creates: bool = False
    bodiless: bool = False
    query: tuple = ()


def check_creditor(creditor: dict) -> None:
    """The creditor of a body must be the app's, without entities: else ApiError 403."""
    if creditor["reference"] != CREDITOR:
        raise access_denied(creditor["reference"])
    if "entity" in creditor:
        raise access_denied(creditor["entity"]["reference"])


class Api:
    """Builds the routes; ``engine`` is looked up at each request since a reset replaces it."""

    def __init__(self, engine: Callable[[], Engine], check_token: Callable) -> None:
        self._engine = engine
        self._check_token = check_token

    def route(self, operation: Operation) -> Route:
        """The Starlette route of one operation."""
        known = query_names(operation.path) if operation.method == "GET" else frozenset()
        known |= set(operation.query)

        async def endpoint(request: Request) -> Response:
            try:
                self._check_token(request)
                check_accept(request, self._engine().settings.profile_header)
                body = await request.body()
                return self._run(operation, request, body, known)
            except OAuthError as error:
                return JSONResponse(error.body(), error.status)
            except ApiError as error:
                return self.refusal(error)

        return Route(operation.path, endpoint, methods=[operation.method])

    def refusal(self, error: ApiError) -> Response:
        """The answer to an error; the body of a 404 is a setting."""
        shape = self._engine().settings.not_found_body
        if error.code == NOT_FOUND and shape != "code":
            return HTMLResponse("<h1>404</h1>" if shape == "html" else "", 404)
        return Response(json.dumps(error.body()), error.status, media_type=HAL)

    def _run(self, operation: Operation, request: Request, body: bytes, known) -> Response:
        engine = self._engine()
        engine.base_url = f"{request.url.scheme}://{request.headers['host']}"
        query = {name: value for name, value in request.query_params.items() if value}
        if unknown := sorted(set(query) - known) if engine.settings.strict else []:
            raise bad_query(f"unknown query parameter {unknown[0]}")
        call = Call(
            engine=engine,
            views=Views(engine, engine.base_url),
            query=query,
            data=parse(operation, request, body),
            path=request.path_params,
        )
        document = operation.handler(call)
        if document is None:
            return Response(status_code=204)
        return represent(operation, document)


def represent(operation: Operation, document: dict) -> Response:
    """The JSON of a document with the headers that go with it."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    headers = {}
    if operation.creates:
        headers["Location"] = document["_links"]["self"]["href"]
    elif operation.method == "GET":
        headers["ETag"] = f'"{hashlib.sha1(text.encode()).hexdigest()}"'
    answer = Response(text, 201 if operation.creates else 200, headers, HAL)
    if operation.creates and operation.path == "/orders":
        answer.set_cookie("JSESSIONID", "0" * 32, path="/", httponly=True)
    return answer


def check_accept(request: Request, profile_header: bool) -> None:
    """The Accept header must name HAL with SlimPay's profile; else code 906, HTTP 406.

    ``profile_header``: the profile may also come in a header of its own.
    """
    for entry in request.headers.get("accept", "").split(","):
        kind, *parameters = (part.strip() for part in entry.split(";"))
        profiles = [
            part.partition("=")[2].strip('"') for part in parameters if part.startswith("profile=")
        ]
        if profile_header:
            profiles.append(request.headers.get("profile", "").strip('"'))
        if kind == "application/hal+json" and PROFILE in profiles:
            return
    raise ApiError(406, UNACCEPTABLE, "Could not find acceptable representation")


def parse(operation: Operation, request: Request, body: bytes) -> dict:
    """The JSON object of the body; decimals are kept exact."""
    if operation.method not in ("POST", "PATCH"):
        return {}
    if not body:
        if operation.bodiless:
            return {}
        raise incomplete("body")
    content = request.headers.get("content-type", "").partition(";")[0].strip()
    if content not in (PATCH if operation.method == "PATCH" else (JSON,)):
        raise ApiError(415, UNACCEPTABLE, f"Content type '{content}' not supported")
    try:
        data = json.loads(body, parse_float=Decimal)
    except ValueError as error:
        raise invalid("body", "not JSON") from error
    if not isinstance(data, dict):
        raise invalid("body", "not an object")
    return data
