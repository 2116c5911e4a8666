"""Derives the points of the scorecard from samples, in plain Python.

1. A logistic regression of the failures on the bands. Each band has one factor, for the step from
   the better band beside it, so that a factor below zero would turn the card around: those are left
   out, worst first, and the rest is fitted again (active set). What is left rises or falls the way
   the card says. A small ridge keeps bands that are hardly ever seen near their neighbour.
2. The factors, summed up from the best band on, stretched to 0..100 and rounded, are the points.
3. The link from points to probability is fitted anew, on the rounded points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import exp

from bench.payers.pure.score import CHARACTERISTICS, NOTHING_KNOWN, Characteristic
from bench.payers.samples import Sample

RIDGE = 1.0
STEPS = 30
CLOSE_ENOUGH = 1e-7
INTERCEPT_COLUMN = 0


def fit(samples: Sequence[Sample]) -> dict:
    """Return POINTS, TYPICAL, BASE, INTERCEPT and SLOPE of `score_points.py`."""
    failed = [sample.failed for sample in samples]
    bands = [[c.band(s.history) for c in CHARACTERISTICS] for s in samples]
    columns = _columns()
    points = _points(_risks(columns, _factors(columns, bands, failed)))
    base = 100 - sum(max(values) for values in points)
    scores = [
        base + sum(values[band] for values, band in zip(points, row, strict=True)) for row in bands
    ]
    intercept, slope = _link(scores, failed)
    names = [characteristic.name for characteristic in CHARACTERISTICS]
    seen = zip(*bands, strict=True)
    return {
        "POINTS": dict(zip(names, points, strict=True)),
        "TYPICAL": {
            name: Counter(values[band] for band in column).most_common(1)[0][0]
            for name, values, column in zip(names, points, seen, strict=True)
        },
        "BASE": base,
        "INTERCEPT": round(intercept, 4),
        "SLOPE": round(slope, 5),
    }


def steps(characteristic: Characteristic, band: int) -> list[int]:
    """Return which steps away from the best band lie between it and a band."""
    if band == NOTHING_KNOWN:
        return [NOTHING_KNOWN]
    if characteristic.worse_up:
        return list(range(1, band + 1))
    return list(range(characteristic.bands - 2, band - 1, -1))


def _columns():
    """Number the factors: one a step of each characteristic; the intercept has number 0."""
    columns = {}
    for place, characteristic in enumerate(CHARACTERISTICS):
        worst = characteristic.bands - 1 if characteristic.worse_up else 0
        for step in [*steps(characteristic, worst), NOTHING_KNOWN]:
            columns[place, step] = len(columns) + 1
    return columns


def _factors(columns, bands, failed):
    """Fit one factor for each column; none is below zero."""
    # Debits alike in all bands are one row.
    alike = Counter((tuple(row), bad) for row, bad in zip(bands, failed, strict=True))
    kept = set(columns.values())
    while True:
        table = []
        for (row, bad), number in alike.items():
            active = [INTERCEPT_COLUMN]
            for place, band in enumerate(row):
                for step in steps(CHARACTERISTICS[place], band):
                    if columns[place, step] in kept:
                        active.append(columns[place, step])
            table.append((active, [1.0] * len(active), bad, number))
        beta = _logistic(table, len(columns) + 1)
        lowest = min(kept, key=lambda column: beta[column])
        if beta[lowest] >= 0:
            return beta
        kept.remove(lowest)


def _risks(columns, beta):
    """Sum the steps up: what each band adds to the log odds of a failure."""
    return [
        [
            sum(beta[columns[place, step]] for step in steps(characteristic, band))
            for band in [*range(characteristic.bands), NOTHING_KNOWN]
        ]
        for place, characteristic in enumerate(CHARACTERISTICS)
    ]


def _points(risks):
    """Stretch to 0..100: the worst band of a characteristic has 0 points."""
    stretch = 100 / sum(map(max, risks))
    return [[round((max(values) - value) * stretch) for value in values] for values in risks]


def _link(scores, failed):
    """Return intercept and slope of the log odds of a failure by points."""
    rows = Counter(zip(scores, failed, strict=True))
    table = [([0, 1], [1.0, -score / 100], bad, n) for (score, bad), n in rows.items()]
    intercept, slope = _logistic(table, 2, ridge=0.0)
    return intercept, slope / 100


def _logistic(table, size, ridge=RIDGE):
    """Fit a logistic regression by Newton steps.

    :param table: (columns that are not zero, their values, failed, how often) for each row.
    :return: the factors; zero for columns that no row has. The intercept has no ridge.
    """
    beta = [0.0] * size
    for _ in range(STEPS):
        penalties = [0.0] + [ridge] * (size - 1)
        gradient = [-p * b for p, b in zip(penalties, beta, strict=True)]
        hessian = [[penalties[i] * (i == j) for j in range(size)] for i in range(size)]
        for active, values, bad, number in table:
            logit = sum(beta[i] * x for i, x in zip(active, values, strict=True))
            p = 1 / (1 + exp(-logit))
            rest, spread = number * (bad - p), number * p * (1 - p)
            for i, x in zip(active, values, strict=True):
                gradient[i] += rest * x
                line, part = hessian[i], spread * x
                for j, y in zip(active, values, strict=True):
                    line[j] += part * y
        step = _solve(hessian, gradient)
        beta = [b + s for b, s in zip(beta, step, strict=True)]
        if max(map(abs, step)) < CLOSE_ENOUGH:
            break
    return beta


def _solve(matrix, vector):
    """Solve a small system of equations (Gauss with pivots)."""
    size = len(vector)
    rows = [[*line, value] for line, value in zip(matrix, vector, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda r, c=column: abs(rows[r][c]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for other in range(size):
            if other != column:
                share = rows[other][column] / rows[column][column]
                rows[other] = [
                    a - share * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return [rows[i][size] / rows[i][i] for i in range(size)]
