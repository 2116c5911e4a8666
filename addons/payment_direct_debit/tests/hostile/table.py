"""The rows of the table by what a test class needs to run them."""

from .accounts import Accounts
from .answers import Answers
from .clients import Clients
from .money import Money
from .payouts import Payouts
from .records import Records
from .returns import Returns
from .sending import Sending
from .sound import Sound
from .webhooks import Bodies, Senders
from .workers import Workers

__all__ = ["Clients", "Debits", "Notifications", "Sound", "Workers"]


class Debits(Answers, Sending, Returns, Money, Payouts, Accounts, Records):
    """With a provider's world and `Sound`."""


class Notifications(Senders, Bodies):
    """With a provider's world, `Sound` and `HttpCase`."""
