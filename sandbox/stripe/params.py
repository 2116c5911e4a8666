"""Checks of request parameters, derived from the typed parameters that the library publishes.

What a request may say thus comes from Stripe's own description of the API, not from our client.
"""

import re
import types
import typing
from decimal import Decimal
from functools import cache
from importlib import import_module

import typing_extensions
from stripe._request_options import RequestOptions

from .errors import ApiError, invalid, missing, unknown

INTEGER = re.compile(r"^-?\d{1,18}$")
DECIMAL = re.compile(r"^-?\d+(\.\d+)?$")
UNIONS = (typing.Union, types.UnionType)
QUALIFIERS = (typing_extensions.NotRequired, typing_extensions.Required)
LITERALS = (typing.Literal, typing_extensions.Literal)
GONE = "payment_method_types"


class Schema:
    """Fields of a TypedDict: allowed types by name, and which of them are required."""

    def __init__(self, definition: type) -> None:
        # The options of requests (key, version, ...) travel in headers.
        own = {
            name: hint
            for name, hint in definition.__annotations__.items()
            if name not in RequestOptions.__annotations__
        }
        scope = type("Own", (), {"__annotations__": own, "__module__": definition.__module__})
        hints = typing_extensions.get_type_hints(scope, include_extras=True)
        self.fields = {name: Kind(bare(hint)) for name, hint in hints.items()}
        self.required = [name for name in definition.__required_keys__ if name in self.fields]

    def read(self, value: dict, path: str = "") -> dict:
        """``value`` with its texts converted; ApiError for what the definition does not allow."""
        for name in value:
            if name not in self.fields:
                raise refusal(join(path, name))
        for name in sorted(self.required):
            if name not in value:
                raise missing(join(path, name))
        return {
            name: self.fields[name].read(item, join(path, name)) for name, item in value.items()
        }


class Kind:
    """The alternatives of one field, sorted by what they accept."""

    def __init__(self, hint) -> None:
        self.literals: list[str] = []
        self.scalars: set[type] = set()
        self.schemas: list[type] = []
        self.item: Kind | None = None
        self.free = False
        for option in options(hint):
            self._learn(option)
        self.emptyable = "" in self.literals
        self.literals = [literal for literal in self.literals if literal != ""]

    def _learn(self, option) -> None:
        origin = typing.get_origin(option)
        if origin in LITERALS:
            self.literals += typing.get_args(option)
        elif origin is list:
            self.item = Kind(typing.get_args(option)[0])
        elif typing_extensions.is_typeddict(option):
            self.schemas.append(option)
        elif option in (str, int, bool):
            self.scalars.add(option)
        elif option in (float, Decimal):
            self.scalars.add(Decimal)
        elif option is typing.Any or origin is not None:
            # Dict[str, ...], such as metadata: checked where it is used.
            self.free = True
        else:
            raise TypeError(f"{option!r} is a type of parameter that is not understood")

    def read(self, value, path: str):
        """The value converted to one of the alternatives."""
        if value == "":
            return self._empty(path)
        if isinstance(value, dict):
            return self._nested(value, path)
        if value in self.literals:
            return value
        return self._scalar(value, path)

    def _empty(self, path: str):
        if self.emptyable:
            return ""
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{path}' cannot be unset."
        )
        raise invalid(message, path, "parameter_invalid_empty")

    def _nested(self, value: dict, path: str):
        if self.item and all(name.isdigit() for name in value):
            return [
                self.item.read(value[name], f"{path}[{name}]") for name in sorted(value, key=int)
            ]
        if self.schemas:
            return schema_of(self.schemas[0]).read(value, path)
        if self.free:
            return value
        expected = "string" if self.scalars else "array" if self.item else "object"
        raise invalid(f"Invalid {expected}: {path}", path)

    def _scalar(self, value: str, path: str):
        if int in self.scalars and INTEGER.match(value):
            return int(value)
        if bool in self.scalars and value in ("true", "false"):
            return value == "true"
        if Decimal in self.scalars and DECIMAL.match(value):
            return Decimal(value)
        # The library types enumerations as "one of these or any text"; the API does not.
        if str in self.scalars and not self.literals:
            return value
        raise self._mismatch(value, path)

    def _mismatch(self, value: str, path: str) -> ApiError:
        if self.literals:
            return invalid(f"Invalid {path}: must be one of {', '.join(self.literals)}", path)
        if int in self.scalars:
            return invalid(f"Invalid integer: {value}", path, "parameter_invalid_integer")
        if bool in self.scalars:
            return invalid(f"Invalid boolean: {value}", path)
        return invalid(f"Invalid {'array' if self.item else 'object'}", path)


def refusal(path: str) -> ApiError:
    """Why a parameter is not known."""
    if path == GONE:
        message = (
            "payment_method_types is no longer supported. Use allowed_payment_method_types instead."
        )
        return invalid(message, path, "payment_method_types_no_longer_supported")
    return unknown(path)


def join(path: str, name: str) -> str:
    """How Stripe writes the name of a nested parameter."""
    return f"{path}[{name}]" if path else name


def bare(hint):
    """The type inside NotRequired or Required."""
    while typing.get_origin(hint) in QUALIFIERS:
        hint = typing.get_args(hint)[0]
    return hint


def options(hint) -> list:
    """The alternatives of a union, or the only one."""
    if typing.get_origin(hint) in UNIONS:
        return [inner for option in typing.get_args(hint) for inner in options(option)]
    return [hint]


@cache
def schema_of(definition: type) -> Schema:
    """The schema of a TypedDict, read once."""
    return Schema(definition)


@cache
def named(name: str) -> Schema:
    """The schema of ``PaymentIntentCreateParams`` or ``checkout.SessionCreateParams``."""
    package, _dot, definition = name.rpartition(".")
    module = import_module(f"stripe.params.{package}" if package else "stripe.params")
    return schema_of(getattr(module, definition))
