"""Pre-notification of SEPA debits as arithmetic: when it must leave, and what must be told anew.

Source: SDD Core rulebook (EPC016-06), pre-notification PT-04.05: the creditor tells the debtor
amount and due date at the latest 14 calendar days before the due date, unless both agreed on
another delay; the same in the B2B rulebook (EPC222-07). One schedule may announce many debits;
each stays announced until one of its terms changes. A debit that is presented again after a
return is a new collection and is announced anew, with the delay that was agreed for that.

Dates are calendar dates without a timezone, amounts integer cents.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TypeVar

from odoo.addons.payment_direct_debit.pure import target_calendar

NOTICE_DAYS = 14
# More than a quarter ahead is a typing error: schedules are announced a year ahead anyway.
MAX_NOTICE_DAYS = 90

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Terms:
    """What the debtor is told of one debit; any difference is another announcement.

    `account` is the fingerprint of the IBAN (its mask where no fingerprint is known), never the
    number itself. `due_date` is the day that is owed, not the day that it rolls to.
    """

    amount_cents: int
    currency: str
    due_date: date
    account: str
    rum: str
    creditor: str

    def fingerprint(self) -> str:
        """Return a hash of the terms: equal for equal terms only."""
        text = json.dumps(asdict(self), default=date.isoformat, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def changed(before: Terms, after: Terms) -> tuple[str, ...]:
    """Return the names of the terms that differ, in the order of `Terms`."""
    old, new = asdict(before), asdict(after)
    return tuple(name for name in old if old[name] != new[name])


def latest_notice_day(debit_date: date, notice_days: int) -> date:
    """Return the last day on which a notice of a debit may leave.

    :raise ValueError: a delay below one day.
    """
    return debit_date - timedelta(days=_checked(notice_days))


def is_in_time(sent_on: date, debit_date: date, notice_days: int) -> bool:
    """Tell whether a notice that left on a day allows a debit on another."""
    return sent_on <= latest_notice_day(debit_date, notice_days)


def first_debit_date(sent_on: date, notice_days: int) -> date:
    """Return the first day (a TARGET day) that a notice of a day allows to debit.

    :raise ValueError: a delay below one day.
    """
    return target_calendar.roll_forward(sent_on + timedelta(days=_checked(notice_days)))


def date_to_announce(due: date, earliest: date, sent_on: date, notice_days: int) -> date:
    """Return the date to tell the debtor: his due date, or the first one still possible.

    :param due: the day that is owed; rolled to the next TARGET day.
    :param earliest: the first day that the provider can still reach.
    :param sent_on: the day that the notice leaves.
    """
    return max(
        target_calendar.roll_forward(due),
        target_calendar.roll_forward(earliest),
        first_debit_date(sent_on, notice_days),
    )


def grouped(
    rows: Iterable[Row], key: Callable[[Row], Key], day: Callable[[Row], date]
) -> dict[Key, list[Row]]:
    """Return the rows of each notice, the earliest debit first.

    :param key: what makes rows share a notice (the mandate).
    :param day: the due date of a row; rows of one day keep their order.
    """
    notices: dict[Key, list[Row]] = {}
    for row in sorted(rows, key=day):
        notices.setdefault(key(row), []).append(row)
    return notices


def is_urgent(due: date, today: date, notice_days: int, ahead_days: int) -> bool:
    """Tell whether the notice of a debit should leave now, with everything else it can announce.

    :param ahead_days: how many days before the last moment a notice leaves, so that there is time
        to mend an address.
    """
    last_moment = latest_notice_day(target_calendar.roll_forward(due), notice_days)
    return last_moment - timedelta(days=ahead_days) <= today


def _checked(notice_days: int) -> int:
    if notice_days < 1:
        raise ValueError(f"a notice is sent at least one day before the debit: {notice_days}")
    return notice_days
