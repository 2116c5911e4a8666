from datetime import date

import pytest

from odoo.addons.payment_collection.pure import cohorts

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def test_months_are_counted_over_the_turn_of_the_year():
    assert cohorts.months_between(date(2025, 11, 30), date(2026, 2, 1)) == 3
    assert cohorts.months_between(date(2026, 2, 28), date(2026, 2, 1)) == 0
    assert cohorts.months_between(date(2026, 2, 1), date(2026, 1, 31)) == -1


def test_every_month_that_has_begun_has_a_cell_and_no_other():
    rows = cohorts.table({MARCH: 5, JANUARY: 4}, [], date(2026, 3, 31), 13)
    assert [(row["cohort"], len(row["cells"])) for row in rows] == [
        ("2026-01-01", 3),
        ("2026-03-01", 1),
    ]


def test_a_month_without_payments_is_zero_not_missing():
    facts = [(JANUARY, 0, 4, 400.0, 1.0), (JANUARY, 2, 1, 80.0, 0.5)]
    [row] = cohorts.table({JANUARY: 4}, facts, MARCH, 13)
    assert [cell["share"] for cell in row["cells"]] == [1.0, 0.0, 0.25]
    assert row["cells"][1] == {
        "months": 1,
        "paying": 0,
        "share": 0.0,
        "collected": 0.0,
        "rate": None,
    }
    assert row["cells"][2]["rate"] == 0.5


def test_no_more_columns_than_asked_for():
    [row] = cohorts.table({date(2020, 1, 1): 4}, [], MARCH, 13)
    assert [cell["months"] for cell in row["cells"]] == list(range(13))


def test_more_payers_than_clients_is_an_error():
    with pytest.raises(ValueError, match="5 of 4"):
        cohorts.table({JANUARY: 4}, [(JANUARY, 0, 5, 1.0, 1.0)], MARCH, 13)


def test_the_average_weighs_clients_and_leaves_young_cohorts_out():
    facts = [(JANUARY, 0, 90, 1.0, 1.0), (JANUARY, 1, 45, 1.0, 1.0), (FEBRUARY, 0, 10, 1.0, 1.0)]
    rows = cohorts.table({JANUARY: 90, FEBRUARY: 10}, facts, FEBRUARY, 3)
    assert cohorts.averages(rows, 3) == [1.0, 0.5, None]
