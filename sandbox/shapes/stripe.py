"""What Stripe takes: the typed parameters that its own library publishes (`stripe.params`).

The names of operations and parameters are thus those of the pinned release of the library, whose
version of the API is the one that a request must name.
"""

import re

from stripe._api_version import _ApiVersion

from sandbox.stripe import checks, forms
from sandbox.stripe.errors import ApiError
from sandbox.stripe.http import FORM, Operation
from sandbox.stripe.params import named
from sandbox.stripe.routes import OPERATIONS
from sandbox.stripe.sessions import PAGE

from .requests import Request
from .schema import problems, text

ID = r"[A-Za-z]{2,9}_[0-9A-Za-z_]+"
HEADERS = {
    "type": "object",
    "required": ["authorization", "stripe-version"],
    "properties": {
        "authorization": {"type": "string", "pattern": r"^Bearer [sr]k_(test|live)_\w+$"},
        "stripe-version": {"type": "string", "const": _ApiVersion.CURRENT},
    },
}
WRITES = {
    **HEADERS,
    "required": [*HEADERS["required"], "idempotency-key", "content-type"],
    "properties": {
        **HEADERS["properties"],
        "idempotency-key": text(255),
        "content-type": {"type": "string", "pattern": f"^{FORM}"},
    },
}


class LibraryShapes:
    """Judges requests by the TypedDict of their operation."""

    def __init__(self, operations: list[Operation]) -> None:
        self._operations = [
            (operation, re.compile(operation.path.replace("{identity}", ID)))
            for operation in operations
        ]

    def violations(self, request: Request) -> list[str] | None:
        """See ``Shapes``."""
        if request.path.startswith(PAGE):
            return None
        for operation, pattern in self._operations:
            if operation.method == request.method and pattern.fullmatch(request.path):
                headers = WRITES if request.method == "POST" else HEADERS
                found = problems(headers, request.headers, "headers")
                return found + parameter_problems(operation, request)
        return [f"{request.method} {request.path}: no such request is published"]


def parameter_problems(operation: Operation, request: Request) -> list[str]:
    """What is wrong with the parameters: the first thing that is."""
    if request.method == "POST" and request.query:
        return ["query: the parameters of a POST are its body"]
    if request.method != "POST" and request.body:
        return ["body: not expected"]
    sent = request.body.decode("utf-8", "replace") if request.method == "POST" else request.query
    try:
        data = named(operation.params).read(forms.parse(sent))
        # What the documents say and the types can not.
        checks.merged_metadata({}, data.get("metadata") or {})
        checks.statement_descriptor(data.get("statement_descriptor"))
    except ApiError as error:
        return [f"{error.more.get('param') or 'body'}: {error.message}"]
    return []


SHAPES = LibraryShapes(OPERATIONS)
