"""The months that the demo plays: they end today, whatever day it is.

The files of the demo are fixed, their dates are those of a play from 1 January 2026. They are
moved by whole months when they are read, so that days of the month stay what they are.
"""

from datetime import date

from dateutil.relativedelta import relativedelta

MONTHS = 6  # the current one is the last
WRITTEN_FOR = date(2026, 1, 1)
DATES = ("signed_on", "start_date", "end_date")


def first_day(today):
    """Return the first day of the play that ends today."""
    return today.replace(day=1) - relativedelta(months=MONTHS - 1)


def moved(rows, start):
    """Return rows of the demo's files, with their dates moved to a play that begins at `start`.

    :param list rows: dictionaries of texts, dates as YYYY-MM-DD.
    :param date start: the first day of the play, the first of a month.
    """
    since = relativedelta(start, WRITTEN_FOR)
    distance = relativedelta(months=since.years * 12 + since.months)
    return [
        {
            column: _moved(text, distance) if column in DATES and text else text
            for column, text in row.items()
        }
        for row in rows
    ]


def _moved(text, distance):
    day = date.fromisoformat(text)
    last = (day + relativedelta(days=1)).day == 1
    # The last day of a month stays the last day: a contract ends with its period.
    return str(day + distance + (relativedelta(day=31) if last else relativedelta()))
