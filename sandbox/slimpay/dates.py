"""Dates as SlimPay writes them: UTC with milliseconds; a day is its midnight in Paris."""

import re
from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}$")


def stamp(moment: datetime) -> str:
    """A naive UTC moment, such as ``2026-11-22T10:00:00.111+0000``."""
    return moment.isoformat(timespec="milliseconds") + "+0000"


def midnight(day: date) -> str:
    """The midnight in Paris that begins ``day``, in UTC."""
    local = datetime.combine(day, time(), PARIS)
    return stamp(local.astimezone(timezone.utc).replace(tzinfo=None))


def parse(text: object) -> datetime:
    """The moment of a request, aware; ValueError when the format is another one."""
    if not isinstance(text, str) or not STAMP.match(text):
        raise ValueError(f"{text!r} is not YYYY-MM-DDTHH:MM:SS.mmm+0000")
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def day_of(text: object) -> date:
    """The day in Paris of a moment; ValueError when the format is wrong."""
    return parse(text).astimezone(PARIS).date()


def normal(text: object) -> str:
    """A moment in the form in which documents hold it, so that texts compare like moments."""
    return stamp(parse(text).astimezone(timezone.utc).replace(tzinfo=None))
