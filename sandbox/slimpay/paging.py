"""Collections: filters, pages and their links."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .dates import normal
from .entry import QUERY, TEMPLATES, link
from .errors import bad_query
from .http import Call
from .state import Row

# Of partial embedded resources only this is left.
PARTIAL = ("id", "reference", "state", "executionStatus")


@dataclass(frozen=True, slots=True)
class Listing:
    """How a collection is searched.

    ``equal``: how each filter reads its value from a row; ``dates``: the same for filters that end
    in Before and After; ``allowed``: the values of filters that have few.
    """

    relation: str
    name: str
    view: Callable[[Call, Row], dict]
    equal: dict[str, Callable[[Row], object]] = field(default_factory=dict)
    dates: dict[str, Callable[[Row], object]] = field(default_factory=dict)
    allowed: dict[str, tuple] = field(default_factory=dict)

    def answer(self, call: Call, rows: Iterable[Row]) -> dict:
        """The page of ``rows`` that the query asks for."""
        for name, values in self.allowed.items():
            if call.strict and call.query.get(name, values[0]) not in values:
                raise bad_query(f"invalid query parameter {name}")
        rows = self._select(call, rows)
        page = collection(call, rows, self.name, lambda row: self.view(call, row))
        path = QUERY.sub("", TEMPLATES[self.relation])
        return with_links(call, page, path, TEMPLATES[self.relation], len(rows))

    def _select(self, call: Call, rows: Iterable[Row]) -> list[Row]:
        found, inclusive = list(rows), call.engine.settings.inclusive_dates
        for name, read in self.equal.items():
            if (wanted := call.query.get(name)) is not None:
                found = [row for row in found if read(row) == wanted]
        for name, read in self.dates.items():
            if bound := date_bound(call, f"{name}After"):
                found = [row for row in found if within(bound, read(row), inclusive)]
            if bound := date_bound(call, f"{name}Before"):
                found = [row for row in found if within(read(row), bound, inclusive)]
        return found


def within(low: object, high: object, inclusive: bool) -> bool:
    """Whether one date (missing: no) is before the other."""
    if low is None or high is None:
        return False
    return low <= high if inclusive else low < high


def date_bound(call: Call, name: str) -> str | None:
    """The date of a filter, in the form of the documents; code 205 when it is none."""
    if (value := call.query.get(name)) is None:
        return None
    try:
        # An unescaped plus sign arrives as a blank.
        return normal(value.replace(" ", "+"))
    except ValueError as error:
        raise bad_query(f"invalid query parameter {name}") from error


def window(call: Call) -> tuple[int, int]:
    """Number (from 0) and size of the page."""
    settings, query = call.engine.settings, call.query
    number, size = query.get("page", "0"), query.get("size", str(settings.page_size))
    if not (number.isdigit() and size.isdigit() and int(size)):
        raise bad_query("invalid query parameters page and/or size")
    return int(number), min(int(size), settings.max_page_size)


def collection(call: Call, rows: list[Row], name: str, view: Callable[[Row], dict]) -> dict:
    """The embedded documents of the page and its counts; nothing embedded when it is empty."""
    settings = call.engine.settings
    number, size = window(call)
    shown = [view(row) for row in rows[number * size : (number + 1) * size]]
    if settings.partial_embedded:
        shown = [
            {
                "_links": {"self": item["_links"]["self"]},
                **{key: item[key] for key in PARTIAL if key in item},
            }
            for item in shown
        ]
    page: dict = {}
    if shown:
        alone = settings.single_object and len(shown) == 1
        page["_embedded"] = {name: shown[0] if alone else shown}
    if call.query.get("withPageMetadata") != "false":
        total = len(rows)
        pages = -(-total // size)
        page["page"] = {
            "size": size,
            "totalElements": total,
            "totalPages": pages,
            "number": number,
        }
    return page


def with_links(call: Call, page: dict, path: str, template: str, total: int) -> dict:
    """``page`` with first, self, next and search; next only while there is more."""
    number, size = window(call)

    def at(position: int) -> dict:
        query = call.query | {"page": str(position), "size": str(size)}
        return link(f"{call.views.base}{path}?{urlencode(query)}")

    links = {"first": at(0), "self": at(number)}
    if (number + 1) * size < total:
        links["next"] = at(number if call.engine.settings.next_is_self else number + 1)
    links["search"] = link(call.views.base + template)
    return {"_links": links, **page}
