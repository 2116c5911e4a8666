"""Payer score: how well it tells failures before they happen, on payers with a known truth."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bench.payers import generator, metrics
from bench.payers.pure.payday import best_day
from bench.payers.pure.score import score
from bench.payers.samples import HOLDOUT_FROM, Sample, samples, split
from bench.score_fit import COUNT, SEED

FRESH_SEED = SEED + 1
LAST_DAY = generator.add_months(generator.START, generator.MONTHS, 1) - timedelta(days=1)


class Row(NamedTuple):
    """One forecast, judged."""

    name: str
    auc: float
    brier: float
    log_loss: float
    calibration_error: float


def forecasts_of(training: Sequence[Sample], holdout: Sequence[Sample]) -> dict[str, list[float]]:
    """Forecast the holdout: by the score, by two simple ways, and by the truth itself."""
    rate = _rate(training)
    by_last = {
        last: _rate([s for s in training if s.last_failed is last]) for last in (None, False, True)
    }
    return {
        "constant rate": [rate] * len(holdout),
        "last result only": [by_last[s.last_failed] for s in holdout],
        "payer score": [score(s.history).probability for s in holdout],
        "the truth (ceiling)": [s.truth for s in holdout],
    }


def _rate(some: Sequence[Sample]) -> float:
    return sum(s.failed for s in some) / len(some)


def judge(name: str, forecasts: Sequence[float], holdout: Sequence[Sample]) -> Row:
    """Measure one forecast of the holdout."""
    failed = [s.failed for s in holdout]
    # Certainties would cost an infinite surprise.
    bounded = [min(max(p, 1e-6), 1 - 1e-6) for p in forecasts]
    table = metrics.calibration(forecasts, failed, [s.truth for s in holdout])
    return Row(
        name,
        metrics.auc(forecasts, failed),
        metrics.brier(forecasts, failed),
        metrics.log_loss(bounded, failed),
        metrics.calibration_error(table),
    )


def report_forecasts(title: str, training: Sequence[Sample], holdout: Sequence[Sample]) -> None:
    """Print the table of all forecasts on one set of debits."""
    failed = sum(s.failed for s in holdout)
    print(f"\n{title}: {len(holdout)} debits, {failed} failed ({failed / len(holdout):.1%})\n")
    print("| forecast | AUC | Brier | log loss | calibration error |\n|---|---|---|---|---|")
    for name, forecasts in forecasts_of(training, holdout).items():
        row = judge(name, forecasts, holdout)
        print(
            f"| {name} | {row.auc:.3f} | {row.brier:.4f} | {row.log_loss:.4f} |"
            f" {row.calibration_error:.4f} |"
        )


def report_calibration(holdout: Sequence[Sample]) -> None:
    """Print forecast and observation by tenths, and by grades."""
    scores = [score(s.history) for s in holdout]
    failed = [s.failed for s in holdout]
    table = metrics.calibration([s.probability for s in scores], failed, [s.truth for s in holdout])
    print("\n| tenth | debits | forecast | failed | truth |\n|---|---|---|---|---|")
    for number, row in enumerate(table, 1):
        print(
            f"| {number} | {row.count} | {row.forecast:.2%} | {row.observed:.2%} |"
            f" {row.truth:.2%} |"
        )
    print("\n| grade | debits | forecast | failed |\n|---|---|---|---|")
    for grade in "ABCDE":
        share = [
            (s.probability, bad) for s, bad in zip(scores, failed, strict=True) if s.grade == grade
        ]
        if share:
            forecast, observed = (sum(column) / len(share) for column in zip(*share, strict=True))
            print(f"| {grade} | {len(share)} | {forecast:.2%} | {observed:.2%} |")


class Choice(NamedTuple):
    """What the choice of the day is worth."""

    asked: int  # payers who failed for lack of funds before
    answered: int
    before: float  # share of their months short of money on the day in use
    after: float  # the same, on the day chosen


def judge_days(people: Sequence[generator.Payer], on: date = HOLDOUT_FROM) -> Choice:
    """Compare the true risk of the day in use with that of the day chosen.

    The risk is that of a debit of the usual amount in the twelve months to come.
    """
    asked, risks = 0, []
    for payer in people:
        past = list(generator.known_attempts(payer, on))
        if sum(attempt.category == "funds" for attempt in past) < 2:
            continue
        asked += 1
        if day := best_day(past, on):
            risks.append((_risk(payer, payer.debit_day, on), _risk(payer, day, on)))
    if not risks:
        return Choice(asked, 0, 0.0, 0.0)
    before, after = (sum(column) / len(risks) for column in zip(*risks, strict=True))
    return Choice(asked, len(risks), before, after)


def _risk(payer: generator.Payer, day: int, on: date) -> float:
    days = [generator.add_months(on, month, day) for month in range(12)]
    return sum(generator.shortage(payer, d, payer.usual, 0) for d in days) / len(days)


def report_days(people: Sequence[generator.Payer]) -> None:
    """Print what the choice of the day is worth, to all and to those short before payday."""
    print("\n| payers | short twice or more | another day | risk before | risk after |")
    print("|---|---|---|---|---|")
    for name, some in {"all": people, "tight": [p for p in people if p.kind == "tight"]}.items():
        choice = judge_days(some)
        print(
            f"| {name} | {choice.asked} | {choice.answered} | {choice.before:.1%} |"
            f" {choice.after:.1%} |"
        )


def main() -> None:
    """Generate, forecast, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--fresh-seed", type=int, default=FRESH_SEED)
    arguments = parser.parse_args()
    begin = time.perf_counter()
    people = generator.payers(arguments.clients, arguments.seed)
    training, holdout = split(samples(people))
    print(
        f"{arguments.clients} payers, seed {arguments.seed};"
        f" the fit saw debits before {HOLDOUT_FROM}, judged are those from then to {LAST_DAY}"
    )
    report_forecasts("The year after", training, holdout)
    report_forecasts("... first debits only", training, [s for s in holdout if s.first])
    strangers = generator.payers(arguments.clients, arguments.fresh_seed)
    _, fresh = split(samples(strangers))
    report_forecasts(f"Payers never seen (seed {arguments.fresh_seed})", training, fresh)
    report_calibration(fresh)
    report_days(strangers)
    began = time.perf_counter()
    for sample in holdout:
        score(sample.history)
    speed = len(holdout) / (time.perf_counter() - began)
    print(f"\n{speed:.0f} scores/s from ready histories; all of this took {began - begin:.0f} s")


if __name__ == "__main__":
    main()
