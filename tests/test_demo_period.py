"""The demo ends today: the dates of its files are moved by whole months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo import period


def moved(day, start):
    [row] = period.moved([{"signed_on": str(day), "client": "C1"}], start)
    assert row["client"] == "C1"
    return date.fromisoformat(row["signed_on"])


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 23), date(2026, 6, 1)),
        (date(2026, 6, 30), date(2026, 1, 1)),
        (date(2027, 1, 1), date(2026, 8, 1)),
        (date(2028, 2, 29), date(2027, 9, 1)),
    ],
)
def test_the_play_has_six_months_and_the_current_one_is_the_last(today, first):
    assert period.first_day(today) == first


def test_a_play_from_the_first_of_january_2026_reads_the_files_as_they_are():
    rows = [{"start_date": "2025-09-01", "end_date": ""}]
    assert period.moved(rows, date(2026, 1, 1)) == rows


def test_the_last_day_of_a_month_stays_the_last_day():
    assert moved(date(2026, 2, 28), date(2026, 6, 1)) == date(2026, 7, 31)
    assert moved(date(2025, 12, 31), date(2026, 3, 1)) == date(2026, 2, 28)


def test_a_day_that_the_month_does_not_have_becomes_its_last():
    assert moved(date(2026, 1, 30), date(2026, 2, 1)) == date(2026, 2, 28)


@given(
    day=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    later=st.integers(0, 40),
    months=st.integers(0, 60),
)
def test_moving_keeps_the_order_of_days(day, later, months):
    start = date(2026 + months // 12, months % 12 + 1, 1)
    after = date.fromordinal(day.toordinal() + later)
    assert moved(day, start) <= moved(after, start)
