"""The life of a debit as data, and the way from what we know to what the provider says."""

from __future__ import annotations

from odoo.addons.payment_direct_debit import seam

# Attempts that may still bring money, or have brought it: no other attempt for the same debt.
LIVE = ("draft", "submitting", "unknown", "submitted", "collected", "paid_out")
# Attempts whose end is not known yet.
OPEN = ("draft", "submitting", "unknown", "submitted")
MONEY_IN = ("collected", "paid_out")

TRANSITIONS = frozenset(
    {
        ("", "draft"),
        ("draft", "submitting"),
        ("draft", "cancelled"),
        ("draft", "failed"),  # refused by our own checks, before any call
        ("submitting", "draft"),  # surely not executed: may leave again, same key
        ("submitting", "unknown"),
        ("submitting", "submitted"),
        ("submitting", "failed"),
        ("unknown", "submitting"),  # re-sent with the same key
        ("unknown", "submitted"),
        ("unknown", "failed"),
        ("submitted", "collected"),
        ("submitted", "failed"),
        ("submitted", "cancelled"),
        ("collected", "paid_out"),
        ("collected", "returned"),
        ("paid_out", "returned"),
        # The provider takes the same debit up again (its own retry, a dispute won).
        ("failed", "submitted"),
        ("returned", "submitted"),
        ("returned", "collected"),
        # A person takes the provider's word for a debit that was cancelled here.
        ("cancelled", "submitted"),
    }
)

_ORDER = ("submitting", "submitted", "collected", "paid_out")
_TARGET = {
    seam.ACCEPTED: "submitted",
    seam.COLLECTED: "collected",
    seam.PAID_OUT: "paid_out",
}


def _forward(current: str, target: str) -> tuple[str, ...]:
    """The steps from `current` to `target` along the way that money takes."""
    position = {"unknown": 0, "failed": 0, "returned": 0}.get(current)
    if position is None:
        position = _ORDER.index(current)
    return _ORDER[position + 1 : _ORDER.index(target) + 1]


def path(current: str, status: str, forced: bool = False) -> tuple[str, ...] | None:
    """Return the transitions that bring a debit from `current` to a provider's `status`.

    Messages get lost: a provider may be several steps ahead, and each step has its effects
    (an entry, a return), so none is jumped over.

    :param current: our `debit_status`.
    :param status: one of `seam`'s debit statuses.
    :param forced: a person has decided that the provider is right where the two contradict.
    :return: the steps, empty when there is nothing to do; None when the two contradict each
        other, which a person must look at.
    """
    if current == "cancelled" and forced and status in _TARGET:
        return ("submitted", *_forward("submitted", _TARGET[status]))
    if current in ("", "draft", "cancelled"):
        return () if (current, status) == ("cancelled", seam.CANCELLED) else None
    if status in _TARGET:
        target = _TARGET[status]
        if current in MONEY_IN and status == seam.ACCEPTED:
            return None
        if current == "paid_out":
            return ()
        return _forward(current, target)
    if status in (seam.FAILED, seam.RETURNED):
        return _backward(current, status)
    if status == seam.CANCELLED:
        return _cancelled(current)
    return None


def _backward(current: str, status: str) -> tuple[str, ...]:
    if current in MONEY_IN:
        return ("returned",)  # a late failure is a return: the money had come
    if current == "returned" or (current == "failed" and status == seam.FAILED):
        return ()
    if status == seam.FAILED:
        return ("failed",)
    return (*_forward(current, "collected"), "returned")


def _cancelled(current: str) -> tuple[str, ...] | None:
    if current in MONEY_IN or current == "returned":
        return None
    if current == "failed":
        return ()
    return (*_forward(current, "submitted"), "cancelled")
