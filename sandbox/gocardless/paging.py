"""Lists: filters, order, cursors. Newest first, 50 a page, at most 500."""

import re
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import takewhile

from sandbox.core.clock import iso

from .errors import invalid_usage, validation_failed
from .state import Row, Table

DEFAULT_LIMIT, MAX_LIMIT = 50, 500
RANGE = re.compile(r"^(created_at|charge_date)\[(gt|gte|lt|lte)\]$")
COMPARE: dict[str, Callable] = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
PAGING = ("after", "before", "limit")


def bad_filter(message: str):
    """400: the query string is not one that this list knows."""
    return invalid_usage(400, "invalid_filters", message)


def moment(value: str) -> str:
    """A timestamp of a filter in the form in which documents hold it."""
    try:
        parsed = datetime.fromisoformat(value.replace("Z", "+00:00").replace(" ", "+"))
    except ValueError as error:
        raise bad_filter(f"{value!r} is not a timestamp") from error
    if parsed.tzinfo:
        parsed = parsed.astimezone(timezone.utc).replace(tzinfo=None)
    return iso(parsed)


def parse_limit(query: dict) -> int:
    """The page size asked for."""
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not limit.isdigit() or not 1 <= int(limit) <= MAX_LIMIT:
        raise validation_failed([("limit", f"must be between 1 and {MAX_LIMIT}")], "")
    return int(limit)


def ranges(query: dict, allowed: tuple) -> list[tuple[str, str, str]]:
    """(field, operator, bound) of the filters such as created_at[gte]."""
    found = []
    for name, value in query.items():
        if (match := RANGE.match(name)) and match[1] in allowed:
            field, operator = match.groups()
            found.append((field, operator, moment(value) if field == "created_at" else value))
    return found


def select(table: Table, query: dict, filters: dict, dated: tuple = ("created_at",)) -> list[Row]:
    """Rows that satisfy the query, newest first.

    ``filters``: name of each equality filter with the function that reads its value from a row.
    """
    bounds = ranges(query, dated)
    known = {*PAGING, *filters, *(f"{field}[{operator}]" for field, operator, _bound in bounds)}
    if unknown := set(query) - known:
        raise bad_filter(f"unknown parameters: {', '.join(sorted(unknown))}")
    equal = {name: query[name] for name in filters if name in query}
    rows = table.rows
    for name in equal:
        if table.indexes(name):
            rows = table.linked(name, equal.pop(name))
            break
    rows = rows[::-1]
    for field, operator, bound in bounds:
        rows = within(rows, field, operator, bound)
    for name, wanted in equal.items():
        read, values = filters[name], wanted.split(",")
        rows = [row for row in rows if read(row) in values]
    return rows


def within(rows: list[Row], field: str, operator: str, bound: str) -> list[Row]:
    """Rows, newest first, whose ``field`` compares with ``bound``."""

    def matches(row: Row) -> bool:
        return COMPARE[operator](row.doc[field], bound)

    if field == "created_at" and operator.startswith("g"):
        # Documents are in order of creation: stop at the first that is too old.
        return list(takewhile(matches, rows))
    return list(filter(matches, rows))


def window(items: list, names: list[str], query: dict) -> tuple[list, dict]:
    """The page of ``items`` (called ``names``) at the cursor, and the ``meta`` block."""
    limit = parse_limit(query)
    if "after" in query and "before" in query:
        raise bad_filter("after and before exclude each other")
    start = 0
    try:
        if after := query.get("after"):
            start = names.index(after) + 1
        elif before := query.get("before"):
            end = names.index(before)
            start, limit = max(0, end - limit), min(limit, end)
    except ValueError as error:
        raise invalid_usage(400, "invalid_cursor", "The cursor is unknown") from error
    page = items[start : start + limit]
    more = start + limit < len(items)
    cursors = {
        "before": names[start] if page and start else None,
        "after": names[start + len(page) - 1] if page and more else None,
    }
    return page, {"cursors": cursors, "limit": parse_limit(query)}
