"""Payer score: derives its points from the training part of the generated payers."""

from __future__ import annotations

import argparse

from bench.payers import ADDON, generator
from bench.payers import samples as sampling
from bench.payers.fitting import fit

TARGET = ADDON / "pure" / "score_points.py"
COUNT = 6000
SEED = 20260101

HEAD = '''"""The points of the payer scorecard; written by `./vision bench score_fit --write`.

For each characteristic: the points of its bands in their order, the last one for nothing known.
The method is that of `bench/payers/fitting.py`. TYPICAL are the points that most debits get.
"""

'''


def source(figures: dict) -> str:
    """Return the figures as a Python module."""
    points = ",\n".join(f'    "{n}": {tuple(v)}' for n, v in figures["POINTS"].items())
    typical = ",\n".join(f'    "{n}": {v}' for n, v in figures["TYPICAL"].items())
    return (
        f"{HEAD}POINTS = {{\n{points},\n}}\nTYPICAL = {{\n{typical},\n}}\n"
        f"BASE = {figures['BASE']}\n"
        "# ln(odds of a failure) = INTERCEPT - SLOPE * score.\n"
        f"INTERCEPT = {figures['INTERCEPT']}\nSLOPE = {figures['SLOPE']}\n"
    )


def main() -> int:
    """Fit; print, compare or write the points. 1 when those in use are others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help=f"write {TARGET.name}")
    arguments = parser.parse_args()
    people = generator.payers(arguments.clients, arguments.seed)
    training, _ = sampling.split(sampling.samples(people))
    text = source(fit(training))
    print(text)
    if arguments.write:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    same = TARGET.read_text(encoding="utf-8") == text
    print("These are the points in use." if same else "The points in use are others (see --write).")
    return not same


if __name__ == "__main__":
    raise SystemExit(main())
