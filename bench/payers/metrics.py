"""How good a forecast of failures is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import log
from typing import NamedTuple


class Bin(NamedTuple):
    """One tenth of the debits, from the safest to the worst."""

    count: int
    forecast: float  # average probability
    observed: float  # share that failed
    truth: float  # average of the generator's own probability


def auc(forecasts: Sequence[float], failed: Sequence[bool]) -> float:
    """Return how often a debit that failed had a higher forecast than one that did not.

    Ties count for a half (Mann-Whitney). 0.5 is chance, 1 is perfect.
    """
    ranked = sorted(zip(forecasts, failed, strict=True))
    rank, sum_of_ranks = 0, 0.0
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        group = list(group)
        middle = rank + (len(group) + 1) / 2
        sum_of_ranks += middle * sum(bad for _, bad in group)
        rank += len(group)
    bad = sum(failed)
    return (sum_of_ranks - bad * (bad + 1) / 2) / (bad * (len(failed) - bad))


def brier(forecasts: Sequence[float], failed: Sequence[bool]) -> float:
    """Return the mean squared error; lower is better."""
    return sum((p - bad) ** 2 for p, bad in zip(forecasts, failed, strict=True)) / len(failed)


def log_loss(forecasts: Sequence[float], failed: Sequence[bool]) -> float:
    """Return the mean surprise, in nats; lower is better."""
    losses = (log(p if bad else 1 - p) for p, bad in zip(forecasts, failed, strict=True))
    return -sum(losses) / len(failed)


def calibration(
    forecasts: Sequence[float], failed: Sequence[bool], truths: Sequence[float], bins: int = 10
) -> list[Bin]:
    """Cut the debits, in the order of their forecasts, into bins of one size.

    :param truths: the probability of each failure as it was drawn.
    """
    # By the forecast alone: of equal ones, those that failed may not gather in one bin.
    ranked = sorted(zip(forecasts, failed, truths, strict=True), key=lambda row: row[0])
    cuts = [round(len(ranked) * number / bins) for number in range(bins + 1)]
    table = []
    for begin, end in zip(cuts, cuts[1:], strict=False):
        share = ranked[begin:end]
        averages = [sum(column) / len(share) for column in zip(*share, strict=True)]
        table.append(Bin(len(share), *averages))
    return table


def calibration_error(table: Sequence[Bin]) -> float:
    """Return the mean distance of forecast and observation (expected calibration error)."""
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.forecast - row.observed) for row in table) / total
