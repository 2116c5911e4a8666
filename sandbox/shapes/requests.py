"""Requests as they arrive, and the table of shapes that judges them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Protocol
from urllib.parse import parse_qsl

from .schema import Schema, problems, record


@dataclass(frozen=True)
class Request:
    """One request of a client; names of headers in lower case, ``query`` as it was sent."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query by name."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def json(self):
        """The body, decimals exact; ValueError when it is not JSON. None: no body."""
        return json.loads(self.body, parse_float=Decimal) if self.body else None


class Shapes(Protocol):
    """What a provider's module offers."""

    def violations(self, request: Request) -> list[str] | None:
        """What is against the published shape; None for what is no request to the API.

        The pages that a payer's browser asks for, and files behind links, are none.
        """


@dataclass(frozen=True)
class Shape:
    """What one request may be.

    ``path`` is a regular expression; ``body`` None means that there is none, ``form`` that it is
    a form and not JSON.
    """

    method: str
    path: str
    headers: Schema
    body: Schema | None = None
    query: Schema = field(default_factory=record)
    form: bool = False

    def problems(self, request: Request) -> list[str]:
        """What is wrong with headers, query and body."""
        found = problems(self.headers, request.headers, "headers")
        found += problems(self.query, request.parameters, "query")
        return found + self._body_problems(request)

    def _body_problems(self, request: Request) -> list[str]:
        if self.body is None:
            return ["body: not expected"] if request.body else []
        try:
            if self.form:
                value = dict(parse_qsl(request.body.decode(), strict_parsing=True))
            else:
                value = request.json
        except ValueError:
            return [f"body: no {'form' if self.form else 'JSON'}"]
        return problems(self.body, value, "body")


class Table:
    """Shapes by method and path, for a provider whose requests are described by schemas.

    ``pages`` begin the paths that are not the API's.
    """

    def __init__(self, shapes: Sequence[Shape], pages: tuple[str, ...]) -> None:
        self._shapes = [(shape, re.compile(shape.path)) for shape in shapes]
        self._pages = pages

    def violations(self, request: Request) -> list[str] | None:
        """See ``Shapes``."""
        if request.path.startswith(self._pages):
            return None
        for shape, pattern in self._shapes:
            if shape.method == request.method and pattern.fullmatch(request.path):
                return shape.problems(request)
        return [f"{request.method} {request.path}: no such request is published"]
