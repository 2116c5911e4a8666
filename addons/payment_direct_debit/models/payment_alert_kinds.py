"""What each kind of alert asks of a person, as data."""

from typing import NamedTuple

from odoo.tools import LazyTranslate
from odoo.tools.translate import LazyGettext

_lt = LazyTranslate(__name__)


class Kind(NamedTuple):
    """One kind of alert.

    `category`: one of `CATEGORIES`. `advice`: what to do, for somebody who sees it for the first
    time. `gone`: why the system closes it by itself. `remedies`: the button that leads on, by the
    model of the record; see `_remedy_<name>` of the alert.
    """

    category: str
    advice: LazyGettext
    gone: LazyGettext | str = ""
    remedies: dict = {}  # noqa: RUF012 - read only


CATEGORIES = [
    ("provider", "Providers"),
    ("debit", "Debits"),
    ("money", "Payouts and refunds"),
    ("client", "Clients and mandates"),
    ("dunning", "Dunning"),
]

# Why the system closes what needs no better reason.
GONE = _lt("The cause is gone.")

RESYNC = {"payment.transaction": "resync", "payment.event": "replay"}
EVENTS = {"payment.provider": "events"}

OTHER = Kind("debit", _lt("The message says what happened. Look at the record it is about."))

KINDS = {
    "unknown_status": Kind(
        "provider",
        _lt(
            "The provider used a status that this system does not know, so nothing was changed."
            " Look the payment or mandate up in the provider's dashboard, do what it asks for, and"
            " tell your administrator: the status has to be added."
        ),
        remedies=RESYNC,
    ),
    "amount_mismatch": Kind(
        "debit",
        _lt(
            "The provider holds another amount than the one that was asked for. Compare both with"
            " the invoice. If the client paid too much, refund the difference; if he paid too"
            " little, collect the rest."
        ),
        remedies=RESYNC,
    ),
    "drift": Kind(
        "debit",
        _lt(
            "The provider says something that contradicts what is known here. Check it in the"
            " provider's dashboard, then resync: the provider's word is taken and booked."
        ),
        _lt("Both sides agree again."),
        RESYNC,
    ),
    "not_applied": Kind(
        "debit",
        _lt(
            "The message says why what the provider told could not be taken over. Mend that"
            " (often a locked period or a missing account), then try again."
        ),
        remedies=RESYNC,
    ),
    "overpaid": Kind(
        "money",
        _lt(
            "Money came in although nothing was owed any more. It stands to the client's credit:"
            " agree with him whether it is refunded or kept for the next invoice."
        ),
    ),
    "provider_paused": Kind(
        "provider",
        _lt(
            "Nothing leaves by this provider until it is resumed. An administrator mends what the"
            " message names, checks the connection on the provider and resumes the debits."
        ),
        _lt("The provider was resumed."),
        {"payment.provider": "resume"},
    ),
    "two_attempts": Kind(
        "debit",
        _lt(
            "Two attempts on one debt are under way. Cancel one at the provider if it still can"
            " be; otherwise refund the second one as soon as both are collected."
        ),
        remedies=RESYNC,
    ),
    "payout_mismatch": Kind(
        "money",
        _lt(
            "The payout does not add up, or lacks an account to be booked on. Compare its items"
            " with the provider's statement, set the accounts on the provider, then read it again;"
            " it is also read again every day."
        ),
        _lt("The payout adds up and is booked."),
    ),
    "unmatched": Kind(
        "money",
        _lt(
            "The provider reports something that was not made here. Find out in its dashboard who"
            " made it; book it by hand if the money is yours."
        ),
    ),
    "paid_twice": Kind(
        "money",
        _lt(
            "The client got the same money back twice: by your refund and by his bank. Write to"
            " him and claim it back, or dispute the return through the provider."
        ),
    ),
    "refund_failed": Kind(
        "money",
        _lt(
            "The client did not get the money. Ask for the account that he wants to be paid on"
            " and send it by bank transfer, or make a new refund."
        ),
    ),
    "missed_news": Kind(
        "provider",
        _lt(
            "The debits are up to date now, but their notifications never came. Have the address"
            " and the secret of the webhook checked in the provider's dashboard."
        ),
        remedies=EVENTS,
    ),
    "unknown_long": Kind(
        "debit",
        _lt(
            "The debit was sent and no answer came back. Do not collect it by another way: it may"
            " have gone through. It is looked up every few minutes; if the provider's dashboard"
            " shows it, resync, otherwise ask the provider."
        ),
        _lt("The outcome is known."),
        RESYNC,
    ),
    "submitted_long": Kind(
        "debit",
        _lt(
            "The day of the debit is long past and the provider has not said what became of it."
            " Look it up in the provider's dashboard and ask the provider."
        ),
        _lt("The provider has given its last word."),
        RESYNC,
    ),
    "webhook_silent": Kind(
        "provider",
        _lt(
            "Nothing is lost, events are also read every hour, only later. Have the webhook"
            " checked in the provider's dashboard: is it active, are its deliveries refused, is"
            " its address the one in the message?"
        ),
        _lt("The notifications are back."),
        EVENTS,
    ),
    "payout_missing": Kind(
        "money",
        _lt(
            "The provider says that it paid, and the bank statement does not show it. Import the"
            " newest statement, or match by hand where the amount or the reference differs; else"
            " ask the provider."
        ),
        _lt("The payout has arrived."),
        {"payment.payout": "match"},
    ),
}
