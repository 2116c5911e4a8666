"""What a client's past says about the next debit, as plain numbers, without the ORM.

Amounts are integer cents, days are dates. Only what the client answers for counts: a debit that
failed for a reason of ours, or for one that nobody knows, says nothing about him.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import NamedTuple

# Categories of the reason catalogue, by what they say about the client.
FUNDS = frozenset({"funds"})
REFUSED = frozenset({"contact", "dispute"})
ACCOUNT = frozenset({"hard", "stop"})
CLIENT_REASONS = FUNDS | REFUSED | ACCOUNT
COLLECTED = ""

RECENT_DAYS = 180
YEAR_DAYS = 365
# Behind this the past says nothing any more; a personal fact that is not needed is not read.
WINDOW_DAYS = 720
MONTH_DAYS = 30.4


class Attempt(NamedTuple):
    """One debit whose outcome is known."""

    day: date
    amount: int
    category: str = COLLECTED  # of the reason; empty when the money came and stayed


class Due(NamedTuple):
    """One amount owed: paid on a day, or not; `failed` when it was tried and is owed still."""

    due: date
    amount: int
    paid_on: date | None = None
    failed: bool = False


@dataclass(frozen=True)
class History:
    """What the scorecard looks at. None means: nothing is known about it."""

    decided: int = 0  # debits with an outcome that counts, in the window
    funds_recent: int = 0  # failures for lack of funds, last 180 days
    funds_older: int = 0  # the same, before
    refused: int = 0  # refused or disputed by the client
    account: int = 0  # account or mandate unusable, on the mandate in use
    streak: int | None = None  # debits collected since the last failure
    days_late: float | None = None  # from due to paid, average of the last 365 days
    unpaid: int = 0  # tried, and owed still
    amount_ratio: float | None = None  # next amount by the usual one
    client_months: float | None = None
    mandate_months: float | None = None


def summarise(
    attempts: Iterable[Attempt],
    dues: Iterable[Due],
    on: date,
    client_since: date | None = None,
    mandate_since: date | None = None,
) -> History:
    """Turn a client's past into the numbers that the scorecard looks at.

    :param attempts: debits with a known outcome, in any order; those outside of the window and
        those that failed for a reason of ours are left out here.
    :param dues: installments of the window, and those to come.
    :param on: the day of the score; nothing after it counts as past.
    :param client_since: first contract, mandate or due date, where known.
    :param mandate_since: when the mandate in use was signed.
    """
    counted = [
        attempt
        for attempt in attempts
        if 0 <= (on - attempt.day).days <= WINDOW_DAYS and _counts(attempt, mandate_since)
    ]
    # Of one day, what failed comes last.
    counted.sort(key=lambda attempt: (attempt.day, attempt.category))
    dues = list(dues)
    return History(
        decided=len(counted),
        streak=_streak(counted),
        **_failures(counted, on),
        days_late=_days_late(dues, on),
        unpaid=sum(due.failed and due.due <= on for due in dues),
        amount_ratio=_amount_ratio(dues, on),
        client_months=_months(client_since, on),
        mandate_months=_months(mandate_since, on),
    )


def _counts(attempt: Attempt, mandate_since: date | None) -> bool:
    """Tell whether a debit says something about the next one."""
    if attempt.category in ACCOUNT:
        # A mandate signed since then has another account behind it.
        return not mandate_since or attempt.day >= mandate_since
    return attempt.category == COLLECTED or attempt.category in CLIENT_REASONS


def _failures(counted: list[Attempt], on: date) -> dict[str, int]:
    """Count failures by reason and age."""
    recent = older = refused = account = 0
    for day, _amount, category in counted:
        age = (on - day).days
        refused += category in REFUSED
        account += category in ACCOUNT
        if category in FUNDS:
            recent += age <= RECENT_DAYS
            older += age > RECENT_DAYS
    return {
        "funds_recent": recent,
        "funds_older": older,
        "refused": refused,
        "account": account,
    }


def _streak(counted: list[Attempt]) -> int | None:
    """Count what was collected since the last failure."""
    if not counted:
        return None
    streak = 0
    for attempt in reversed(counted):
        if attempt.category != COLLECTED:
            return streak
        streak += 1
    return streak


def _days_late(dues: list[Due], on: date) -> float | None:
    late = [
        max((due.paid_on - due.due).days, 0)
        for due in dues
        if due.paid_on and due.paid_on <= on and (on - due.due).days <= YEAR_DAYS
    ]
    return sum(late) / len(late) if late else None


def _amount_ratio(dues: list[Due], on: date) -> float | None:
    """Compare the next amount, due already or not, with the median of what was paid in a year."""
    coming = [due for due in dues if not due.paid_on and not due.failed]
    paid = [
        due.amount for due in dues if due.paid_on and due.paid_on <= on and _in_year(due.due, on)
    ]
    usual = median_low(paid) if paid else 0
    return min(coming, key=_due_day).amount / usual if coming and usual else None


def _due_day(due: Due) -> date:
    return due.due


def _in_year(day: date, on: date) -> bool:
    return 0 <= (on - day).days <= YEAR_DAYS


def _months(since: date | None, on: date) -> float | None:
    return max((on - since).days, 0) / MONTH_DAYS if since else None
