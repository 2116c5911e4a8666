"""What judges the payer score, and the score itself on a small sample of known payers."""

from __future__ import annotations

import pytest

from bench import score as bench
from bench import score_fit
from bench.payers import generator, metrics, samples
from bench.payers.fitting import fit
from bench.payers.pure import score_points
from bench.payers.pure.score import CHARACTERISTICS, score

CLIENTS = 700
# Neither the fit nor the figures of docs/performance.md have seen it.
SEED = 7


@pytest.fixture(scope="module")
def payers():
    return generator.payers(CLIENTS, SEED)


@pytest.fixture(scope="module")
def parts(payers):
    return samples.split(samples.samples(payers))


def test_auc_counts_the_pairs_that_are_told_apart():
    assert metrics.auc([0.1, 0.2, 0.8, 0.9], [False, False, True, True]) == 1
    assert metrics.auc([0.9, 0.8, 0.2, 0.1], [False, False, True, True]) == 0
    assert metrics.auc([0.5] * 4, [False, True, False, True]) == 0.5
    assert metrics.auc([0.1, 0.5, 0.5, 0.9], [False, False, True, True]) == pytest.approx(7 / 8)


def test_brier_and_log_loss_punish_false_certainty():
    failed = [True, False]
    assert metrics.brier([1, 0], failed) == 0
    assert metrics.brier([0, 1], failed) == 1
    assert metrics.log_loss([0.5, 0.5], failed) == pytest.approx(0.6931, abs=1e-4)


def test_calibration_compares_forecast_and_outcome_bin_by_bin():
    forecasts = [0.1] * 10 + [0.6] * 10
    failed = [True] + [False] * 9 + [True] * 8 + [False] * 2
    table = metrics.calibration(forecasts, failed, forecasts, bins=2)
    assert [(row.count, row.observed) for row in table] == [(10, 0.1), (10, 0.8)]
    assert metrics.calibration_error(table) == pytest.approx(0.1)


def test_the_same_seed_gives_the_same_payers():
    def story(seed):
        return [(p.kind, [d.attempt for d in p.debits]) for p in generator.payers(20, seed)]

    assert story(1) == story(1)
    assert story(1) != story(2)


def test_the_generators_own_probabilities_are_its_failures(parts):
    _, holdout = parts
    truth = sum(s.truth for s in holdout) / len(holdout)
    failed = sum(s.failed for s in holdout) / len(holdout)
    assert failed == pytest.approx(truth, rel=0.1)


def test_no_sample_knows_its_own_day(payers):
    for payer in payers[:50]:
        for sample in samples.samples([payer]):
            known = list(generator.known_attempts(payer, sample.day))
            assert all(attempt.day <= sample.day for attempt in known)
            assert sample.history.decided <= len(known)


def test_training_ends_before_the_holdout_begins(parts):
    training, holdout = parts
    assert max(s.day for s in training) < min(s.day for s in holdout)


def test_the_score_tells_failures_far_better_than_the_last_result(parts):
    training, holdout = parts
    rows = {
        name: bench.judge(name, forecasts, holdout)
        for name, forecasts in bench.forecasts_of(training, holdout).items()
    }
    found, simple = rows["payer score"], rows["last result only"]
    assert found.auc > 0.83
    assert found.auc > simple.auc + 0.08
    assert found.auc < rows["the truth (ceiling)"].auc
    assert found.brier < simple.brier < rows["constant rate"].brier


def test_forecasts_are_calibrated(parts):
    _, holdout = parts
    forecasts = [score(s.history).probability for s in holdout]
    failed = [s.failed for s in holdout]
    table = metrics.calibration(forecasts, failed, [s.truth for s in holdout])
    assert metrics.calibration_error(table) < 0.015
    assert sum(forecasts) == pytest.approx(sum(failed), rel=0.15)


def test_a_fit_from_other_payers_ranks_as_the_points_in_use(parts, monkeypatch):
    training, holdout = parts
    failed = [s.failed for s in holdout]
    ours = metrics.auc([-score(s.history).points for s in holdout], failed)
    figures = fit(training)
    for characteristic in CHARACTERISTICS:
        known = figures["POINTS"][characteristic.name][:-1]
        assert known == sorted(known, reverse=characteristic.worse_up)
    for name in ("POINTS", "BASE", "INTERCEPT", "SLOPE"):
        monkeypatch.setattr(score_points, name, figures[name])
    theirs = metrics.auc([-score(s.history).points for s in holdout], failed)
    assert theirs == pytest.approx(ours, abs=0.02)


def test_points_are_written_as_python(parts):
    scope = {}
    exec(score_fit.source(fit(parts[0][:2000])), scope)  # noqa: S102 - our own output
    assert set(scope["POINTS"]) == {c.name for c in CHARACTERISTICS}
    assert scope["SLOPE"] > 0


def test_another_day_lowers_the_true_risk(payers):
    tight = [p for p in generator.payers(3000, SEED) if p.kind == "tight"]
    choice = bench.judge_days(tight)
    assert choice.answered >= 20
    assert choice.after < choice.before
