"""Do more debits fail than usual? Shares are exact fractions, so that no rounding decides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

# How sure it has to be that chance alone does not explain the rise, in standard deviations of a
# comparison of two proportions: three are passed by chance about once in a thousand looks.
SURE = 3
# A handful of failures is looked at one by one.
LEAST_FAILED = 5
# Who has no past to compare with is told from this share on: returns of SEPA debits stay well
# below it in any trade that goes on for long.
WITHOUT_PAST = Fraction(20, 100)


@dataclass(frozen=True)
class Counts:
    """First attempts of some days: how many were sent, how many of them failed or came back.

    What is still under way counts as sent, not as failed: failures are told sooner than successes
    by many a bank, and that must not look like a peak.
    """

    sent: int = 0
    failed: int = 0

    @property
    def share(self) -> Fraction:
        """The share that failed; zero where nothing was sent."""
        return Fraction(self.failed, self.sent) if self.sent else Fraction(0)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.sent + other.sent, self.failed + other.failed)


@dataclass(frozen=True)
class Settings:
    """`points`: percentage points above the usual share. `minimum`: debits sent at least."""

    points: int = 5
    minimum: int = 30


@dataclass(frozen=True)
class Peak:
    """`usual` is None where there is no past. `severe`: twice as far above as asked for."""

    share: Fraction
    usual: Fraction | None
    severe: bool


def peak(recent: Counts, past: Counts, settings: Settings) -> Peak | None:
    """Compare the last days with the time before them.

    :param Counts recent: the last days.
    :param Counts past: what is usual.
    :return: the peak, or None when nothing is out of the ordinary.
    """
    if recent.sent < max(settings.minimum, 1) or recent.failed < LEAST_FAILED:
        return None
    known = past.sent >= settings.minimum
    rise = recent.share - (past.share if known else WITHOUT_PAST)
    asked = Fraction(settings.points, 100)
    if not known:
        return Peak(recent.share, None, rise >= asked) if rise >= 0 else None
    if rise <= 0 or rise < asked or not _is_sure(recent, past):
        return None
    return Peak(recent.share, past.share, rise >= 2 * asked)


def _is_sure(recent: Counts, past: Counts) -> bool:
    """Tell whether two shares differ by more than chance (two-proportion z-test, pooled)."""
    pooled = (recent + past).share
    variance = pooled * (1 - pooled) * (Fraction(1, recent.sent) + Fraction(1, past.sent))
    return (recent.share - past.share) ** 2 >= SURE**2 * variance
