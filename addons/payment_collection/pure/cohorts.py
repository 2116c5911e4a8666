"""The cohort table: what became of the clients whose first debit fell into the same month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True)
class Cell:
    """One cohort in one month of its life."""

    months: int
    paying: int
    share: float
    collected: float
    rate: float | None


def months_between(first: date, last: date) -> int:
    """Return how many calendar months `last` is after `first`; negative when before."""
    return (last.year - first.year) * 12 + last.month - first.month


def table(
    sizes: Mapping[date, int],
    facts: Iterable[tuple[date, int, int, float, float | None]],
    today: date,
    columns: int,
) -> list[dict]:
    """Return the cohorts, the oldest first, each with one cell for every month that has begun.

    :param sizes: {first day of the cohort's month: clients}.
    :param facts: (cohort, months since, clients who paid, amount collected, collection rate or
        None where nothing is decided); what is missing is a month in which nobody paid.
    :param today: months that begin later have no cell.
    :param columns: the most months to show, the first one included.
    :raise ValueError: more clients paid than the cohort has.
    """
    known = {
        (cohort, months): (paying, amount, rate) for cohort, months, paying, amount, rate in facts
    }
    rows = []
    for cohort, size in sorted(sizes.items()):
        begun = min(months_between(cohort, today) + 1, columns)
        cells = []
        for months in range(begun):
            paying, amount, rate = known.get((cohort, months), (0, 0.0, None))
            if paying > size:
                raise ValueError(f"{paying} of {size} clients can not have paid in {cohort}")
            cells.append(asdict(Cell(months, paying, paying / size if size else 0.0, amount, rate)))
        rows.append({"cohort": cohort.isoformat(), "size": size, "cells": cells})
    return rows


def averages(rows: Iterable[dict], columns: int) -> list[float | None]:
    """Return the share of clients who paid, month by month, over all cohorts that old.

    Weighted by their sizes: as many clients as there are, not as many cohorts.
    """
    rows = list(rows)
    shares = []
    for months in range(columns):
        old = [row for row in rows if len(row["cells"]) > months]
        clients = sum(row["size"] for row in old)
        paying = sum(row["cells"][months]["paying"] for row in old)
        shares.append(paying / clients if clients else None)
    return shares
