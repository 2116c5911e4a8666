"""Payers with a known truth: who they are, what they earn, when they fail, and why.

Nothing here knows the scorecard: a debit fails by what goes on in the payer's life (money short
before payday, a bad patch that lasts, an account that is closed, an order that is regretted), with
a probability that is kept beside the outcome. It is what a score can be judged by.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import exp

from bench.payers.pure.history import Attempt, Due

START = date(2023, 1, 1)
MONTHS = 36
NEWS_DAYS = 3  # until an outcome is known
DISPUTE_DAYS = 35  # until a refund asked by the payer is known
RETRY_DAYS = (8, 12)
TROUBLE_DAYS = (60, 200)
MEAN_TROUBLE_DAYS = 130
CLOSED_AGAIN_DAYS = 45  # until a new mandate replaces a closed account

# Month of the year: after the holidays and at the start of school, money is short.
SEASON = {1: 0.6, 2: 0.2, 8: 0.2, 9: 0.6, 10: 0.1, 12: 0.3}


@dataclass(frozen=True)
class Kind:
    """A sort of payer. Logits are those of a debit of the usual amount on a good day."""

    share: float
    funds: float  # logit of being short
    before_payday: float  # added to it in the last third of the month between paydays
    by_amount: float  # added to it for each doubling of the usual amount
    trouble: float  # chance each month that a bad patch begins
    trouble_depth: float  # added to the logit during one
    refusal: float  # chance of each debit to be refused or disputed
    leaving: float  # chance each month that the account is closed


KINDS = {
    "solid": Kind(0.69, -6.2, 0.4, 0.5, 0.002, 2.5, 0.0008, 0.002),
    "tight": Kind(0.17, -4.2, 2.0, 1.4, 0.020, 1.8, 0.0020, 0.004),
    "fragile": Kind(0.06, -3.0, 0.8, 1.0, 0.070, 2.8, 0.0040, 0.010),
    "seasonal": Kind(0.05, -4.0, 0.3, 0.9, 0.010, 1.5, 0.0020, 0.004),
    "contentious": Kind(0.03, -4.6, 0.3, 0.6, 0.010, 1.5, 0.0500, 0.015),
}
SEASON_WEIGHT = {"seasonal": 3.0}


@dataclass
class Debit:
    """One debit of the generated past, with its truth."""

    attempt: Attempt
    known_on: date
    probability: float  # of any failure, as the generator drew it
    first: bool  # not a retry


@dataclass
class Payer:
    """One generated client."""

    kind: str
    payday: int
    debit_day: int
    since: date
    usual: int
    debits: list[Debit] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    last_failed: dict[int, date] = field(default_factory=dict)  # due number: first known failure
    mandates: list[date] = field(default_factory=list)
    trouble_until: date = date.min
    closed_until: date = date.min
    carelessness: float = 0.0


def payers(count: int, seed: int, months: int = MONTHS) -> list[Payer]:
    """Generate clients and all their debits.

    :param count: how many clients.
    :param seed: the same seed gives the same clients.
    :param months: how long the story is.
    """
    rng = random.Random(seed)
    return [_live(_born(rng, months), rng, months) for _ in range(count)]


def _born(rng: random.Random, months: int) -> Payer:
    kind = rng.choices(list(KINDS), [kind.share for kind in KINDS.values()])[0]
    # A third is there from the beginning, the others come along the way.
    begin = 0 if rng.random() < 0.35 else rng.randrange(months)
    since = add_months(START, begin, rng.randint(1, 28))
    payday = rng.choice((1, 2, 5, 10, 25, 28, 28, 30))
    payer = Payer(kind, payday, rng.choice((5, 5, 5, 10, 15, 20, 28)), since, 0)
    payer.usual = int(rng.lognormvariate(4.2, 0.6) * 100)
    payer.mandates.append(since)
    payer.carelessness = rng.gauss(0, 0.5)
    # A bad patch may have begun before the first debit.
    if rng.random() < KINDS[kind].trouble * MEAN_TROUBLE_DAYS / 30:
        payer.trouble_until = since + timedelta(days=rng.randint(0, TROUBLE_DAYS[1]))
    return payer


def _live(payer: Payer, rng: random.Random, months: int) -> Payer:
    kind = KINDS[payer.kind]
    number = 0
    for month in range(months):
        due = add_months(START, month, payer.debit_day)
        if due <= payer.since + timedelta(days=14):
            continue
        if due > payer.trouble_until and rng.random() < kind.trouble:
            payer.trouble_until = due + timedelta(days=rng.randint(*TROUBLE_DAYS))
        if due > payer.closed_until and rng.random() < kind.leaving:
            payer.closed_until = due + timedelta(days=rng.randint(20, CLOSED_AGAIN_DAYS))
            payer.mandates.append(payer.closed_until)
        amount = _amount(payer, rng)
        _collect(payer, number, due, amount, rng)
        number += 1
    return payer


def _amount(payer: Payer, rng: random.Random) -> int:
    """Most installments are alike; some are a catch-up, a year at once, a small balance."""
    factor = rng.choices((1.0, 1.4, 2.0, 3.5, 0.5), (86, 5, 4, 3, 2))[0]
    return int(payer.usual * factor)


def _collect(payer: Payer, number: int, due: date, amount: int, rng: random.Random) -> None:
    """Debit an amount owed: once, and up to twice again after a failure."""
    day, paid_on = due, None
    for attempt in range(3):
        # Banks are closed two days in seven.
        day += timedelta(days=rng.choice((0, 0, 0, 0, 1, 1, 2)))
        category, probability = _outcome(payer, day, amount, attempt, rng)
        wait = DISPUTE_DAYS if category == "dispute" else NEWS_DAYS
        payer.debits.append(
            Debit(
                Attempt(day, amount, category),
                day + timedelta(days=wait),
                probability,
                not attempt,
            )
        )
        if not category:
            paid_on = day
            break
        payer.last_failed.setdefault(number, day + timedelta(days=wait))
        if category == "dispute":
            break
        day += timedelta(days=rng.randint(*RETRY_DAYS) + (30 if category == "hard" else 0))
    if not paid_on and rng.random() < 0.7:  # by transfer, after a talk
        paid_on = day + timedelta(days=rng.randint(10, 60))
    payer.dues.append(Due(due, amount, paid_on))


def _outcome(
    payer: Payer, day: date, amount: int, attempt: int, rng: random.Random
) -> tuple[str, float]:
    """Draw what becomes of a debit, and tell how likely its failure was."""
    kind = KINDS[payer.kind]
    # Who regrets an order does so in its first months.
    regret = 4 if (day - payer.since).days < 100 else 1
    chances = {
        "hard": 1.0 if day <= payer.closed_until else _beginner(payer, day),
        "dispute": kind.refusal * regret / 2,
        "contact": kind.refusal * regret / 2,
        "funds": shortage(payer, day, amount, attempt),
        # Nobody's fault, or ours; a score can not see it coming.
        "technical": 0.001,
    }
    passing, category = 1.0, ""
    for reason, chance in chances.items():
        if not category and rng.random() < chance:
            category = reason
        if reason != "technical":
            passing *= 1 - chance
    return category, 1 - passing


def shortage(payer: Payer, day: date, amount: int, attempt: int) -> float:
    """Return the probability that the money is not there on a day.

    :param attempt: 0 for the first debit of an amount owed, then 1 and 2.
    """
    kind = KINDS[payer.kind]
    logit = kind.funds + payer.carelessness
    logit += kind.before_payday if (day.day - payer.payday) % 30 >= 20 else 0
    logit += kind.by_amount * (amount / payer.usual - 1)
    logit += kind.trouble_depth if day <= payer.trouble_until else 0
    logit += SEASON.get(day.month, 0) * SEASON_WEIGHT.get(payer.kind, 1)
    logit += 1.2 if attempt else 0  # what was missing once is often still missing
    return 1 / (1 + exp(-logit))


def _beginner(payer: Payer, day: date) -> float:
    """A new mandate's account may be mistyped or of a kind that can not be debited."""
    signed = max(signed for signed in payer.mandates if signed <= day)
    return 0.015 if (day - signed).days < 45 else 0.0005


def add_months(day: date, months: int, day_of_month: int) -> date:
    """Return a day of the month that is so many months after; short months end early."""
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day_of_month, last))


def known_attempts(payer: Payer, on: date) -> Iterator[Attempt]:
    """Tell the debits as they were known on a day; a dispute to come looks like money."""
    for debit in payer.debits:
        if debit.known_on <= on:
            yield debit.attempt
        elif debit.attempt.day + timedelta(days=NEWS_DAYS) <= on:
            yield debit.attempt._replace(category="")


def known_dues(payer: Payer, on: date) -> Iterator[Due]:
    """Tell the installments as they were known on a day."""
    for number, due in enumerate(payer.dues):
        if due.paid_on and due.paid_on <= on:
            yield due
        else:
            failed_on = payer.last_failed.get(number)
            yield due._replace(paid_on=None, failed=bool(failed_on and failed_on <= on))
