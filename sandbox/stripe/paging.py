"""Lists: filters, cursors, and the list object. Newest first, 10 a page, at most 100."""

from .errors import invalid, no_such
from .state import Row, Table

DEFAULT_LIMIT, MAX_LIMIT = 10, 100
COMPARE = {
    "gt": lambda value, bound: value > bound,
    "gte": lambda value, bound: value >= bound,
    "lt": lambda value, bound: value < bound,
    "lte": lambda value, bound: value <= bound,
}
# Fields by which every list can be narrowed where its parameters know them.
RANGES = ("created", "arrival_date", "available_on")
PAGING = ("limit", "starting_after", "ending_before", "expand")


def select(table: Table, data: dict, filters: dict | None = None) -> list[Row]:
    """Rows that satisfy the parameters, newest first.

    A parameter is compared with the field of its name, unless ``filters`` knows a function
    (row, value) that says whether the row passes.
    """
    filters = filters or {}
    wanted = {name: value for name, value in data.items() if name not in PAGING}
    rows = table.rows
    for name in wanted:
        if name not in filters and table.indexes(name):
            rows = table.linked(name, wanted.pop(name))
            break
    rows = rows[::-1]
    for name, value in wanted.items():
        if name in RANGES:
            rows = [row for row in rows if within(row.doc[name], value)]
        elif name in filters:
            rows = [row for row in rows if filters[name](row, value)]
        else:
            rows = [row for row in rows if row.doc.get(name) == value]
    return rows


def within(value: int, bounds) -> bool:
    """Whether a time is the one asked for, or in the interval."""
    if not isinstance(bounds, dict):
        return value == bounds
    return all(COMPARE[operator](value, bound) for operator, bound in bounds.items())


def window(rows: list[Row], data: dict, kind: str) -> tuple[list[Row], bool]:
    """The page at the cursor, and whether there are more in that direction."""
    limit = data.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid(f"The limit is between 1 and {MAX_LIMIT}.", "limit")
    if "starting_after" in data and "ending_before" in data:
        message = "You may only specify one of these parameters: starting_after, ending_before."
        raise invalid(message, "ending_before")
    if "ending_before" in data:
        end = position(rows, data["ending_before"], "ending_before", kind)
        start = max(0, end - limit)
        return rows[start:end], start > 0
    start = 0
    if "starting_after" in data:
        start = position(rows, data["starting_after"], "starting_after", kind) + 1
    return rows[start : start + limit], start + limit < len(rows)


def position(rows: list[Row], identity: str, param: str, kind: str) -> int:
    """Where the row of a cursor is; ApiError 400 when it is not in the list."""
    for place, row in enumerate(rows):
        if row.id == identity:
            return place
    raise no_such(kind, identity, param)


def page(url: str, table: Table, data: dict, filters: dict | None = None) -> dict:
    """The list object for a request to ``url``."""
    rows, more = window(select(table, data, filters), data, table.name)
    return {"object": "list", "data": [row.doc for row in rows], "has_more": more, "url": url}
