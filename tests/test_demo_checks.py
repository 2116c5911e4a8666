"""The demo's verdict on what was asked of the providers."""

import pytest

from demo import checks, summary

RIGHT = {"validated": 4812, "violations": 0, "first": []}
ENTRY = {"number": 7, "method": "POST", "path": "/x", "violations": ["body.amount: not integer"]}
WRONG = {"validated": 4812, "violations": 1, "first": [ENTRY]}


def test_no_violation_is_ok():
    result = checks.as_published({"one": {"shapes": RIGHT}, "two": {"shapes": RIGHT}})
    assert result.ok
    assert result.detail == "9624 requests validated, violations: 0"


def test_a_violation_is_not_ok_and_is_shown():
    result = checks.as_published({"one": {"shapes": RIGHT}, "two": {"shapes": WRONG}})
    assert not result.ok
    assert result.problems[-1] == "two: POST /x: body.amount: not integer"


@pytest.mark.parametrize("side", [{}, {"shapes": {**RIGHT, "validated": 0}}])
def test_nothing_validated_is_not_ok(side):
    assert not checks.as_published({"one": side}).ok


def test_the_summary_has_a_line_for_each_provider():
    out = []
    summary.requests({"two": {"shapes": WRONG}, "one": {"shapes": RIGHT}}, out)
    assert out[1:] == [
        "Requests validated against the published shapes: 4,812, violations: 0 (one)",
        "Requests validated against the published shapes: 4,812, violations: 1 (two)",
    ]
