"""What was known about a payer on the evening before each debit, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from bench.payers.generator import START, Payer, add_months, known_attempts, known_dues
from bench.payers.pure.history import CLIENT_REASONS, COLLECTED, History, summarise

# The first half year has no past to look at; the last year is never shown to the fit.
TRAIN_FROM = add_months(START, 6, 1)
HOLDOUT_FROM = add_months(START, 24, 1)


class Sample(NamedTuple):
    """One debit to forecast."""

    day: date
    history: History
    failed: bool  # for a reason of the client's
    truth: float  # the probability that the generator drew with
    first: bool  # not a retry
    last_failed: bool | None  # whether the debit before failed; None when there was none
    kind: str


def samples(people: Iterable[Payer], since: date = TRAIN_FROM) -> list[Sample]:
    """Tell what was known before each debit from a day on.

    A debit that failed for a reason of ours forecasts nothing and is left out.
    """
    return [
        _sample(payer, debit)
        for payer in people
        for debit in payer.debits
        if debit.attempt.day >= since and debit.attempt.category in (COLLECTED, *CLIENT_REASONS)
    ]


def _sample(payer, debit):
    evening = debit.attempt.day - timedelta(days=1)
    past = list(known_attempts(payer, evening))
    history = summarise(
        past,
        known_dues(payer, evening),
        evening,
        client_since=payer.since,
        mandate_since=max(day for day in payer.mandates if day <= evening),
    )
    return Sample(
        debit.attempt.day,
        history,
        debit.attempt.category != COLLECTED,
        debit.probability,
        debit.first,
        past[-1].category in CLIENT_REASONS if past else None,
        payer.kind,
    )


def split(everything: Iterable[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Cut by time: what the fit may see, and what it is judged by."""
    training, holdout = [], []
    for sample in everything:
        (training if sample.day < HOLDOUT_FROM else holdout).append(sample)
    return training, holdout
