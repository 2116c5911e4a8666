"""Moving a debit to another day as arithmetic: when it would be presented, sent, and announced.

Sources: SDD Core rulebook (EPC016-06), pre-notification PT-04.05; a debit is presented on a TARGET
day and handed over the provider's lead time before, until the cut-off.

Dates are calendar dates; moments are aware, in the timezone of the cut-off.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from odoo.addons.payment_collection.pure import notices
from odoo.addons.payment_collection.pure.debit_calendar import roll_back
from odoo.addons.payment_direct_debit.pure import target_calendar

TOO_SOON = "too_soon"  # for the provider
NOT_ANNOUNCED_IN_TIME = "notice"


@dataclass(frozen=True)
class Channel:
    """What the way of a debit asks for.

    :param lead_days: TARGET days between handing over and due date.
    :param cutoff: local time until which a debit counts as of that day.
    :param notice_days: calendar days between notice and debit; 0 where we announce nothing.
    :param run_lead_days: the longest lead time of the company's providers: its runs take for all.
    """

    lead_days: int
    cutoff: time
    notice_days: int
    run_lead_days: int


@dataclass(frozen=True)
class Timing:
    """When what happens to a debit that is due on a day.

    :param presented: the day on which it is debited.
    :param run_day: the day of the run that takes it.
    :param last_submission: the last day on which, before the cut-off, it can be handed over.
    :param announce_by: the last day of a notice; None where we announce nothing.
    :param problem: why the day is impossible, or None.
    :param first_possible: the first day that is possible.
    """

    presented: date
    run_day: date
    last_submission: date
    announce_by: date | None
    problem: str | None
    first_possible: date


def run_day(due: date, lead_days: int, not_before: date) -> date:
    """Return the day of the daily run that takes a debit due on a day.

    A run takes what is due before the TARGET day after the one that it reaches: what is due on a
    closed day leaves with what is due on the working day before, and is presented after it.

    :param lead_days: the longest lead time of the company's providers.
    :param not_before: the first day on which a run can take it.
    """
    return max(target_calendar.add_target_days(roll_back(due), -lead_days), not_before)


def timing(due: date, now: datetime, channel: Channel, run_is_over: bool = False) -> Timing:
    """Return what follows from moving a debit to a day.

    :param due: the day that is asked for, a closed one perhaps.
    :param now: aware moment; a notice that is needed leaves on its day at the earliest.
    :param run_is_over: today's run has been; the next one takes what is moved now.
    """
    handover = _next_morning(now) if run_is_over else now
    presented = target_calendar.roll_forward(due)
    earliest = target_calendar.earliest_due_date(handover, channel.lead_days, channel.cutoff)
    first_run = target_calendar.earliest_due_date(handover, 0, channel.cutoff)
    told, announce_by = earliest, None
    if channel.notice_days:
        told = notices.first_debit_date(now.date(), channel.notice_days)
        announce_by = notices.latest_notice_day(presented, channel.notice_days)
    problem = None
    if presented < earliest:
        problem = TOO_SOON
    elif presented < told:
        problem = NOT_ANNOUNCED_IN_TIME
    return Timing(
        presented=presented,
        run_day=run_day(due, channel.run_lead_days, first_run),
        last_submission=target_calendar.latest_submission_date(due, channel.lead_days),
        announce_by=announce_by,
        problem=problem,
        first_possible=max(earliest, told),
    )


def _next_morning(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
