"""TARGET days."""

from datetime import date

import pytest

from sandbox.core.calendar import closing_days, is_working_day, roll_forward, shift


def test_closing_days_of_2026_are_those_of_the_ecb():
    weekdays = sorted(day for day in closing_days(2026) if day.weekday() < 5)
    assert weekdays == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize("day", [date(2026, 7, 14), date(2026, 5, 8), date(2026, 11, 11)])
def test_french_holidays_are_working_days_of_target(day):
    assert is_working_day(day)


def test_a_closed_day_rolls_to_the_next_working_day():
    assert roll_forward(date(2026, 4, 3)) == date(2026, 4, 7)
    assert roll_forward(date(2026, 4, 7)) == date(2026, 4, 7)


def test_working_days_are_counted_in_both_directions():
    assert shift(date(2026, 4, 2), 3) == date(2026, 4, 9)
    assert shift(date(2026, 4, 9), -3) == date(2026, 4, 2)
    assert shift(date(2026, 1, 3), 0) == date(2026, 1, 5)
