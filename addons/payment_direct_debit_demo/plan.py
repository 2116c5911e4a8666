"""What the demo bank shall do with a debit, written as a line of text. No ORM.

    script  = attempt ; attempt ; ...   the first debit of a mandate follows the first attempt, the
                                        second one the second; the last attempt stays in force
    attempt = step , step , ...
    step    = word [: argument] [+ calendar days after the step before]

A step without days happens on the next TARGET day after the step before; the first settling step
on the day of the charge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from odoo.addons.payment_direct_debit.pure import target_calendar

# What happens while the debit is handed over, one step a call.
SENDING = {
    "lost_before": "the connection drops before the bank has read anything",
    "timeout": "as lost_before, but the client fails in a way that nobody foresaw",
    "lost": "the bank executes, the answer is lost",
    "retryable": "the bank is busy: argument, seconds to wait",
    "refuse": "the bank says no: argument, ISO code",
    "misconfigured": "our access is wrong",
    "wrong_amount": "the bank notes a cent too much",
}
# What happens when the bank is asked about a debit.
ASKING = {"silent": "the look-up gets no answer, once"}
# What happens at the bank as its days go by.
SETTLING = {
    "collect": "the money arrives",
    "pay_out": "the money is paid to us",
    "fail": "the debit is rejected: argument, ISO code",
    "return": "the debit comes back: argument, ISO code",
    "cancel": "the bank cancels the debit",
    "retry": "the bank takes the debit up again by itself",
    "unmapped": "the bank shows a status that nobody knows; at once when it is the first step",
}
WORDS = frozenset(SENDING) | frozenset(ASKING) | frozenset(SETTLING)
DEFAULT = "collect"

_STEP = re.compile(r"([a-z_]+)(?::(\w+))?(?:\+(\d{1,4}))?")


@dataclass(frozen=True)
class Step:
    """One thing that the bank does."""

    word: str
    argument: str = ""
    days: int = 0

    def __str__(self) -> str:
        argument = f":{self.argument}" if self.argument else ""
        return f"{self.word}{argument}{f'+{self.days}' if self.days else ''}"

    def date_after(self, day: date) -> date:
        """Return when this step happens, the step before having happened on `day`."""
        if self.days:
            return day + timedelta(days=self.days)
        return target_calendar.add_target_days(day, 1)


def parse(attempt: str) -> tuple[Step, ...]:
    """Read the steps of one attempt.

    :raise ValueError: for a word or a form that does not exist.
    """
    steps = []
    for text in filter(None, (part.strip() for part in attempt.split(","))):
        match = _STEP.fullmatch(text)
        if not match or match[1] not in WORDS:
            raise ValueError(f"“{text}” is no step of the demo bank")
        if match[1] == "retryable" and not (match[2] or "60").isdigit():
            raise ValueError(f"“{text}” needs a number of seconds")
        steps.append(Step(match[1], match[2] or "", int(match[3] or 0)))
    return tuple(steps)


def attempt_of(script: str, number: int) -> str:
    """Return what the `number`-th debit (from 0) of a mandate with this script follows."""
    attempts = [part.strip() for part in (script or DEFAULT).split(";")]
    return attempts[min(number, len(attempts) - 1)] or DEFAULT


def render(steps: tuple[Step, ...]) -> str:
    """Write steps as `parse` reads them."""
    return ",".join(map(str, steps))
